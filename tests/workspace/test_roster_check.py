from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email

from lms_sync.model.roster import PartnerKind, StaffClass
from lms_sync.tables.form import Form
from lms_sync.tables.read import ErrorValue, Row, Sheet, Value
from lms_sync.workspace.roster.check import RosterCheck, check_roster, check_roster_sheets
from lms_sync.workspace.roster.entries import normal_address
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE

Line = Mapping[str, Value]
POLICE: Line = {
    "Partner ID": "PD",
    "Name": "Police",
    "Kind": "Law Enforcement",
    "Report to": "chief@example.org",
    "Cadence": "weekly",
}
GUARDS: Line = {**POLICE, "Partner ID": "GC", "Kind": "security company", "Report to": "boss@example.com"}
OWN: Line = {**POLICE, "Partner ID": "OWN", "Kind": "district", "Report to": "hr@example.org"}
YEAR: Line = {
    "Agreement ID": "PD-26",
    "Partner ID": "PD",
    "School year": "2026-27",
    "Starts": date(2026, 9, 1),
    "Ends": date(2027, 8, 31),
}
DOE: Line = {
    "Person ID": "00417",
    "Last name": "Doe",
    "First name": "Jo",
    "E-mails": "jo@example.org",
    "Class": "sro",
    "Class decided by": "A. Roe",
    "Class decided on": date(2026, 8, 1),
    "First day with students": date(2026, 9, 2),
}
ROE: Line = {**DOE, "Person ID": "00418", "Last name": "Roe", "E-mails": "roe@example.org"}
WORK: Line = {
    "Person ID": "00417",
    "Agreement ID": "PD-26",
    "Starts": date(2026, 9, 1),
    "Series": "required",
    "Decided by": "A. Roe",
    "Decided on": date(2026, 8, 1),
}


def sheet(form: Form, *lines: Line) -> Sheet:
    headings = tuple(column.heading for column in form.columns)
    rows = [Row(n, tuple(line.get(heading) for heading in headings)) for n, line in enumerate(lines, start=2)]
    return Sheet(form.title, hidden=False, rows=(Row(1, headings), *rows))


def check(
    *work: Line,
    partners: tuple[Line, ...] = (POLICE,),
    agreements: tuple[Line, ...] = (YEAR,),
    people: tuple[Line, ...] = (DOE,),
) -> RosterCheck:
    sheets = [
        sheet(PARTNERS, *partners),
        sheet(AGREEMENTS, *agreements),
        sheet(PEOPLE, *people),
        sheet(ASSIGNMENTS, *(work or (WORK,))),
    ]
    return check_roster_sheets(sheets, file="roster.xlsx")


def told(checked: RosterCheck) -> list[tuple[str, str, bool]]:
    return [(f.code, f.where.partition(", ")[2], f.blocks) for f in checked.findings]


def test_a_sound_roster_gives_its_facts_without_findings() -> None:
    person = {
        **DOE,
        "E-mails": "Jo@EXAMPLE.org; jo@example.com ;jo@Example.ORG",
        "Other IDs": "moodle: e1:7 ;canvas:4417",
        "Clock starts": date(2021, 9, 1),
        "Clock decided by": "A. Roe",
        "Clock decided on": datetime(2026, 8, 1),
        "Clock citing": "letter of 2026-08-01",
    }
    checked = check({**WORK, "Buildings": "Lincoln HS: 3; Stadium HS: 2.5"}, people=(person,))
    assert not checked.findings
    assert checked.roster is not None
    doe = checked.roster.people["00417"]
    assert doe.emails == ("Jo@example.org", "jo@example.com")
    assert doe.other_ids == (("moodle", "e1:7"), ("canvas", "4417"))
    assert doe.staff_class is StaffClass.SRO
    assert doe.clock is not None
    assert (doe.clock.starts, doe.clock.citing) == (date(2021, 9, 1), "letter of 2026-08-01")
    (work,) = checked.roster.assigned("PD", date(2026, 9, 1))
    assert work.buildings == (("Lincoln HS", Decimal(3)), ("Stadium HS", Decimal("2.5")))
    assert checked.roster.partners["PD"].kind is PartnerKind.LAW_ENFORCEMENT


