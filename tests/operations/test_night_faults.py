"""What is broken tonight costs nothing that was known yesterday, stops nothing else, and is told by its cell."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lms_sync.compliance.gap_report import SourceAge
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.upgrade import standings
from lms_sync.store.known.readers import KIND
from tests.operations.night_files import (
    BOSS,
    CHIEF,
    CLASS,
    CLASS_ROWS,
    HR,
    LOG,
    LOG_ROWS,
    SETTINGS,
    VENDOR,
    course_map,
    done,
    person_line,
    roster,
    sheet,
)
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen
CUT_SHORT = sheet(CLASS_ROWS[:1])
NEWS = done("80202", "Calm", "11/20/2026")
Break = Callable[[Town], None]


def class_age(town: Town) -> SourceAge:
    """Return what the police department is told about the age of the class's records."""
    (age,) = [one for one in town.report("quarry").sources if one.source == "class"]
    return age


def test_an_export_that_was_cut_short_is_not_stored_and_holds_whom_it_concerns(settled: Town) -> None:
    """FAULTS: a missing snapshot reads as an empty one; absence from tonight's feed read as leaving."""
    before = settled.evidence_of("class")
    settled.write(CLASS, CUT_SHORT)
    settled.write(LOG, sheet([*LOG_ROWS, NEWS]))
    night = settled.night(days=7)

    assert night.exit_code == 4
    assert settled.evidence_of("class") == before
    assert "topic-10" not in settled.open_topics("80202")
    assert settled.open_topics("70101") == set()
    held = settled.deliveries("quarry")[-1]
    assert held.state is DeliveryState.HELD
    assert "safety stop" in held.detail
    assert (len(settled.to(CHIEF)), len(settled.to(BOSS))) == (1, 2)
    assert class_age(settled).trouble
    assert "21 of 22 completions are missing" in text_of(settled.to(HR)[-1]).replace("\r\n", " ")


def test_a_person_who_releases_what_a_safety_stop_holds_is_not_obeyed_before_the_source_is_whole(
    settled: Town,
) -> None:
    settled.write(CLASS, CUT_SHORT)
    settled.night(days=7)
    (still,) = settled.release(hours=1)
    assert still.state is DeliveryState.HELD

    settled.write(CLASS, sheet(CLASS_ROWS))
    assert settled.night(days=1).exit_code == 0
    assert [one.state for one in settled.deliveries("quarry")] == [DeliveryState.SENT] * 2
    assert settled.findings("safety-stop") == []


def test_whoever_insists_on_a_drop_keeps_the_evidence_and_the_next_night_is_quiet(settled: Town) -> None:
    settled.write(CLASS, CUT_SHORT)
    assert settled.night(days=7).exit_code == 4
    before = settled.evidence_of("class")["completion"]
    assert settled.night(days=1, insist={"class": "A. Roe"}).exit_code == 0

    assert settled.evidence_of("class")["completion"] == before
    assert {row.accepted_by for row in settled.evidence_of("class")["absence"]} == {"A. Roe"}
    assert settled.deliveries("quarry")[-1].state is DeliveryState.SENT
    assert settled.night(days=1).exit_code == 0
    assert len(settled.to(CHIEF)) == 2


def wrong_day_in_the_roster(town: Town) -> None:
    people = [person_line(i) for i in ("70101", "80201", "80202", "90301")]
    town.write("roster.xlsx", roster(people=[*people, person_line("70102", Class_decided_on="soon")]))


def no_roster(town: Town) -> None:
    (town.folder / "roster.xlsx").unlink()


def roster_of_another_kind(town: Town) -> None:
    town.write("roster.xlsx", b"%PDF-1.7 a print of the roster")


def map_of_two_minds(town: Town) -> None:
    town.write("mappings/courses.xlsx", course_map({"Rights": (), " rights ": (2,)}))


def written_by_people(town: Town) -> list[object]:
    """Return the facts, but for those that tell whose items were read, and how everybody stood."""
    return [row for row in town.rows()["fact"] if row.kind not in (KIND, standings.KIND)]


