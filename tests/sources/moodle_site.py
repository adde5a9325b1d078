"""A Moodle on loopback that answers with the recordings."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lms_sync.sources.http.endpoint import Clock
from lms_sync.sources.moodle.source import Moodle, from_settings
from lms_sync.workspace.settings.sources import MoodleSettings
from tests.sources.fault_server import Ask, Reply
from tests.sources.sample_files import PACIFIC, layout_named

RECORDINGS = Path(__file__).parent / "recordings" / "moodle"
TOKEN = "0123456789abcdef0123456789abcdef"
REPORT = "LMS sync: statutory completions"
RESET = "core_reportbuilder_filters_reset"


def recording(name: str) -> Any:
    """Return a recorded answer."""
    return json.loads((RECORDINGS / name).read_text(encoding="utf-8"))


def json_reply(value: Any) -> Reply:
    """Return a reply with a value as Moodle writes it."""
    return Reply(body=json.dumps(value).encode())


@dataclass(slots=True)
class FakeMoodle:
    """Its answers by function; a test changes them."""

    answers: dict[str, Callable[[Ask], Any]] = field(default_factory=dict)

    def __call__(self, ask: Ask) -> Reply:
        """Return what Moodle would answer."""
        assert ask.method == "POST"
        assert not ask.query, "the token must not stand in an address"
        assert ask.form["moodlewssettinglang"] == "en"
        if ask.form.get("wstoken") != TOKEN:
            return json_reply(recording("errors/bad_token.json"))
        known = self.answers.get(ask.form["wsfunction"])
        return json_reply(known(ask) if known else recording("errors/function_not_in_service.json"))


def pages_of(report: Mapping[str, Any], *, forced: str = "", cap: int = 5000) -> Callable[[Ask], Any]:
    """Return what answers for a whole report (its times in UTC) page by page, in the zone that is asked for.

    `forced` is the zone that the site forces on everybody, `cap` the most rows that it gives at once.
    """

    def page(ask: Ask) -> Any:
        number, size = int(ask.form["page"]), min(int(ask.form["perpage"]), cap)
        rows = report["data"]["rows"][number * size : (number + 1) * size]
        zone = forced or ask.form["moodlewssettingtimezone"]
        told = [{"columns": [in_zone(cell, zone) for cell in row["columns"]]} for row in rows]
        return {**report, "data": {**report["data"], "rows": told}}

    return page


def in_zone(cell: str | None, zone: str) -> str | None:
    """Return a cell as the site tells it in a zone; only instants change, and stay in the words of their pack."""
    for form in ("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p"):
        with suppress(ValueError):
            at = datetime.strptime(cell or "", form).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
            return cell if zone == "UTC" else at.strftime(form)
    return cell


def report_site() -> FakeMoodle:
    """Return a Moodle with the recorded report, its service complete."""
    info = recording("ws/site_info.json")
    info["functions"].append({"name": RESET, "version": "2024100706"})
    return FakeMoodle(
        {
            "core_webservice_get_site_info": lambda ask: info,
            "core_reportbuilder_list_reports": lambda ask: recording("ws/reports_list.json"),
            RESET: lambda ask: True,
            "core_reportbuilder_retrieve_report": pages_of(recording("ws/report.json")),
        }
    )


def moodle_at(url: str, clock: Clock | None = None, *, token: str = TOKEN, **more: Any) -> Moodle:
    """Return the source of a [[source]] section with `more` keys."""
    keys = {"name": "esd", "kind": "moodle", "url": url, "token_env": "LMS_SYNC_TOKEN", "report": REPORT, "rows": 10}
    settings = MoodleSettings.model_validate({**keys, **more})
    layouts = {"moodle-custom-report": layout_named("moodle-custom-report")}
    source = from_settings(settings, folder=Path(), layouts=layouts, district_zone=PACIFIC)
    endpoint = replace(source.endpoint, clock=clock) if clock else source.endpoint
    return replace(source, endpoint=endpoint, token=lambda: token)
