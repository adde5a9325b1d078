"""Refused rows: when a file fails because of them, when partners wait, and what a person may say about it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from lms_sync.errors import SafetyStop, UsageError
from lms_sync.mail.reasons_to_hold import stop_reasons
from lms_sync.model.author import Author
from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, Refused, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.operations.night import open_issuer
from lms_sync.operations.pull.refused import ROWS_REFUSED, Assessed, assess, refused_first
from lms_sync.operations.pull.waiting import accept_refused
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.operations.night_files import CLASS, CLASS_ROWS, HR, LOG, LOG_ROWS, done, sheet
from tests.operations.night_town import Town, text_of
from tests.sources.sample_files import layout_named

LEARNER = Learner("vendor", "7")
DONE = Completion("vendor", "r", LEARNER, "Calm", "Calm", None, Origin())
WAITLISTED = NotDone("vendor", "r", LEARNER, "Waitlisted")


def bad(row: int, found: str = "Username is blank", code: str = "no-key") -> Refused:
    return Refused(Finding(Area.ROW, code, f"a.csv, A{row}", found, f"a value ({code})", "Fill it in."))


def assessed(readings: Sequence[Reading], *, accepted: Sequence[tuple[str, str]] = ()) -> Assessed:
    items = tuple(Item(Origin("a.csv"), (), reading) for reading in readings)
    return assess(Pull("vendor", "cumulative", (FileRead("a.csv", "5a", "f", items, ()),)), accepted=accepted)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("N/A", "Finished", "N/A"), 'the status "N/A" and the status "Finished"'),
        (("A", "B", "C", "D", "E"), 'the status "A", and 4 others of the kind'),
    ],
)
def test_few_values_of_one_cause_are_all_told(words: Sequence[str], told: str) -> None:
    rows = [bad(row, f'the status "{word}"', "unknown-status") for row, word in enumerate(words)]
    (refused,) = assessed(rows).refused
    assert refused.causes == (f"{len(words)} rows: {told}",)


@pytest.mark.parametrize(
    ("refused", "others", "fails", "waits"),
    [
        (1, [], True, True),
        (1, [DONE], False, False),
        (2, [DONE], True, True),
        (2, [DONE, DONE], False, False),
        (5, [DONE] * 5, False, False),
        (6, [DONE] * 30, False, True),
        (6, [DONE] * 6, False, True),
        (10, [DONE] * 90, False, False),
        (11, [DONE] * 90, False, True),
        (1, [WAITLISTED], False, False),
        (2, [WAITLISTED] * 50, True, True),
        (1, [Skipped("a total")], True, True),
        (0, [Skipped("a total")], False, False),
        (0, [], False, False),
    ],
)
def test_a_file_fails_or_waits_by_how_much_of_it_was_refused(
    refused: int, others: list[Reading], *, fails: bool, waits: bool
) -> None:
    readings: list[Reading] = [*(bad(row) for row in range(refused)), *others]
    result = assessed(readings)
    (file,) = result.pull.files
    assert (file.failed, bool(result.refused)) == (fails, waits)
    assert len(file.items) == (0 if fails else refused + len(others))


def test_a_cause_is_one_finding_the_most_frequent_first() -> None:
    rows: list[Reading] = [
        bad(90, "a day of no calendar", "bad-date"),
        *(bad(row) for row in range(2, 20)),
        *[DONE] * 30,
    ]
    (file,) = assessed(rows).pull.files
    assert [finding.found for finding in file.findings] == [
        "18 rows: Username is blank",
        "1 row: a day of no calendar",
    ]
    assert file.findings[0].where == "a.csv, A2, A3, A4 and 15 more"
    assert {i.reading.finding for i in file.items if isinstance(i.reading, Refused)} == set(file.findings)


def test_what_a_person_accepted_holds_for_that_content_only() -> None:
    rows: list[Reading] = [*(bad(row) for row in range(2)), DONE]
    (file,) = assessed(rows, accepted=[("a.csv", "5a")]).pull.files
    assert (file.failed, len(file.items)) == (False, 3)
    assert assessed(rows, accepted=[("a.csv", "0b")]).refused


def test_a_drop_names_the_refused_rows_first_and_advises_no_accepting() -> None:
    items = tuple(Item(Origin("a.csv"), (), bad(row)) for row in range(3))
    pull = Pull("vendor", "cumulative", (FileRead("a.csv", "5a", "f", items, ()),))
    stop = refused_first(SafetyStop("12 of 20 are missing", hint="say so with --accept-drop"), pull)
    assert str(stop).startswith("3 rows of source vendor could not be read (3 rows: Username is blank)")
    assert "accept-drop" not in stop.hint
    whole = SafetyStop("12 of 20 are missing", hint="say so with --accept-drop")
    assert refused_first(whole, Pull("vendor", "cumulative", ())) is whole


def held(town: Town) -> dict[str, str]:
    with town.workspace() as workspace:
        return stop_reasons(open_issuer(workspace, as_of=workspace.today()), ())


def nameless(count: int) -> list[tuple[str, ...]]:
    return [("", "", "", "", f"Drill {number}", "10/05/2026", "Completed") for number in range(count)]


def undated(count: int) -> list[tuple[str, ...]]:
    return [done("80201", f"Drill {number}", "02/30/2026") for number in range(count)]


def test_partners_named_in_refused_rows_wait_until_it_is_mended(settled: Town) -> None:
    settled.write(LOG, sheet([*LOG_ROWS, *(done("80202", f"Drill {n}", "10/05/2026") for n in range(20))]))
    settled.night(days=1)
    good = [*LOG_ROWS, *(done("80202", f"Drill {n}", "10/05/2026") for n in range(20))]
    settled.write(LOG, sheet([*good, *undated(6)]))
    night = settled.night(days=1)

    assert set(held(settled)) == {"heron", "own"}, "own has a row in the file; quarry has none"
    assert "6 rows: " in text_of(settled.to(HR)[-1]).partition("WHERE PEOPLE STAND")[0]
    assert [f.code for f in night.new if f.area is Area.FILE] == [ROWS_REFUSED]
    settled.write(LOG, sheet(good))
    settled.night(days=1)
    assert held(settled) == {}


def test_a_row_that_names_nobody_keeps_everybody_waiting_until_a_person_accepts(settled: Town) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, *nameless(6)]))
    settled.night(days=1)
    assert set(held(settled)) == {"quarry", "heron", "own"}

    settled.later(hours=1)
    with settled.workspace() as workspace:
        author = Author("A. Roe", "they are a subtotal of the vendor's", workspace.clock())
        assert [rows.file for rows in accept_refused(workspace, author, source="class")] == ["class.csv"]
        entry = workspace.store.audit.entries()[-1]
        assert (entry.kind, entry.payload["subject"], entry.payload["by"]) == ("refused", "class", "A. Roe")
        with pytest.raises(UsageError, match="no refused rows"):
            accept_refused(workspace, author, source="class")
    assert held(settled) == {}
    settled.night(days=1)
    assert (held(settled), settled.findings(ROWS_REFUSED)) == ({}, [])

    settled.write(CLASS, sheet([*CLASS_ROWS, *nameless(7)]))
    settled.night(days=1)
    assert set(held(settled)) == {"quarry", "heron", "own"}, "another content needs another word"


def test_a_file_that_is_mostly_refused_leaves_what_was_stored(settled: Town) -> None:
    before = settled.open_topics("70102")
    settled.write(CLASS, sheet([*(("", *row[1:2], "", *row[3:]) for row in CLASS_ROWS)]))
    night = settled.night(days=1)
    (pulled,) = [one for one in night.pulled if one.source == "class"]
    assert pulled.error is not None
    assert "22 rows: " in str(pulled.error)
    assert settled.open_topics("70102") == before
    assert night.exit_code == 3
    assert "quarry" in held(settled)


def test_the_cause_names_the_heading_that_stands_in_the_file(tmp_path: Path) -> None:
    head = "Course ID number,Username,ID number,Email address,Completed,Time completed"
    rows = [f'SSS-01,,{number},p{number}@example.org,Yes,"Monday, 18 August 2025, 7:03 AM"' for number in range(267)]
    (tmp_path / "report.csv").write_text("\n".join([head, *rows]))
    layout = layout_named("moodle-custom-report")
    pattern = OpenedPattern("report.csv", layout, "UTC")
    source = Spreadsheet("esd", "cumulative", (pattern,), tmp_path, "America/Los_Angeles")
    (rows_refused,) = assess(source.pull(frozenset()), accepted=()).refused
    assert rows_refused.causes == ("267 rows: Username is blank, and the record's key needs it",)
