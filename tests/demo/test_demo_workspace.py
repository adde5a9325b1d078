"""The demo's workspace: the same each time, sound where it must be, and with every planted fault in it."""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_sync.compliance.build import build_report
from lms_sync.compliance.credits import Unmapped
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.compliance.plan.partner_plan import plan_partner
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.demo.books import MISTAKEN, REFRESHED
from lms_sync.demo.cast import DEMO_DAY, members
from lms_sync.demo.made_up_district import build, corrected_map
from lms_sync.errors import UsageError
from lms_sync.law.series import load
from lms_sync.law.standing import State
from lms_sync.law.yearly import load_yearly
from lms_sync.model.evidence import ClaimReason, Completion, NotDone, Refused, Skipped
from lms_sync.model.pseudonyms import Pseudonyms, merged, pseudonymous_learner, pseudonymous_reading
from lms_sync.operations.intake import judging_settings, make_sources
from lms_sync.sources.pull import FileRead
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.roster.named_partners import partner_names
from lms_sync.workspace.settings.config import read_config

SEAL = Pseudonyms(b"the demo's key for tests, 32 byte")
MAP = "mappings/courses.xlsx"
SOURCES = ("moodle", "vector", "northpass", "district-log")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    build(folder)
    return folder


@pytest.fixture(scope="module")
def files(workspace: Path) -> Mapping[str, FileRead]:
    sources, _, findings = make_sources(read_config(workspace))
    assert findings == ()
    pulls = {source.name: source.pull(frozenset()) for source in sources}
    return {name: only for name, pull in pulls.items() for only in pull.files}


@pytest.fixture(scope="module")
def snapshot(workspace: Path, files: Mapping[str, FileRead]) -> Snapshot:
    roster = check_roster(workspace / "roster.xlsx").roster
    course_map = check_mapping(workspace / MAP, sources=SOURCES).course_map
    assert roster is not None
    assert course_map is not None
    read = [found for name in SOURCES for found in completions(files[name])]
    sealed = [pseudonymous_reading(one, SEAL) for one in read]
    stored = {(one.source, one.record): one for one in reversed(sealed) if isinstance(one, Completion)}
    return Snapshot(
        known_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
        roster=roster,
        course_map=course_map,
        law=load(),
        yearly=load_yearly(),
        settings=judging_settings(read_config(workspace), roster, partner_names((), public=())),
        completions=tuple(stored.values()),
        learners=merged(pseudonymous_learner(one.learner, SEAL) for one in read),
        decisions={},
        documents={},
        pulls={},
    )


@pytest.fixture(scope="module")
def judged(snapshot: Snapshot) -> Judged:
    return judge_roster(snapshot, SEAL, as_of=DEMO_DAY)


@pytest.fixture(scope="module")
def reports(snapshot: Snapshot, judged: Judged) -> Mapping[str, GapReport]:
    partners = snapshot.roster.partners.values()
    return {p.partner_id: build_report(snapshot, judged, p, last=None) for p in partners}


def completions(file: FileRead) -> list[Completion]:
    return [item.reading for item in file.items if isinstance(item.reading, Completion)]


def refused(file: FileRead) -> list[str]:
    return [item.reading.finding.found for item in file.items if isinstance(item.reading, Refused)]


def claims(file: FileRead) -> Counter[ClaimReason]:
    return Counter(one.claim for one in completions(file) if one.claim)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_building_twice_gives_the_same_bytes(workspace: Path, tmp_path: Path) -> None:
    build(tmp_path / "again")

    assert contents(tmp_path / "again") == contents(workspace)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(UsageError, match="not an empty folder"):
        build(tmp_path)
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_the_roster_is_in_force_and_lacks_what_the_demo_wants_decided(workspace: Path) -> None:
    check = check_roster(workspace / "roster.xlsx")

    assert check.roster is not None
    assert (len(check.roster.partners), len(check.roster.people)) == (4, 60)
    assert not any(finding.blocks for finding in check.findings)
    codes = Counter(finding.code for finding in check.findings)
    assert (codes.total(), codes["agreements-overlap"]) == (5, 1)


def test_everybody_is_assigned_on_the_demos_day_to_one_partner(snapshot: Snapshot) -> None:
    assigned = Counter(a.person_id for a in snapshot.roster.assignments if a.covers(DEMO_DAY))

    assert assigned == Counter(iter(snapshot.roster.people))
    assert len(snapshot.roster.assignments) == 61  # one moved from one partner to another


def test_both_maps_are_in_force_without_a_finding(workspace: Path, tmp_path: Path) -> None:
    first = check_mapping(workspace / MAP, sources=SOURCES)
    corrected_map(tmp_path)
    second = check_mapping(tmp_path / MAP, sources=SOURCES)

    assert first.course_map is not None
    assert second.course_map is not None
    assert first.findings == second.findings == ()
    cells = {row.course: row.topics for row in first.course_map.rows if row.source != "*"}
    corrected = {row.course: row.topics for row in second.course_map.rows if row.source != "*"}
    assert corrected == cells | {MISTAKEN: (10,), REFRESHED: (11,)}
    assert (cells[MISTAKEN], REFRESHED in cells) == ((4, 10), False)
    assert len(second.course_map.offerings) == len(first.course_map.offerings) + 1


def test_nothing_was_completed_after_the_demos_day(files: Mapping[str, FileRead]) -> None:
    days = [one.day for file in files.values() for one in completions(file) if one.day]

    assert len(days) > 600
    assert max(days) < DEMO_DAY


def test_every_address_is_one_of_those_kept_for_examples(files: Mapping[str, FileRead]) -> None:
    texts = [str(item.text) for file in files.values() for item in file.items]
    addresses = {a for text in texts for a in re.findall(r"@([\w.-]+)", text)}

    assert addresses
    assert all(address.endswith(("example.org", "example.com")) for address in addresses)


