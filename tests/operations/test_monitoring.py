"""What machines read of the nights: verdicts, the report, metrics, the ping."""

import errno
import io
import json
import re
import sqlite3
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lms_sync.cli.plain_signs import write_what_the_terminal_can
from lms_sync.errors import ConfigError, Locked, Terminated
from lms_sync.model.run import RunRecord
from lms_sync.operations.monitoring import ping
from lms_sync.operations.monitoring.health import Health, HealthVerdict, SourceHealth, check_line, judge_health
from lms_sync.operations.monitoring.metrics import metrics_text, write_metrics
from lms_sync.operations.monitoring.night_report import night_json, write_reports
from lms_sync.operations.monitoring.ping import announced
from lms_sync.operations.watch import damage_findings, first_of_its_week
from lms_sync.workspace.settings.config import Config, Settings
from tests.mail.scripted_web import Asked, Reply, serving
from tests.operations.night_files import NAMES, SETTINGS
from tests.operations.night_town import Town

Shape = Any
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
NIGHT = RunRecord(1, "nightly", NOW - timedelta(hours=6), NOW - timedelta(hours=5), 0)
UNFINISHED = replace(NIGHT, finished_at=None, exit_code=None)
SOUND = Health(
    NOW,
    NIGHT,
    (SourceHealth("esd", NOW - timedelta(hours=6), NOW - timedelta(hours=6), "stored"),),
    {"claim": 2},
    {"held": 1, "sent": 7, "unknown": 0, "failed": 3},
    {"held": 1, "sent": 2, "unknown": 0, "failed": 0},
)


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ({}, HealthVerdict.OK, ""),
        ({"last": replace(NIGHT, exit_code=1)}, HealthVerdict.OK, ""),
        ({"last": replace(NIGHT, exit_code=2)}, HealthVerdict.WARNING, "exit code 2"),
        ({"last": replace(NIGHT, exit_code=3)}, HealthVerdict.WARNING, "exit code 3"),
        ({"last": replace(NIGHT, exit_code=4)}, HealthVerdict.CRITICAL, "safety"),
        ({"last": replace(NIGHT, exit_code=5)}, HealthVerdict.CRITICAL, "exit code 5"),
        ({"last": UNFINISHED, "runs": True}, HealthVerdict.OK, ""),
        ({"last": UNFINISHED}, HealthVerdict.CRITICAL, "did not finish"),
        (
            {"last": replace(UNFINISHED, started_at=NOW - timedelta(hours=7)), "runs": True},
            HealthVerdict.CRITICAL,
            "has run for 7 h and not finished",
        ),
        ({"last": replace(NIGHT, started_at=NOW - timedelta(hours=27))}, HealthVerdict.CRITICAL, "27 h ago"),
        ({"last": replace(NIGHT, started_at=NOW + timedelta(days=40))}, HealthVerdict.CRITICAL, "a time to come"),
        ({"last": None}, HealthVerdict.CRITICAL, "no night"),
        ({"sources": (SourceHealth("esd", None, NOW, "failed"),)}, HealthVerdict.WARNING, "esd"),
        ({"current": {"unknown": 1}}, HealthVerdict.WARNING, "messages unknown: 1"),
        ({"current": {"failed": 2}}, HealthVerdict.WARNING, "messages failed: 2"),
        ({"outbox": {"failed": 2}}, HealthVerdict.OK, "failed=0"),
    ],
)
def test_what_monitoring_is_told(change: Mapping[str, object], verdict: HealthVerdict, words: str) -> None:
    health = replace(SOUND, **change)  # type: ignore[arg-type]
    found, line = check_line(health)
    assert (found, judge_health(health)[0]) == (verdict, verdict)
    assert words in line
    assert line.startswith(f"LMS_SYNC {verdict.name} - ")
    assert " | age=" in line
    assert "\n" not in line