def no_map(town: Town) -> None:
    (town.folder / "mappings/courses.xlsx").unlink()


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (wrong_day_in_the_roster, "People!H9"),
        (no_roster, "roster.xlsx"),
        (roster_of_another_kind, "roster.xlsx"),
        (map_of_two_minds, "Courses!"),
        (no_map, "courses.xlsx"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_last_good_version_stays_in_force_while_the_new_one_is_broken(
    settled: Town, break_it: Break, told: str
) -> None:
    """FAULTS: an error says "Something went wrong"; a required topic that nothing maps to is skipped."""
    before = written_by_people(settled)
    break_it(settled)
    settled.write(LOG, sheet([*LOG_ROWS, NEWS]))
    night = settled.night(days=1)

    assert night.exit_code == 2
    assert written_by_people(settled) == before
    assert told in text_of(settled.to(HR)[-1])
    assert "topic-10" not in settled.open_topics("80202")


def no_file(town: Town) -> None:
    (town.folder / CLASS).unlink()


def another_kind_of_file(town: Town) -> None:
    town.write(CLASS, b"PK\x03\x04 this was a workbook once")


def no_header(town: Town) -> None:
    town.write(CLASS, b"please,see,attachment\n1,2,3\n")


def broken_layout(town: Town) -> None:
    town.write(f"mappings/layouts/{VENDOR}.toml", 'kind = "rows"\nkeys = 3\n')


def no_layout(town: Town) -> None:
    (town.folder / f"mappings/layouts/{VENDOR}.toml").unlink()


@pytest.mark.parametrize(
    ("break_it", "code", "told"),
    [
        (no_file, 3, "inbox/class/*.csv"),
        (another_kind_of_file, 3, "class.csv"),
        (no_header, 3, "class.csv"),
        (broken_layout, 2, f"{VENDOR}.toml"),
        (no_layout, 2, VENDOR),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_source_that_cannot_be_read_keeps_its_evidence_and_its_age_and_stops_no_other(
    settled: Town, break_it: Break, code: int, told: str
) -> None:
    """FAULTS: a failed call is swallowed and its people count as untrained; partial failure exits 0."""
    before, age = settled.evidence_of("class"), class_age(settled)
    break_it(settled)
    settled.write(LOG, sheet([*LOG_ROWS, NEWS]))
    night = settled.night(days=1)

    assert night.exit_code == code
    assert settled.evidence_of("class") == before
    assert class_age(settled).pulled == age.pulled
    # What the mail has no room for stands on the district's page, of the same findings.
    assert told in text_of(settled.to(HR)[-1]) + "".join(map(str, night.new))
    assert "topic-10" not in settled.open_topics("80202")
    assert settled.open_topics("70101") == set()


@pytest.mark.parametrize("break_it", [no_file, another_kind_of_file, no_header, broken_layout])
def test_a_source_that_comes_back_as_it_was_leaves_no_trouble_behind(settled: Town, break_it: Break) -> None:
    layout = (settled.folder / f"mappings/layouts/{VENDOR}.toml").read_bytes()
    break_it(settled)
    settled.night(days=1)
    settled.write(CLASS, sheet(CLASS_ROWS))
    settled.write(f"mappings/layouts/{VENDOR}.toml", layout)
    night = settled.night(days=1)

    assert night.exit_code == 0
    assert class_age(settled).trouble == ""
    with settled.workspace() as workspace:
        waiting = [str(one.finding) for one in workspace.store.findings.open() if "class" in one.finding.where]
    assert waiting == []


def test_one_unreadable_file_among_others_is_told_and_the_others_are_stored(settled: Town) -> None:
    age = class_age(settled)
    settled.write("inbox/class/older.csv", b"PK\x03\x04 this was a workbook once")
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "11/20/2026")]))
    night = settled.night(days=1)

    assert night.exit_code == 1
    assert "topic-10" not in settled.open_topics("70102")
    assert "older.csv" in text_of(settled.to(HR)[-1])
    assert class_age(settled).pulled == age.pulled
    assert class_age(settled).trouble
    (settled.folder / "inbox/class/older.csv").unlink()
    assert settled.night(days=1).exit_code == 0
    assert settled.findings("file-unreadable") == []