def test_the_districts_own_officers_work_without_an_agreement() -> None:
    checked = check({**WORK, "Agreement ID": None, "Partner ID": "OWN"}, partners=(POLICE, OWN))
    assert not checked.findings
    assert checked.roster is not None
    assert checked.roster.assignments[0].agreement_id is None


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ({**WORK, "Person ID": "417"}, ("id-unknown", "Assignments!A2")),
        ({**WORK, "Agreement ID": "PD-25"}, ("id-unknown", "Assignments!B2")),
        ({**WORK, "Agreement ID": None, "Partner ID": "PDX"}, ("id-unknown", "Assignments!C2")),
        ({**WORK, "Partner ID": "GC"}, ("partner-contradicts", "Assignments!C2")),
        ({**WORK, "Agreement ID": None}, ("partner-missing", "Assignments!B2")),
        ({**WORK, "Ends": date(2026, 8, 31)}, ("days-reversed", "Assignments!E2")),
        ({**WORK, "Buildings": "3"}, ("buildings-unreadable", "Assignments!G2")),
        ({**WORK, "Buildings": "Lincoln HS: 0"}, ("buildings-unreadable", "Assignments!G2")),
        ({**WORK, "Buildings": "Lincoln HS: 4; Stadium HS: 4"}, ("building-days-too-many", "Assignments!G2")),
        ({**WORK, "Buildings": "Lincoln HS: NaN"}, ("buildings-unreadable", "Assignments!G2")),
        ({**WORK, "Series": "confrimed"}, ("choice-unreadable", "Assignments!H2")),
    ],
)
def test_a_wrong_assignment_blocks(work: Line, expected: tuple[str, str]) -> None:
    checked = check(work, partners=(POLICE, GUARDS))
    assert [(code, where) for code, where, blocks in told(checked) if blocks] == [expected]
    assert checked.roster is None


def test_a_choice_close_to_a_word_is_suggested() -> None:
    checked = check({**WORK, "Series": "confrimed"})
    assert checked.findings[0].remedy == 'Did you mean "confirmed"? Choose from the list.'


def test_one_person_cannot_work_for_one_partner_twice_on_a_day() -> None:
    ended = {**WORK, "Ends": date(2026, 12, 31)}
    assert told(check(ended, {**WORK, "Starts": date(2026, 12, 31)})) == [
        ("assignments-overlap", "Assignments!D3", True)
    ]
    assert not check(ended, {**WORK, "Starts": date(2027, 1, 1)}).findings


def test_ids_stand_once_whatever_their_case() -> None:
    again = {**POLICE, "Partner ID": "pd", "Report to": "else@example.org"}
    assert told(check(partners=(POLICE, again)))[0] == ("id-doubled", "Partners!A3", True)
    assert ("id-doubled", "People!A3", True) in told(check(people=(DOE, {**DOE, "E-mails": None})))
    assert ("id-doubled", "Agreements!A3", True) in told(check(agreements=(YEAR, YEAR)))


def test_an_address_of_two_partners_blocks_but_the_districts_own_may_recur() -> None:
    shared = {**GUARDS, "Copy to": "x@example.org; CHIEF@example.org"}
    checked = check(partners=(POLICE, shared))
    assert told(checked) == [("address-shared", "Partners!E3", True)]
    assert not check(partners=(POLICE, {**OWN, "Report to": "chief@example.org"})).findings
    assert not check(partners=({**POLICE, "Copy to": "chief@example.org"},)).findings


def test_an_identifier_of_two_people_is_a_conflict_that_does_not_block() -> None:
    one = {**DOE, "Other IDs": "canvas:7"}
    other = {**ROE, "E-mails": "JO@example.org", "Other IDs": "canvas:7"}
    checked = check(WORK, {**WORK, "Person ID": "00418"}, people=(one, other))
    assert told(checked) == [("identifier-shared", "People!E3", False), ("identifier-shared", "People!J3", False)]
    assert {finding.people for finding in checked.findings} == {("00417", "00418")}
    assert checked.roster is not None


def test_a_class_without_who_and_when_is_not_decided() -> None:
    checked = check(people=({**DOE, "Class decided by": None},))
    assert told(checked) == [("class-undecided", "People!G2", False)]
    assert checked.findings[0].people == ("00417",)
    assert checked.roster is not None
    assert checked.roster.people["00417"].staff_class is None


def test_what_is_missing_of_a_person_is_told_and_does_not_block() -> None:
    person = {**DOE, "Class": None, "First day with students": None, "Clock starts": date(2021, 9, 1)}
    checked = check(people=(person, ROE))
    assert told(checked) == [
        ("person-class-missing", "People!F2", False),
        ("first-day-missing", "People!I2", False),
        ("clock-undecided", "People!K2", False),
        ("person-unassigned", "People!A3", False),
    ]
    assert checked.roster is not None
    assert checked.roster.people["00417"].first_day is None