def test_the_metrics_name_each_figure_once_with_help_and_type(tmp_path: Path) -> None:
    health = replace(SOUND, waiting={'a "b"\\': 1})
    text = metrics_text(health)
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert f"lms_sync_night_started_timestamp_seconds {NIGHT.started_at.timestamp():.0f}" in text
    assert 'lms_sync_findings_waiting{area="a \\"b\\"\\\\"} 1' in text
    assert text.endswith("\n")
    write_metrics(tmp_path / "lms.prom", health)
    assert (tmp_path / "lms.prom").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["lms.prom"]


INSTANT = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
HEALTH: Shape = {
    **{"at": INSTANT, "verdict": "ok|warning|critical", "troubles": [str]},
    "last_night": {"started": INSTANT, "finished": INSTANT, "exit_code": int},
    "sources": [
        {"name": str, "stored": INSTANT, "tried": INSTANT, "outcome": "stored|incomplete|failed|safety stop"}
    ],
    **{"waiting": {str: int}, "outbox": {str: int}},
}
SHAPE: Shape = {
    **{"schema": "1", "district": str, "exit_code": int, "health": HEALTH},
    "read": [
        {"source": str, "stored": bool, "stopped": bool, "files": int, "unchanged": int, "items": {str: int}},
    ],
    **{"new_findings": {str: int}, "people": {str: int}, "newly_overdue": int, "messages": {str: int}},
    "log_head": r"\d+:[0-9a-f]{16}",
}
"""What night.json holds: a type, a pattern, [of each], {any key: of each}, or the very keys of an object."""


def assert_shape(found: object, shape: Shape, where: str) -> None:
    match shape:
        case str():
            assert re.fullmatch(shape, str(found)), where
        case type():
            assert type(found) is shape, where
        case list():
            assert isinstance(found, list), where
            for number, part in enumerate(found):
                assert_shape(part, shape[0], f"{where}[{number}]")
        case dict():
            assert isinstance(found, dict), where
            any_key = shape.get(str)
            assert any_key is not None or found.keys() == shape.keys(), where
            for key, part in found.items():
                assert_shape(part, shape[key] if any_key is None else any_key, f"{where}.{key}")


def test_the_shape_of_a_nights_report_is_stated_key_by_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    table = text.split("leaves `out/night.json`")[1].split("It holds counts")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    assert {key for keys, _ in rows for key in re.findall(r"`(\w+)`", keys)} == set(SHAPE)
    (health,) = [words for keys, words in rows if "`health`" in keys]
    assert set(re.findall(r"`(\w+)`", health)) == set(HEALTH)


def test_a_night_leaves_its_report_without_a_name(settled: Town) -> None:
    settled.write("lms_sync.toml", SETTINGS + '\n[monitoring]\nmetrics_file = "lms.prom"\n')
    night = settled.night(hours=20)
    with settled.workspace() as workspace:
        assert write_reports(workspace, night) == ()
        report = night_json(workspace, night)
    written = (settled.folder / "out" / "night.json").read_text(encoding="utf-8")
    assert_shape(json.loads(written), SHAPE, "night.json")
    assert sum(report["people"].values()) == len(NAMES)
    assert {source["source"] for source in report["read"]} == {"class", "log"}
    assert not any(name in written for names in NAMES.values() for name in names)
    assert "lms_sync_night_exit_code 0" in (settled.folder / "lms.prom").read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_said(settled: Town) -> None:
    settled.write("out", "a file")
    night = settled.night(hours=20)
    with settled.workspace() as workspace:
        (sentence,) = write_reports(workspace, night)
    assert "night.json" in sentence


def config(folder: Path, address: str) -> Config:
    (folder / "ping").write_text(address, encoding="utf-8")
    district = {"id": "lincoln", "name": "Lincoln", "zone": "UTC", "hr": ["hr@example.org"], "contact": "HR"}
    settings = {"district": district, "mail": {"sender": "hr@example.org"}, "monitoring": {"ping_file": "ping"}}
    return Config(folder=folder, settings=Settings.model_validate(settings))


@pytest.mark.parametrize(("code", "path"), [(0, "/x/0"), (1, "/x/0"), (3, "/x/3"), (5, "/x/5")])
def test_the_watching_service_hears_the_beginning_and_the_end(tmp_path: Path, code: int, path: str) -> None:
    with serving(lambda _: Reply(200)) as web, announced(config(tmp_path, f"{web.address}/x/")) as ending:
        ending.exit_code = code
    assert web.paths() == ["POST /x/start", f"POST {path}"]


