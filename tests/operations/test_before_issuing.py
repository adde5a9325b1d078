"""No evidence yet is not evidence of nothing: what must be there before anything leaves, and who waits for what."""

import json
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError, UsageError
from lms_sync.mail.before_issuing import banner, issue_without
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.night import open_issuer
from lms_sync.operations.release import rebuild_held, release_held
from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.create import create
from lms_sync.workspace.start.shipped_values import shipped_values
from tests.operations.night_files import BOSS, HR, SETTINGS
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

LATE = """
[[source]]
name = "late"
kind = "spreadsheet"
export = "cumulative"
{partners}
files = [{{ path = "inbox/late/*.csv", layout = "log" }}]
"""


def without_sources(settings: str) -> str:
    head, _, rest = settings.partition("[[source]]")
    return head + rest[rest.index("[mail]") :]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (SETTINGS.replace("Pinehill Schools", "Example School District"), "Example School District"),
        (SETTINGS.replace(f'sender = "{HR}"', 'sender = "HR@example.org"'), "[mail] sender"),
        (without_sources(SETTINGS), "there is no [[source]]"),
    ],
)
def test_nothing_is_issued_while_something_is_missing(town: Town, settings: str, found: str) -> None:
    town.write("lms_sync.toml", settings)
    night = town.night()
    assert night.exit_code == 2
    assert night.posted == []
    first, *_ = text_of(town.mail()[-1]).partition("WHAT TO DO FIRST")[2].strip().splitlines()
    assert first.startswith("1. Nothing is issued: lms_sync.toml")
    with town.workspace() as workspace:
        assert any(found in line for line in banner(open_issuer(workspace, as_of=workspace.today())))


def test_a_release_is_refused_and_not_recorded_while_something_is_missing(town: Town) -> None:
    town.night()
    town.write("lms_sync.toml", SETTINGS.replace("Pinehill Schools", "Example School District"))
    with pytest.raises(ConfigError, match="nothing is issued yet"):
        town.release()
    with town.workspace() as workspace:
        assert workspace.store.deliveries.released("heron") == frozenset()


def test_every_shipped_value_that_others_read_is_found(tmp_path: Path) -> None:
    create(tmp_path)
    file = tmp_path / "lms_sync.toml"
    text = file.read_text(encoding="utf-8").replace("[mail]\n", '[mail]\nreply_to = "hr@example.org"\n')
    file.write_text(text, encoding="utf-8")
    (found,) = shipped_values(read_config(tmp_path).settings)
    keys = ("[district] name", "[district] contact", "[district] hr", "[mail] sender", "[mail] reply_to")
    assert all(key in found.found for key in keys)
    assert found.blocks


def test_a_source_that_was_never_read_holds_the_partners_that_it_names(settled: Town) -> None:
    settled.write("lms_sync.toml", SETTINGS + LATE.format(partners='partners = ["heron"]'))
    settled.night(days=7)
    states = {p: settled.deliveries(p)[-1].state for p in ("quarry", "heron", "own")}
    held, sent = DeliveryState.HELD, DeliveryState.SENT
    assert states == {"quarry": sent, "heron": held, "own": sent}
    assert "has never been read in full" in settled.deliveries("heron")[-1].detail
    assert settled.findings("never-read")

    settled.later(hours=1)
    with settled.workspace() as workspace:
        author = Author("A. Roe", "the vendor delivers in January", workspace.clock())
        with pytest.raises(UsageError, match="nothing to release"):
            issue_without(workspace, author, source="class")
        issue_without(workspace, author, source="late")
        assert workspace.store.audit.entries()[-1].kind == "unread"
        assert [delivery.state for delivery in rebuild_held(workspace)] == [DeliveryState.QUEUED]
    settled.night(days=7)
    assert "a file: last read never" in text_of(settled.to(BOSS)[-1]).replace("\n", " ")


@pytest.mark.parametrize("partners", ["", 'partners = ["nobody-of-that-id"]'])
def test_one_that_names_no_partner_of_the_roster_holds_all(settled: Town, partners: str) -> None:
    settled.write("lms_sync.toml", SETTINGS + LATE.format(partners=partners))
    settled.night(days=7)
    assert {settled.deliveries(p)[-1].state for p in ("quarry", "heron", "own")} == {DeliveryState.HELD}
    assert bool(settled.findings("source-partner-unknown")) == bool(partners)


def test_sources_that_an_earlier_version_read_whole_count_as_read(settled: Town) -> None:
    """Earlier versions recorded no sources among the settings, and their pulls as they are recorded now."""
    with settled.workspace() as workspace:
        store = workspace.store
        with store.transaction():
            (fact,) = store.facts.read("settings").values()
            old = {key: value for key, value in json.loads(json.dumps(fact)).items() if key != "sources"}
            store.facts.put("settings", "settings", old, now=workspace.clock())
    settled.night(days=7)
    assert {settled.deliveries(p)[-1].state for p in ("quarry", "heron", "own")} == {DeliveryState.SENT}


def test_a_dry_run_invents_no_ids_and_no_head_of_the_log(town: Town) -> None:
    summary = town.night(rehearsal=True).summary
    assert summary is not None
    assert summary.log_head == ""
    assert {message.delivery_id for message in summary.messages} == {""}
    assert "outbox release DELIVERY" in " ".join(finding.remedy for finding in summary.new)


def test_what_an_earlier_night_queued_does_not_leave_while_a_shipped_value_stands(town: Town) -> None:
    """Earlier versions issued all the same; what their relay had put off is still in the queue."""
    town.night()
    town.later(hours=6)
    with town.workspace() as workspace:
        held = tuple(delivery.delivery_id for delivery in workspace.store.deliveries.listed(DeliveryState.HELD))
        release_held(workspace, Author("A. Roe", "checked", workspace.clock()), delivery_ids=held)
    before = len(town.to(BOSS))
    town.write("lms_sync.toml", SETTINGS.replace("Pinehill Schools", "Example School District"))
    night = town.night(days=1)
    assert len(town.to(BOSS)) == before
    assert town.deliveries("heron")[-1].state is DeliveryState.QUEUED
    assert any("queued messages are not sent yet: lms_sync.toml" in str(trouble) for trouble in night.troubles)
    assert "1. Nothing is issued" in text_of(town.to(HR)[-1])
    with town.workspace() as workspace:
        assert isinstance(send(workspace).trouble, ConfigError)
    town.write("lms_sync.toml", SETTINGS)
    with town.workspace() as workspace:
        assert send(workspace).trouble is None
    assert len(town.to(BOSS)) == before + 1
