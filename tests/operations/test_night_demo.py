"""The demo's nights: the ledger, silence on the second night, a dry run, nobody told of anybody else, quiet logs."""

import hashlib
import html
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lms_sync.demo.made_up_district import build
from lms_sync.files import shipped
from lms_sync.mail.documents import make_plan
from lms_sync.mail.issue import current_report
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.roster import Partner, Person, Roster
from lms_sync.operations.intake import make_sources
from lms_sync.operations.night import Night, open_issuer
from lms_sync.sources.connectors import Source
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import SETTINGS
from tests.operations.night_town import Town, found_town, text_of
from tests.sources.sample_files import SAMPLES, ZONES

pytestmark = pytest.mark.slow  # whole nights by the dozen

PARTNERS = ("fpd", "acso", "nps", "fsd")


class Ear(logging.Handler):
    """Keeps everything that is logged at INFO and above, traces among it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@dataclass
class Story:
    """What happened on two nights of the demo, with a release between them."""

    town: Town
    first: Night
    second: Night
    released: list[Delivery]
    before: Mapping[str, list[Any]]
    after: Mapping[str, list[Any]]
    roster: Roster
    ear: Ear


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    town = Town(tmp_path_factory.mktemp("demo") / "demo")
    build(town.folder)
    ear = Ear()
    logging.getLogger().addHandler(ear)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    try:
        first = town.night()
        released = town.release(hours=6)
        before = town.rows()
        second = town.night(hours=18)
        with town.workspace() as workspace:
            roster = read_roster(workspace.store)
        return Story(town, first, second, released, before, town.rows(), roster, ear)
    finally:
        logging.getLogger().removeHandler(ear)
        logging.getLogger().setLevel(level)


def items_of(source: Source) -> dict[str, int]:
    """Return file → number of items, as the source itself counts them."""
    return {file.name: len(file.items) for file in source.pull(frozenset()).files}


def sources_of(workspace: Workspace) -> dict[str, dict[str, int]]:
    return {source.name: items_of(source) for source in make_sources(workspace.config)[0]}


def ledger_of(night: Night) -> dict[str, dict[str, int]]:
    return {one.source: {file.name: sum(file.outcomes.values()) for file in one.files} for one in night.pulled}


def test_the_ledger_of_every_file_of_the_demo_adds_up_to_its_items(story: Story) -> None:
    """FAULTS: a count of bad rows without the rows; here each item has an outcome, and each refused one its cell."""
    with story.town.workspace() as workspace:
        told = sources_of(workspace)
    assert ledger_of(story.first) == told
    assert sum(sum(files.values()) for files in told.values()) > 500

    refused = sum(f.outcomes.get("refused", 0) for one in story.first.pulled for f in one.files)
    cells = [f for one in story.first.pulled for found in one.findings.values() for f in found if f.area == "row"]
    assert len(cells) == refused
    assert all(re.search(r"[A-Z]+[0-9]+$", one.where) and one.remedy for one in cells)


MOODLE = "moodle-custom-report"


def moodle_town(folder: Path, *kinds: str) -> Town:
    """Return a town whose class comes as Moodle's own downloads."""
    town = found_town(folder)
    files = ", ".join(
        f'{{ path = "moodle/*.{kind}", layout = "{MOODLE}", zone = "{ZONES[f"{MOODLE}.{kind}"]}" }}' for kind in kinds
    )
    section = f'[[source]]\nname = "esd"\nkind = "spreadsheet"\nexport = "cumulative"\nfiles = [{files}]\n\n'
    town.write("lms_sync.toml", SETTINGS.replace("[mail]", f"{section}[mail]"))
    layout = f"layouts/{MOODLE}.toml"
    town.write(f"mappings/{layout}", (shipped("mappings") / layout).read_bytes())
    for kind in kinds:
        town.write(f"moodle/{MOODLE}.{kind}", (SAMPLES / f"{MOODLE}.{kind}").read_bytes())
    return town


def test_three_downloads_of_one_moodle_report_are_the_same_evidence_once(tmp_path: Path) -> None:
    three, one = moodle_town(tmp_path / "three", "csv", "xlsx", "ods"), moodle_town(tmp_path / "one", "csv")
    night = three.night()
    one.night()

    with three.workspace() as workspace:
        # Nobody in them is on the roster, so that the ledger does not tell their names.
        assert sorted(ledger_of(night)["esd"].values()) == sorted(sources_of(workspace)["esd"].values())
        evidence = {
            completion.record: completion.content for completion in workspace.store.evidence.completions("esd")
        }
    with one.workspace() as workspace:
        alone = {completion.record: completion.content for completion in workspace.store.evidence.completions("esd")}
    assert evidence == alone
    assert len(evidence) > 3
    assert three.night(days=1).exit_code == 0