@pytest.mark.parametrize(
    ("work", "code"),
    [
        ({**WORK, "Series": None}, "assignment-undecided"),
        ({**WORK, "Decided on": date(2026, 9, 2)}, "assignment-decided-late"),
        ({**WORK, "Agreement ID": None, "Partner ID": "PD"}, "agreement-missing"),
        ({**WORK, "Starts": date(2026, 8, 31)}, "outside-agreement"),
        ({**WORK, "Ends": date(2027, 9, 1)}, "outside-agreement"),
        ({**WORK, "Starts": date(2027, 9, 1)}, "outside-agreement"),
    ],
)
def test_a_doubtful_assignment_is_told_and_stands(work: Line, code: str) -> None:
    checked = check(work)
    assert [(f.code, f.blocks, f.people) for f in checked.findings] == [(code, False, ("00417",))]
    assert checked.roster is not None


def test_agreements_of_one_partner_should_not_overlap() -> None:
    second = {**YEAR, "Agreement ID": "PD-27", "Starts": date(2027, 8, 31), "Ends": None}
    assert told(check(agreements=(YEAR, second))) == [("agreements-overlap", "Agreements!D3", False)]


def test_addresses_are_checked_without_a_network() -> None:
    wrong = {**POLICE, "Report to": "chief@example.org, sergeant@example.org"}
    checked = check(partners=(wrong,))
    assert told(checked) == [("address-unreadable", "Partners!D2", True)]
    assert told(check(partners=({**POLICE, "Report to": None},))) == [("address-missing", "Partners!D2", False)]
    assert not check(partners=({**POLICE, "Report to": None, "Cadence": "none"},)).findings


def test_a_name_beside_an_address_is_answered_in_words_of_ours() -> None:
    (finding,) = check(partners=({**POLICE, "Report to": "Pat Moss <pat@example.org>"},)).findings
    assert finding.remedy == "Write the address alone, without a name or angle brackets."


def test_codes_that_became_numbers_are_read_and_told_once_per_column() -> None:
    people = tuple({**DOE, "Person ID": float(n), "E-mails": None} for n in (417, 418, 419))
    work = tuple({**WORK, "Person ID": float(n)} for n in (417, 418, 419))
    checked = check(*work, people=people)
    assert told(checked) == [("code-is-number", "People!A2", False), ("code-is-number", "Assignments!A2", False)]
    assert "and 2 more below" in checked.findings[0].found
    assert checked.roster is not None
    assert set(checked.roster.people) == {"417", "418", "419"}


@pytest.mark.parametrize("code", [4.17, 1e16, "417.0", "4.17E+02", True, date(2026, 3, 4), ErrorValue("#REF!")])
def test_a_code_that_a_spreadsheet_changed_is_not_guessed(code: Value) -> None:
    checked = check(people=(DOE, {**ROE, "Person ID": code}))
    assert told(checked)[0] == ("id-unreadable", "People!A3", True)


def test_examples_and_blank_rows_are_no_facts() -> None:
    example = {**POLICE, "Partner ID": "EXAMPLE-PD", "Report to": "not an address"}
    checked = check(partners=(example, POLICE, {"Name": "  "}))
    assert not checked.findings
    assert checked.roster is not None
    assert list(checked.roster.partners) == ["PD"]


def test_a_roster_of_examples_only_never_empties_the_one_in_force() -> None:
    checked = check({**WORK, "Person ID": "EXAMPLE-1"}, people=({**DOE, "Person ID": "EXAMPLE-1"},))
    assert told(checked) == [("roster-empty", "People", True)]


def test_columns_stand_in_any_order_under_titles_and_aliases() -> None:
    good = sheet(PEOPLE, DOE)
    headings = ["EMAIL" if h == "E-mails" else str(h).upper() + " " for h in reversed(good.rows[0].cells)]
    turned = Sheet(
        "people",
        hidden=False,
        rows=(
            Row(1, ("Our people",)),
            Row(4, (*headings, "Badge")),
            Row(5, (*reversed(good.rows[1].cells), "12")),
        ),
    )
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), turned, sheet(ASSIGNMENTS, WORK)]
    checked = check_roster_sheets(sheets, file="roster.xlsx")
    assert told(checked) == [("heading-unknown", "People!O4", False)]
    assert checked.roster is not None
    assert checked.roster.people["00417"].emails == ("jo@example.org",)


