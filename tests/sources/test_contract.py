"""What every source must keep, a real in-memory one among them."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from lms_sync.errors import SourceError
from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, Refused, Revoked, Skipped
from lms_sync.model.finding import Finding, Origin
from lms_sync.sources.connectors import Source
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull, fingerprint
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import SAMPLES, ZONES, layout_named


@dataclass(frozen=True, slots=True)
class InMemory:
    """A source that holds its records itself; `None` stands for one that does not answer."""

    name: str
    export: Export
    records: tuple[tuple[str, ...], ...] | None
    """(learner, course), and what it says: `done` where it does not, `not done` or `revoked`."""

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        if self.records is None:
            raise SourceError(f"source {self.name} does not answer")
        sha256 = hashlib.sha256(json.dumps(self.records).encode()).hexdigest()
        mark = fingerprint(sha256, "in memory", zone="", district_zone="UTC")
        if mark in seen:
            return Pull(self.name, self.export, (), (FileSkipped("memory", sha256, mark),))
        items = tuple(self._item(number, *record) for number, record in enumerate(self.records))
        return Pull(self.name, self.export, (FileRead("memory", sha256, mark, items, ()),))

    def _item(self, number: int, learner: str, course: str, says: str = "done") -> Item:
        origin = Origin(url="https://lms.example.org/records", item=str(number))
        text = (("learner", learner), ("course", course))
        if not course:
            return Item(origin, text, Skipped("no course"))
        who = Learner(self.name, learner, emails=(f"{learner}@example.org",))
        record = f"{learner}\x1f{course}"
        readings: dict[str, Reading] = {
            "done": Completion(self.name, record, who, course, course, date(2025, 9, 3), origin),
            "not done": NotDone(self.name, record, who, says),
            "revoked": Revoked(self.name, record, says),
        }
        return Item(origin, text, readings[says], frozenset({"learner"}))


@dataclass(frozen=True, slots=True)
class Member:
    """One source under the contract, and the same with its data gone."""

    source: Source
    gone: Source


def in_memory(folder: Path) -> Member:
    full = InMemory("memory", "cumulative", (("小龍", "Déjà vu – 1"), ("小龍", "2"), ("ana", "2"), ("x", "")))
    return Member(full, replace(full, records=None))


def spreadsheet(name: str, layout: str = "") -> Callable[[Path], Member]:
    def make(folder: Path) -> Member:
        patterns = []
        for path in SAMPLES.glob(f"{name}.*[!n]"):
            (folder / path.name).write_bytes(path.read_bytes())
            patterns.append(OpenedPattern(path.name, layout_named(layout or name), ZONES.get(path.name, "")))
        there = Spreadsheet("esd", "cumulative", tuple(patterns), folder, "America/Los_Angeles")
        return Member(there, replace(there, folder=folder / "nowhere"))

    return make


MEMBERS = {
    "in memory": in_memory,
    "moodle": spreadsheet("moodle-custom-report"),
    "vector": spreadsheet("vector-completions"),
    "log": spreadsheet("on-the-job-log"),
    "matrix": spreadsheet("training-matrix"),
    "canvas": spreadsheet("2025-11-14T0807_Grades-SSS-10", "canvas-gradebook"),
    "completion": spreadsheet("completion_report_SSS-10_pacific", "moodle-course-completion"),
    "progress": spreadsheet("activity_progress_report_SSS-10", "moodle-activity-progress"),
    "sign-in": spreadsheet("sign-in-sheet"),
    "attended": spreadsheet("who-attended"),
    "acadis": spreadsheet("acadis"),
}


@pytest.fixture(params=MEMBERS)
def member(request: pytest.FixtureRequest, tmp_path: Path) -> Member:
    return MEMBERS[request.param](tmp_path)


def items_of(pull: Pull) -> list[Item]:
    return [item for file in pull.files for item in file.items]


def test_pull_tells_its_source_and_export(member: Member) -> None:
    pull = member.source.pull(frozenset())
    assert (pull.source, pull.export) == (member.source.name, member.source.export)
    assert not pull.failed
    assert not pull.skipped


def test_same_data_gives_the_same_pull(member: Member) -> None:
    assert member.source.pull(frozenset()) == member.source.pull(frozenset())


def test_seen_files_are_skipped_and_told(member: Member) -> None:
    first = member.source.pull(frozenset())
    again = member.source.pull(frozenset(file.fingerprint for file in first.files))
    assert again.files == ()
    assert [one.fingerprint for one in again.skipped] == [file.fingerprint for file in first.files]


def test_fingerprints_differ_between_files(member: Member) -> None:
    files = member.source.pull(frozenset()).files
    assert len({file.fingerprint for file in files}) == len(files)


def test_every_item_has_one_reading_of_its_source(member: Member) -> None:
    items = items_of(member.source.pull(frozenset()))
    assert items
    for item in items:
        match item.reading:
            case Completion() | NotDone() | Revoked() as reading:
                assert reading.source == member.source.name
                assert reading.record
            case Refused(finding):
                assert finding.source == member.source.name
                assert all((finding.where, finding.found, finding.expected, finding.remedy))
            case Skipped(reason):
                assert reason


def test_every_item_stands_in_a_place_of_its_own(member: Member) -> None:
    places = [item.origin for item in items_of(member.source.pull(frozenset()))]
    assert all(str(place) for place in places)
    assert len(set(places)) == len(places)


def test_completions_carry_the_origin_of_their_item(member: Member) -> None:
    for item in items_of(member.source.pull(frozenset())):
        if isinstance(item.reading, Completion):
            assert item.reading.origin == item.origin
            assert item.reading.day or item.reading.claim
            assert item.reading.learner.source == member.source.name
            assert item.reading.learner.key


def test_identifying_headings_stand_in_the_text(member: Member) -> None:
    for item in items_of(member.source.pull(frozenset())):
        assert item.identifying <= {heading for heading, _ in item.text}
        if isinstance(item.reading, Completion):
            assert item.identifying


def test_letters_of_all_scripts_survive(member: Member) -> None:
    said = "".join(text for item in items_of(member.source.pull(frozenset())) for _, text in item.text)
    assert any(ord(letter) > 127 for letter in said)
    assert "\ufffd" not in said


def test_missing_data_is_an_error_and_never_an_empty_pull(member: Member) -> None:
    with pytest.raises(SourceError):
        member.gone.pull(frozenset())


def test_finding_of_a_bad_file_is_no_item(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes((SAMPLES / "vector-completions.csv").read_bytes())
    pattern = OpenedPattern("*.csv", layout_named("vector-completions"))
    pull = Spreadsheet("esd", "cumulative", (pattern,), tmp_path, "UTC").pull(frozenset())
    bad, good = pull.files
    (finding,) = bad.findings
    assert isinstance(finding, Finding)
    assert (bad.failed, bad.items, finding.code, finding.where) == (True, (), "file-unreadable", "a.csv")
    assert pull.failed == ("a.csv",)
    assert (good.failed, len(good.items)) == (False, 4)
