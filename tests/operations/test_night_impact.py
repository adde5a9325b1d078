"""mappings impact and history: what a map would change is what the night with it changes; no version is lost."""

import json
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms_sync.cli.main import main
from lms_sync.compliance.impact import Confirmed, impact
from lms_sync.compliance.judge import Judged
from lms_sync.model.course_map import CourseMap, CourseRow
from lms_sync.model.course_map import course_map as made
from lms_sync.model.log import DecisionKind
from lms_sync.operations.night import open_issuer
from lms_sync.store.known.snapshot import map_history
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.mapping.versions import difference
from tests.operations.night_files import COURSES, course_map
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights, or a whole installation

COURSE_MAPS = st.dictionaries(
    st.sampled_from(sorted(COURSES)), st.sets(st.integers(1, 13), max_size=3).map(sorted), max_size=len(COURSES)
)


def map_of(content: bytes) -> CourseMap:
    with TemporaryDirectory() as folder:
        path = Path(folder, "courses.xlsx")
        path.write_bytes(content)
        found = check_mapping(path, sources=("class", "log")).course_map
    assert found is not None
    return found


def judged(town: Town) -> Judged:
    with town.workspace() as workspace:
        return open_issuer(workspace, as_of=workspace.today()).judged


def states(one: Judged) -> dict[str, object]:
    return {person: judgement.state for person, judgement in one.people.items()}


def met(one: Judged) -> dict[tuple[str, str], bool]:
    return {(p, s.requirement): not s.open for p, j in one.people.items() for s in j.standings}


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(courses=COURSE_MAPS)
def test_the_impact_of_a_file_is_the_difference_of_two_nights(settled: Town, courses: dict[str, list[int]]) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(settled.folder, Path(folder, "town"))
        town = Town(Path(folder, "town"), settled.now)
        before = judged(town)
        with town.workspace() as workspace:
            snapshot = open_issuer(workspace, as_of=workspace.today()).snapshot
            said = impact(snapshot, map_of(course_map(courses)), workspace.pseudonyms, as_of=workspace.today())
        town.write("mappings/courses.xlsx", course_map(courses))
        town.night(hours=1)
        after = judged(town)

    moved = {p: (was, states(after)[p]) for p, was in states(before).items() if was is not states(after)[p]}
    assert {p.person_id: (p.before, p.after) for p in said.people if p.before != p.after} == moved
    shifted = {key: met(after)[key] for key, was in met(before).items() if was != met(after)[key]}
    assert {(p.person_id, s.requirement): s.gained for p in said.people for s in p.shifts} == shifted
    for person in said.people:
        assert all(shift.causes for shift in person.shifts), "every change is led back to a completion"


def test_a_map_that_says_the_same_changes_nothing(settled: Town) -> None:
    with settled.workspace() as workspace:
        snapshot = open_issuer(workspace, as_of=workspace.today()).snapshot
        nothing = impact(snapshot, snapshot.course_map, workspace.pseudonyms, as_of=workspace.today())
    assert (nothing.people, nothing.partners, nothing.broken, nothing.loses) == ((), (), (), False)


def test_a_confirmation_of_people_who_were_not_documented_anyway_does_not_break(settled: Town) -> None:
    with settled.workspace() as workspace:
        snapshot = open_issuer(workspace, as_of=workspace.today()).snapshot
        one = Confirmed("TC-1", "quarry-26", workspace.today(), ("70101",))
        said = impact(
            snapshot, map_of(course_map({})), workspace.pseudonyms, as_of=workspace.today(), confirmed=[one]
        )
    assert said.loses
    assert said.broken == ()


def run(town: Town, *args: str) -> Result:
    return CliRunner().invoke(main, ["-w", str(town.folder), "mappings", *args])


