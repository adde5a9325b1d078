"""roster check: may these people start on that day."""

from datetime import date

import pytest

from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.workbooks import Line, sheet_of
from tests.cli.small_district import GUARD, OFFICER, District


def newcomer(one: District, **assignment: str | date) -> None:
    """Put a roster with one person into the workspace, who starts on 1 December."""
    police: Line = {"Partner ID": "QPD", "Name": "Quarry Police", "Kind": "law enforcement", "Cadence": "none"}
    agreement: Line = {"Agreement ID": "Q-26", "Partner ID": "QPD", "School year": "2026-27"}
    start: Line = {"Person ID": "00301", "Agreement ID": "Q-26", "Starts": date(2026, 12, 1)}
    sheets = (
        sheet_of(PARTNERS, [police]),
        sheet_of(AGREEMENTS, [{**agreement, "Starts": date(2026, 9, 1)}]),
        sheet_of(PEOPLE, [{"Person ID": "00301", "Last name": "Stone", "First name": "Cleo"}]),
        sheet_of(ASSIGNMENTS, [{**start, **{name.replace("_", " "): value for name, value in assignment.items()}}]),
    )
    (one.folder / "roster.xlsx").write_bytes(write_workbook(None, sheets, title="Roster"))


def test_whoever_is_ready_may_start(evening: District) -> None:
    asked = evening.run("roster", "check", OFFICER[0], GUARD[0], "--on", "2026-11-30")

    assert asked.exit_code == 0
    assert asked.stdout.splitlines() == [
        "yes  Marsh, Ada (00101) on 30 Nov 2026",
        "     ✓ Quarry Police: series required, decided by A. Roe, HR on 20 Aug 2026",
        "yes  Brook, Ben (00201) on 30 Nov 2026",
        "     ✓ Heron Guards: series required, decided by A. Roe, HR on 20 Aug 2026",
    ]


def test_without_names_the_starters_of_the_next_thirty_days_are_asked(evening: District) -> None:
    nobody = evening.run("roster", "check")
    assert (nobody.exit_code, nobody.stdout) == (0, "Nobody starts within 30 days.\n")

    newcomer(evening)
    asked = evening.run("roster", "check")
    assert asked.exit_code == 1
    assert asked.stdout.startswith("NO   Stone, Cleo (00301) on 1 Dec 2026")
    assert [line for line in asked.stdout.splitlines() if "✗" in line] == [
        "     ✗ the class is not decided",
        "     ✗ the first day with students is not recorded",
        "     ✗ no decision before assignment is fully recorded (work for QPD)",
    ]


def test_the_workbook_as_it_is_now_is_asked_not_last_nights(evening: District) -> None:
    newcomer(evening)
    assert "no decision" in evening.run("roster", "check", "00301").stdout
    newcomer(evening, Series="confirmed", Decided_by="A. Roe", Decided_on=date(2026, 11, 23))
    assert "series confirmed, decided by A. Roe on 23 Nov 2026" in evening.run("roster", "check", "00301").stdout


def test_a_day_outside_assignment_and_agreement_is_no(evening: District) -> None:
    asked = evening.run("roster", "check", OFFICER[0], "--on", "2027-09-01")

    assert asked.exit_code == 1
    assert "✗ agreement QPD-26 is not in force on 1 Sep 2027" in asked.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [(("101",), 'Did you mean "00101"?'), (("00101", "--on", "monday"), "--on monday: not a day")],
)
def test_wrong_words_are_answered_with_a_remedy(evening: District, args: tuple[str, ...], message: str) -> None:
    wrong = evening.run("roster", "check", *args)

    assert wrong.exit_code == 2
    assert message in wrong.stderr


def test_a_broken_roster_says_what_is_wrong_with_it(evening: District) -> None:
    newcomer(evening, Agreement_ID="Q-27")
    wrong = evening.run("roster", "check")

    assert wrong.exit_code == 2
    assert '"Q-27"' in wrong.stderr
    assert "Correct it, then try again." in wrong.stderr