def test_names_are_of_many_kinds() -> None:
    names = " ".join(f"{member.first} {member.last} {member.preferred}" for member in members())

    for kind in ("é", "-", "’", "Jr.", "王", "كريم", "Nguyễn", "Van der", " y "):
        assert kind in names


def test_moodle_has_phantom_rows_and_a_course_enrolled_twice(files: Mapping[str, FileRead]) -> None:
    file = files["moodle"]
    records = Counter(one.record for one in completions(file))

    assert sum(isinstance(item.reading, Skipped) for item in file.items) == 14
    assert sum(isinstance(item.reading, NotDone) for item in file.items) > 5
    assert sorted(records.values())[-2:] == [1, 2]
    assert refused(file) == []


def test_moodle_tells_times_whose_day_in_utc_is_another(files: Mapping[str, FileRead]) -> None:
    read = completions(files["moodle"])

    assert any(one.instant and one.instant.date() != one.day for one in read)
    assert any(one.instant and one.instant.date() == one.day for one in read)


def test_the_vendors_report_has_each_planted_fault(files: Mapping[str, FileRead]) -> None:
    file = files["vector"]

    assert file.dropped == ("SSN",)
    assert not any(re.search(r"000-\d\d-\d{4}", str(item.text)) for item in file.items)
    found = refused(file)
    assert len(found) == 5
    for fault in ("Audited", "02/30/2026", "11/31/2026", "#N/A", "#REF!"):
        assert any(fault in one for one in found)
    assert claims(file) == {ClaimReason.WAIVER: 1, ClaimReason.NO_DATE: 1}
    assert "403" in {one.learner.person_id for one in completions(file)}  # 00403, which became a number
    assert sum(isinstance(item.reading, Skipped) for item in file.items) == 2


def test_the_matrix_has_each_planted_fault(files: Mapping[str, FileRead]) -> None:
    file = files["northpass"]

    found = refused(file)
    assert len(found) == 3
    for fault in ("31/02/2026", "see Dana", "#VALUE!"):
        assert any(fault in one for one in found)
    assert claims(file) == {ClaimReason.WAIVER: 1, ClaimReason.NO_DATE: 1}
    assert sum(isinstance(item.reading, NotDone) for item in file.items) == 2


def test_the_log_has_on_the_job_days_without_a_host(files: Mapping[str, FileRead]) -> None:
    assert claims(files["district-log"]) == {ClaimReason.NO_HOST: 4}
    assert refused(files["district-log"]) == []


def test_people_are_matched_in_conflict_or_not_ours(judged: Judged) -> None:
    assert judged.conflicts == {"00105", "00207"}  # one id with two learners; a name without an id that is known
    assert judged.not_ours == 8
    assert "vector" in judged.sources["00403"]  # by e-mail, since the id was destroyed


def test_a_course_is_unmapped_and_the_refreshed_one_too(judged: Judged) -> None:
    unmapped = {one.completion.course for one in judged.outcomes if isinstance(one.mapped, Unmapped)}

    assert {"BYSTANDER-1", REFRESHED} <= unmapped


def test_every_state_that_can_occur_yet_does(judged: Judged) -> None:
    assert {one.state for one in judged.people.values()} == set(State) - {State.DOCUMENTED}


def test_every_partner_has_overdue_and_complete_people(reports: Mapping[str, GapReport]) -> None:
    for report in reports.values():
        states = {person.state for person in report.people}
        assert {State.OVERDUE, State.COMPLETE, State.ON_PLAN, State.UNDETERMINED} <= states


def test_the_plans_show_each_kind_of_line(
    snapshot: Snapshot, judged: Judged, reports: Mapping[str, GapReport]
) -> None:
    plans: list[PersonPlan] = []
    for report in reports.values():
        plans += plan_partner(report, snapshot.course_map, judged.gate, openings=judged.openings).people

    sittings = [sitting for plan in plans for sitting in plan.sittings]
    assert {sitting.self_paced for sitting in sittings} == {True, False}
    assert {bool(sitting.late) for sitting in sittings} == {True, False}
    assert {sitting.fee is None for sitting in sittings} == {True, False}
    assert {day.late for plan in plans for day in plan.days} == {True, False}
    assert any("days in common" in note for plan in plans for note in plan.notes)
    assert {gap for plan in plans for gap in plan.unclosed} == {"topic-11"}


def test_the_corrected_map_changes_what_some_people_lack(snapshot: Snapshot, judged: Judged, tmp_path: Path) -> None:
    corrected_map(tmp_path)
    course_map = check_mapping(tmp_path / MAP, sources=SOURCES).course_map
    assert course_map is not None
    again = judge_roster(replace(snapshot, course_map=course_map), SEAL, as_of=DEMO_DAY)

    changed = {i for i in judged.people if judged.people[i].standings != again.people[i].standings}
    lost = {i for i in changed if _open(again, i) > _open(judged, i)}
    gained = {i for i in changed if _open(again, i) < _open(judged, i)}
    assert (lost, gained) == ({"00402", "00404", "00410", "00411", "00414"}, {"00109", "00110", "00206"})
    assert (judged.people["00402"].state, again.people["00402"].state) == (State.COMPLETE, State.OVERDUE)
    assert (judged.people["00110"].state, again.people["00110"].state) == (State.ON_PLAN, State.COMPLETE)


def _open(judged: Judged, person_id: str) -> set[str]:
    return {standing.requirement for standing in judged.people[person_id].standings if standing.open}


def test_the_csv_begins_with_a_mark_and_has_one_line_a_record(workspace: Path) -> None:
    content = (workspace / "inbox/moodle/course-participants.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert {len(line) for line in lines} == {10}