def without_held(tables: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the tables without what waited for its release on the first night, and reminders of the second."""
    return {
        n: [
            row
            for row in rows
            if not (n == "finding" and row.payload["code"] == "delivery-held")
            and not (n == "fact" and row.kind == "due warning")
        ]
        for n, rows in tables.items()
    }


def test_the_second_night_changes_nothing_and_writes_to_hr_and_reminds_whose_day_it_is(story: Story) -> None:
    assert without_held(story.after) == without_held(story.before)
    assert story.second.exit_code == 0
    assert {delivery.kind for delivery in story.second.posted} == {DeliveryKind.WARNING}
    # In each of them somebody's last lawful day is 8 December, 14 days after this night.
    assert {delivery.partner_id for delivery in story.second.posted} == {"acso", "fpd", "fsd", "nps"}
    files = [file for one in story.second.pulled for file in one.files]
    assert all(file.unchanged for file in files)
    assert len(files) == 4


def test_after_the_release_every_partner_of_the_demo_has_one_message(story: Story) -> None:
    assert sorted(one.partner_id for one in story.released) == sorted(PARTNERS)
    assert {one.state for one in story.released} == {DeliveryState.SENT}
    for partner in PARTNERS:
        reports = [one for one in story.town.deliveries(partner) if one.kind is DeliveryKind.PARTNER]
        assert len(reports) == 1


def everything_told(story: Story, delivery: Delivery) -> str:
    """Return all that a message carries: headers, both parts, attachments' names, the workbook's cells, the plan."""
    (path,) = story.town.folder.glob(f"outbox/*{delivery.delivery_id}.eml")
    (message,) = [one for one in story.town.mail() if one["Message-ID"] == delivery.message_id]
    said = [path.name, str(message["Subject"]), text_of(message), html.unescape(text_of(message, "html"))]
    with story.town.workspace() as workspace:
        # The training plan's PDF cannot be read back; this is all that it is made of.
        issuer = open_issuer(workspace, as_of=workspace.today())
        report = current_report(workspace.store, issuer, story.roster.partners[delivery.partner_id])
        said += [repr(report), repr(make_plan(report, issuer))]
    for part in message.iter_attachments():
        said.append(str(part.get_filename()))
        if not said[-1].endswith(".xlsx"):
            continue
        book = openpyxl.load_workbook(BytesIO(part.get_payload(decode=True)))  # type: ignore[arg-type]
        said += [str(book.properties.title), str(book.properties.creator), *book.sheetnames]
        said += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        said += [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    return " ".join(" ".join(said).split()).casefold()


def telling(partner: Partner | None = None, person: Person | None = None) -> list[str]:
    """Return patterns of which none may be found where this partner, or this person, may not be told of."""
    if partner is not None:
        return [re.escape(partner.name), *(rf"\b{i}\b" for i in (partner.partner_id,) if partner.partner_id != "fsd")]
    assert person is not None
    first, last = re.escape(person.first_name), re.escape(person.last_name)
    return [
        rf"\b{last},? {first}\b",
        rf"\b{first} {last}\b",
        rf"\b{person.person_id}\b",
        *map(re.escape, person.emails),
    ]


@pytest.mark.parametrize("partner_id", PARTNERS)
def test_a_partner_is_told_of_no_other_partner_and_of_nobody_elses_people(story: Story, partner_id: str) -> None:
    (delivery,) = [one for one in story.released if one.partner_id == partner_id]
    told = everything_told(story, delivery)
    roster, day = story.roster, story.first.started.date()
    own = {one.person_id for one in roster.assigned(partner_id, day)}
    assert all(roster.people[i].last_name.casefold() in told for i in own)

    others = [one for one in roster.partners.values() if one.partner_id != partner_id]
    patterns = [p for one in others if one.partner_id != "fsd" for p in telling(partner=one)]
    patterns += [p for i, one in roster.people.items() if i not in own for p in telling(person=one)]
    assert [pattern for pattern in patterns if re.search(pattern.casefold(), told)] == []


def test_no_log_names_anybody_on_the_roster(story: Story) -> None:
    """FAULTS: names and addresses in the logs."""
    heard = "\n".join(story.ear.heard)
    assert "source moodle: 1 files" in heard
    for person in story.roster.people.values():
        words = [person.last_name, person.person_id, *person.emails]
        assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", heard)] == []
    assert "@" not in heard


def test_no_log_names_anybody_when_a_report_cannot_be_made(settled: Town, caplog: pytest.LogCaptureFixture) -> None:
    """FAULTS: names and addresses in the logs; a fault's own words may hold what it stumbled over."""
    settled.write("reports/partner.txt.j2", '{{ ("{" ~ report.people[0].name ~ "}").format() }}')
    with caplog.at_level(logging.INFO):
        night = settled.night(days=7)

    assert night.exit_code == 5
    heard = "\n".join(Ear().format(record) for record in caplog.records if record.levelno >= logging.INFO)
    assert "could not be made: KeyError" in heard
    assert [name for name in ("Quillfeather", "Marshbane", "Stonewell") if name in heard] == []


def traces(town: Town) -> dict[str, str]:
    """Return file → hash of everything in the workspace but the log and the lock."""
    files = (path for path in town.folder.rglob("*") if path.is_file())
    kept = (path for path in files if path.name not in ("lock", "lms_sync.log"))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def test_a_dry_run_does_what_the_night_does_and_leaves_no_trace(settled: Town) -> None:
    """FAULTS: a dry run that takes another path than the real run."""
    settled.write(
        "inbox/log/log-2.csv", (settled.folder / "inbox/log/log.csv").read_bytes().replace(b"80201", b"80202")
    )
    before = traces(settled)
    dry = settled.night(rehearsal=True, days=7)
    assert traces(settled) == before

    real = settled.night()
    assert ledger_of(dry) == ledger_of(real)
    assert dry.exit_code == real.exit_code
    assert [one.partner_id for one in dry.posted] == [one.partner_id for one in real.posted]
    # A dry run says "a delivery": the number of what it would hold is given by the night that does.
    told = [re.sub(r"\d{8}-[0-9a-f]{12}", "DELIVERY", str(one)) for one in real.new]
    told = [sentence.replace("delivery DELIVERY to", "a delivery to") for sentence in told]
    assert [str(one) for one in dry.new] == told


def test_a_dry_run_in_a_new_workspace_stores_nothing_and_sends_nothing(town: Town) -> None:
    before = traces(town)
    night = town.night(rehearsal=True)

    left = {path: content for path, content in traces(town).items() if path not in before}
    assert set(left) <= {str(town.database)}
    assert not town.database.exists() or town.database.stat().st_size == 0
    assert len(night.posted) == 3
    assert town.mail() == []