def test_a_doubled_heading_blocks() -> None:
    people = sheet(PEOPLE, DOE)
    doubled = Sheet("People", hidden=False, rows=(Row(1, (*people.rows[0].cells, "Email")), *people.rows[1:]))
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), doubled, sheet(ASSIGNMENTS, WORK)]
    assert told(check_roster_sheets(sheets, file="roster.xlsx")) == [("heading-doubled", "People!O1", True)]


def test_a_lost_column_is_the_only_complaint() -> None:
    people = sheet(PEOPLE, DOE)
    lost = Sheet("People", hidden=False, rows=tuple(Row(r.number, r.cells[1:]) for r in people.rows))
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), lost, sheet(ASSIGNMENTS, WORK)]
    checked = check_roster_sheets(sheets, file="roster.xlsx")
    assert told(checked) == [("heading-missing", "People!A1", True)]
    assert checked.roster is None


def test_a_row_with_an_unreadable_agreement_raises_no_second_complaint() -> None:
    checked = check(agreements=({**YEAR, "Starts": "1 Sept"},))
    assert told(checked) == [("date-unreadable", "Agreements!D2", True)]


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    assert [f.code for f in check_roster(path).findings] == ["file-missing"]
    path.write_bytes(b"PK\x03\x04 cut off")
    checked = check_roster(path)
    assert ([f.code for f in checked.findings], checked.roster) == (["file-unreadable"], None)


def test_a_day_that_may_be_two_is_told_with_its_person_and_both_readings() -> None:
    written = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), sheet(PEOPLE, DOE)]
    written.append(sheet(ASSIGNMENTS, {**WORK, "Starts": "9/5/2026"}))
    (found,) = check_roster_sheets(written, file="roster.xlsx").findings
    assert found.found == '"9/5/2026", which is September 5, 2026 or May 9, 2026 (00417)'
    checked = check_roster_sheets(written, file="roster.xlsx", dates="month-first")
    assert checked.roster is not None
    assert [assignment.starts for assignment in checked.roster.assignments] == [date(2026, 9, 5)]


@pytest.mark.parametrize(
    ("form", "heading", "written"),
    [
        (PEOPLE, "Class", "Staff class"),
        (PEOPLE, "First day with students", "First day w/ students"),
        (PEOPLE, "First day with students", "First day"),
        (PEOPLE, "Class", "Classification"),
        (PEOPLE, "Last name", "Last names"),
        (PARTNERS, "Report to", "Reports to"),
        (ASSIGNMENTS, "Starts", "Start"),
    ],
)
def test_a_renamed_heading_is_one_finding(form: Form, heading: str, written: str) -> None:
    lines = {"Partners": [POLICE, GUARDS], "Agreements": [YEAR], "People": [DOE, ROE], "Assignments": [WORK, WORK]}
    sheets = [sheet(one, *lines[one.title]) for one in (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS)]
    place = [one.name for one in sheets].index(form.title)
    head, *rows = sheets[place].rows
    renamed = tuple(written if cell == heading else cell for cell in head.cells)
    sheets[place] = replace(sheets[place], rows=(Row(1, renamed), *rows))
    (found,) = check_roster_sheets(sheets, file="roster.xlsx").findings
    assert (found.code, found.found, found.expected, found.blocks) == (
        "heading-missing",
        f'the heading "{written}"',
        f'the heading "{heading}"',
        True,
    )


@pytest.mark.parametrize(
    "written",
    [
        *("ana.reyes@district.example.org", "Ana.Reyes@District.Example.ORG", "info@b\u00fccher.example.org"),
        *("o'brien+hr@example.org", "INFO@example.org", "ana@localhost", "ana@example", "ana@-x.example.org"),
        *(
            "ana..reyes@example.org",
            ".ana@example.org",
            "ana@example..org",
            "ana@xn--zzz.example.org",
            "@example.org",
        ),
        *(
            f"{'a' * 60}@example.org",
            f"{'a' * 65}@example.org",
            f"ana@{'b' * 64}.example.org",
            "ana@1.2.3.4",
            "@example.org",
        ),
    ],
)
def test_an_address_reads_as_the_library_reads_it_whether_or_not_its_domain_was_read_before(written: str) -> None:
    def by_the_library() -> str:
        try:
            return validate_email(written, check_deliverability=False).normalized
        except EmailNotValidError as error:
            return str(error)

    def as_it_is_read() -> str:
        try:
            return normal_address(written)
        except EmailNotValidError as error:
            return str(error)

    assert [as_it_is_read(), as_it_is_read()] == [by_the_library()] * 2
