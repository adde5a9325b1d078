"""A second night of one day concludes nothing anew where nothing was changed, and everything where anything was."""

from collections.abc import Callable
from datetime import date

import pytest

from lms_sync.model.author import Author
from lms_sync.model.readings import ReadingAccepted
from lms_sync.model.run import PullRecord
from lms_sync.operations.basis import REMEMBERED
from lms_sync.operations.contents import Contents
from lms_sync.store.known.registers import ACCEPTED
from tests.operations.night_files import CLASS, CLASS_ROWS, course_map, done, roster, sheet
from tests.operations.night_town import Town
from tests.operations.test_night_statements import counted

pytestmark = pytest.mark.slow  # whole nights by the dozen


def test_an_unchanged_night_reads_no_evidence_and_tells_the_same(settled: Town) -> None:
    first = settled.night(days=1)
    with counted() as statements:
        again = settled.night(hours=1)

    assert first.judged is not None
    assert again.judged is None
    assert first.summary is not None
    assert again.summary is not None
    told = [(one.states, one.not_ours, one.waiting, one.unsent) for one in (first.summary, again.summary)]
    assert told[0] == told[1]
    evidence = [s for s in statements if "FROM completion" in s or "FROM learner" in s or "FROM item" in s]
    assert [s for s in evidence if not s.startswith("SELECT count(*)") and "end_reason = " not in s] == []
    entries = [s for s in statements if s.startswith("SELECT audit.") and "LIMIT" not in s]
    assert entries == []  # the log is hashed as it is stored, and no entry of it is taken apart


def test_an_unchanged_night_names_whose_training_presses_beside_each_hold(town: Town) -> None:
    first, again = town.night(days=200), town.night(hours=1)

    assert again.judged is None
    assert first.summary is not None
    assert again.summary is not None
    due = [{m.delivery_id: m.due for m in s.messages if m.state == "held"} for s in (first.summary, again.summary)]
    assert due[0] == due[1]
    assert any(due[0].values())


def save_the_roster(town: Town) -> None:
    town.write("roster.xlsx", roster(agreements=[]))


def change_the_map(town: Town) -> None:
    town.write("mappings/courses.xlsx", course_map({"Rights": (1, 2)}))


def write_a_template(town: Town) -> None:
    town.write("reports/note.txt", "a note")


def change_the_settings(town: Town) -> None:
    path = town.folder / "lms_sync.toml"
    path.write_text(path.read_text().replace('shown_as = "class"', 'shown_as = "the class"'))


def export_more(town: Town) -> None:
    town.write(CLASS, sheet([*CLASS_ROWS, done("70101", "Drill 3", "10/05/2026")]))


def decide(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        word = ReadingAccepted("class", "A. Roe", date(2026, 11, 24), "looked at it")
        ACCEPTED.put(workspace.store, "class", word, now=workspace.clock())


def change_the_log(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        workspace.store.connection.exec_driver_sql("UPDATE audit SET kind = 'claim' WHERE number = 1")


def release_an_address(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        author = Author("A. Roe", "known", workspace.clock())
        workspace.store.deliveries.release("own", ["other@district.example.org"], author=author)


def change_who_released_it(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        workspace.store.connection.exec_driver_sql("UPDATE release SET released_by = 'nobody'")


def change_a_stored_person(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        workspace.store.connection.exec_driver_sql(
            "UPDATE fact SET payload = replace(payload, '2026', '2025') WHERE kind = 'person'"
        )


def limit_the_night(town: Town) -> None:
    path = town.folder / "lms_sync.toml"
    path.write_text(f"{path.read_text()}\n[limits]\nnight_minutes = 90\n")


def damage_what_is_remembered(town: Town) -> None:
    town.write(REMEMBERED, '{"states": 3}')


def nest_what_is_remembered(town: Town) -> None:
    town.write(REMEMBERED, "[" * 100_000)


CHANGES: list[Callable[[Town], None]] = [
    *(write_a_template, change_the_settings, export_more, decide, change_the_log, release_an_address),
    *(change_who_released_it, change_a_stored_person, limit_the_night),
    *(damage_what_is_remembered, nest_what_is_remembered, change_the_map, save_the_roster),
]


def test_whatever_is_changed_is_concluded_from(settled: Town) -> None:
    settled.night(days=1)
    for change in CHANGES:
        assert settled.night(minutes=1).judged is None, change.__name__
        change(settled)
        assert settled.night(minutes=1).judged is not None, change.__name__
    assert settled.night(days=1).judged is not None


def test_the_first_pull_of_a_source_that_is_set_up_takes_nothing_in_again(town: Town) -> None:
    with town.workspace() as workspace:
        marks = [Contents.of(workspace).mark]
        for source in ("class", "gone from the settings"):
            with workspace.store.transaction():
                workspace.store.runs.record_pull(PullRecord(source, workspace.clock(), "stored", "", {}))
            marks.append(Contents.of(workspace).mark)
    assert marks[0] == marks[1] != marks[2]