def test_a_row_that_cannot_be_read_waits_until_the_row_is_mended(settled: Town) -> None:
    """FAULTS: "31/02/2024" becomes NULL in silence; a completion without a date gets *today's*."""
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "02/31/2026")]))
    assert settled.night(days=1).exit_code == 1
    assert any("class.csv" in one and "F24" in one for one in told_of_rows(settled))
    assert settled.night(days=1).exit_code == 0
    assert told_of_rows(settled)
    assert "topic-10" in settled.open_topics("70102")

    settled.write(CLASS, b"PK\x03\x04 this was a workbook once")
    settled.night(days=1)
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "02/31/2026")]))
    settled.night(days=1)
    assert told_of_rows(settled), "an unreadable night must not clear what waits in the file"


def told_of_rows(town: Town) -> list[str]:
    with town.workspace() as workspace:
        return [str(one.finding) for one in workspace.store.findings.open() if one.finding.area == "row"]


def test_a_file_that_is_only_renamed_keeps_what_waits_in_it(settled: Town) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "02/31/2026")]))
    settled.night(days=1)
    waiting = told_of_rows(settled)
    (settled.folder / CLASS).rename(settled.folder / "inbox/class/class-2026-11-25.csv")

    assert settled.night(days=1).exit_code == 0
    assert told_of_rows(settled) == waiting
    assert len(waiting) == 1


TWO_FILES = """files = [
  { path = "inbox/class/*.csv", layout = "vector-completions" },
  { path = "inbox/old/*.csv", layout = "old" },
]"""
ONE_FILE = 'files = [{ path = "inbox/class/*.csv", layout = "vector-completions" }]'


def test_an_older_export_that_is_read_again_by_new_rules_does_not_undo_a_newer_one(town: Town) -> None:
    town.write("lms_sync.toml", SETTINGS.replace(ONE_FILE, TWO_FILES))
    layout = (town.folder / f"mappings/layouts/{VENDOR}.toml").read_text(encoding="utf-8")
    town.write("mappings/layouts/old.toml", layout)
    town.write("inbox/old/old.csv", sheet([done("70102", "Calm", "10/01/2026")]))
    town.night()
    town.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "10/20/2026")]))
    town.night(days=1)
    before = town.evidence_of("class")["completion"]
    town.write("mappings/layouts/old.toml", layout.replace('"Passed"]', '"Passed", "Finished"]'))
    town.night(days=1)

    assert town.evidence_of("class")["completion"] == before
    assert "2026-10-20" in {str(row.day) for row in before if row.course == "Calm" and row.ended_at is None}


def test_an_older_export_does_not_undo_a_newer_one_that_cannot_be_read_tonight(town: Town) -> None:
    """FAULTS: a failed call is swallowed; here the file that fails is the one that speaks for the source."""
    town.write("inbox/class/a-old.csv", sheet([*CLASS_ROWS, done("70102", "Calm", "10/01/2026")]))
    (town.folder / CLASS).unlink()
    town.night()
    town.write("inbox/class/b-new.csv", sheet([*CLASS_ROWS, done("70102", "Calm", "10/20/2026")]))
    town.night(days=1)
    before = town.evidence_of("class")["completion"]
    town.write("inbox/class/b-new.csv", b"PK\x03\x04 this was a workbook once")
    for _ in range(3):
        town.night(days=1)

    assert town.evidence_of("class")["completion"] == before


def test_a_day_to_come_in_the_roster_is_asked_about_until_it_has_come(settled: Town) -> None:
    """What is asked about rests on the day, and not on the file alone."""
    tomorrow = settled.clock().date() + timedelta(days=1)
    people = [person_line(i) for i in ("70101", "80201", "80202", "90301")]
    settled.write("roster.xlsx", roster(people=[*people, person_line("70102", Class_decided_on=tomorrow)]))
    settled.night(hours=1)
    assert len(settled.findings("day-to-come")) == 1
    settled.night(hours=1)
    assert len(settled.findings("day-to-come")) == 1
    settled.night(days=2)
    assert settled.findings("day-to-come") == []