def test_the_command_names_who_loses_what_and_why(settled: Town, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    new.write_bytes(course_map({**COURSES, "Rights": (2,)}))
    shown = run(settled, "impact", str(new), "-o", str(tmp_path / "impact.xlsx"))

    assert shown.exit_code == 1
    assert "Rookhurst, Benedetta (70102)" in shown.stdout
    assert "“Rights”, 6 Oct 2026 (class.csv, A3). Now: Courses!B" in shown.stdout
    rows = [[c.value for c in row] for row in load_workbook(tmp_path / "impact.xlsx")["People"].iter_rows(min_row=8)]
    assert [(row[1], row[5]) for row in rows] == [("70102", "loses"), ("70102", "gains")]
    told = json.loads(run(settled, "impact", str(new), "--format", "json").stdout)
    assert [r["gained"] for r in told["people"][0]["requirements"]] == [False, True]
    assert run(settled, "impact", str(settled.folder / "mappings/courses.xlsx")).exit_code == 0


def test_a_broken_or_missing_file_is_said_and_changes_nothing(settled: Town, tmp_path: Path) -> None:
    (tmp_path / "new.xlsx").write_bytes(b"nothing")
    for name, why in (("new.xlsx", "could not take effect"), ("none.xlsx", "there is no such file")):
        shown = run(settled, "impact", str(tmp_path / name))
        assert (shown.exit_code, why in shown.stderr) == (2, True)


def test_before_the_first_night_there_is_nothing_to_compare(town: Town) -> None:
    shown = run(town, "impact", str(town.folder / "mappings/courses.xlsx"))
    assert (shown.exit_code, "Run `lms-sync nightly` first" in shown.stderr) == (2, True)
    assert "No map was in force yet" in run(town, "history").stdout


def test_every_version_has_its_period_and_one_that_came_back_has_two(settled: Town, tmp_path: Path) -> None:
    first = (settled.folder / "mappings/courses.xlsx").read_bytes()
    for content in (course_map({**COURSES, "Rights": (2,)}), first):
        settled.write("mappings/courses.xlsx", content)
        settled.night(days=1)
    with settled.workspace() as workspace:
        periods = map_history(workspace.store)
        logged = [one.payload for one in workspace.store.audit.entries() if one.kind == DecisionKind.MAP]
    a, b, again = periods
    assert (a.course_map.version, b.until, again.until) == (again.course_map.version, again.since, None)
    assert [one["subject"] for one in logged] == [p.course_map.version for p in periods]
    assert difference(a.course_map, b.course_map) == ("changed *: Rights: topic 1 taken out; topic 2 added",)
    assert logged[1]["after"]["changes"] == ["changed *: Rights: topic 1 taken out; topic 2 added"]

    shown = run(settled, "history").stdout
    assert len(re.findall(r"from \d+ Nov 2026", shown)) == 3
    assert "decided by: T\n" in shown
    two = (b.course_map.version, a.course_map.version)
    assert run(settled, "history", *two).stdout == "changed *: Rights: topic 2 taken out; topic 1 added\n"
    back = tmp_path / "back.xlsx"
    assert run(settled, "history", two[0], "-o", str(back)).exit_code == 0
    found = check_mapping(back, sources=("class", "log"))
    assert found.course_map is not None
    assert found.course_map.version == two[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("0000000000",), "no such version"),
        (("a", "b", "c"), "more than two versions"),
        (("-o", "x.xlsx"), "-o writes one version"),
    ],
)
def test_a_wrong_question_about_versions_is_said(settled: Town, args: tuple[str, ...], said: str) -> None:
    shown = run(settled, "history", *args)
    assert (shown.exit_code, said in shown.stderr) == (2, True)


@given(before=COURSE_MAPS, after=COURSE_MAPS)
def test_a_difference_is_empty_only_for_maps_that_say_the_same(
    before: dict[str, list[int]], after: dict[str, list[int]]
) -> None:
    one, other = _map(before), _map(after)
    assert (difference(one, other) == ()) == (one.version == other.version)


def _map(courses: dict[str, list[int]]) -> CourseMap:

    return made(
        [CourseRow("*", c, "", "", tuple(t), 0, 0, None, None, None, "", None) for c, t in courses.items()], []
    )