@pytest.mark.parametrize(
    ("error", "paths"),
    [
        (ConfigError("no"), ["/x/start", "/x/2"]),
        (Locked("held"), ["/x/start"]),
        (ZeroDivisionError(), ["/x/start", "/x/5"]),
        (OSError(errno.ENOSPC, "No space left on device"), ["/x/start", "/x/2"]),
        (KeyboardInterrupt(), ["/x/start", "/x/130"]),
        (Terminated(), ["/x/start", "/x/143"]),
    ],
)
def test_a_night_that_breaks_off_is_told_too(tmp_path: Path, error: BaseException, paths: list[str]) -> None:
    with (
        serving(lambda _: Reply(200)) as web,
        pytest.raises(type(error)),
        announced(config(tmp_path, f"{web.address}/x")),
    ):
        raise error
    assert [asked.path for asked in web.asked] == paths


@pytest.mark.parametrize("script", [lambda _: Reply(500), lambda _: Reply(0)])
def test_a_service_that_is_away_is_no_trouble_of_the_night(
    tmp_path: Path, script: object, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(asked: Asked) -> Reply:
        return script(asked)  # type: ignore[no-any-return, operator]

    with serving(answer) as web, announced(config(tmp_path, f"{web.address}/secret")) as ending:
        ending.exit_code = 0
    assert "was not told" in caplog.text
    assert "secret" not in caplog.text


def test_a_service_that_drips_holds_no_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(ping, "SECONDS", 0.05)
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: ended.wait())
    with announced(config(tmp_path, "http://127.0.0.1:9/x")) as ending:
        ending.exit_code = 0
    ended.set()
    assert caplog.text.count("was not told (TimeoutError)") == 2


def test_an_address_that_is_missing_costs_no_night(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """FAULTS: without the file of the ping's address no night ran at all."""
    without = config(tmp_path, "x")
    (tmp_path / "ping").unlink()
    with announced(without) as ending:
        ending.exit_code = 0
    assert "there is no file ping" in caplog.text


def test_nothing_is_told_where_no_service_is_named_or_the_address_is_none(tmp_path: Path) -> None:
    with announced(config(tmp_path, "file:///etc/passwd")) as ending:
        ending.exit_code = 0


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "latin-1"])
def test_a_terminal_of_another_encoding_gets_plainer_signs(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding=encoding, write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    write_what_the_terminal_can()
    print("lms-sync: “Núñez” → mend it… ✗ ✓ 日")
    text = content.getvalue().decode(encoding)
    assert "-> mend it..." in text
    assert text.rstrip().endswith("x + ?")


@pytest.mark.parametrize(
    ("day", "last", "number"),
    [
        (date(2026, 11, 23), None, 1),
        (date(2026, 11, 23), date(2026, 11, 22), 1),
        (date(2026, 11, 25), date(2026, 11, 20), 1),
        (date(2026, 11, 29), date(2026, 11, 23), 0),
        (date(2027, 1, 3), date(2026, 12, 29), 0),
        (date(2027, 11, 23), date(2026, 11, 23), 1),
    ],
)
def test_a_weeks_first_night_looks_the_pages_over_whatever_its_day(day: date, last: date | None, number: int) -> None:
    """FAULTS: they were looked over on Sundays, so a machine that was off then never did."""
    assert int(first_of_its_week(day, last)) == number


def test_damaged_pages_are_a_finding_and_sound_ones_none(tmp_path: Path) -> None:
    sound, damaged = tmp_path / "sound.db", tmp_path / "damaged.db"
    with closing(sqlite3.connect(sound)) as connection:
        connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(50000));")
    content = bytearray(sound.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    damaged.write_bytes(content)
    assert damage_findings(sound) == damage_findings(None) == ()
    assert [finding.code for finding in damage_findings(damaged)] == ["database-damaged"]
