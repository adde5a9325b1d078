"""What a roster states, and what of it is doubtful: people, agreements, assignments, addresses."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from email_validator import EmailNotValidError, validate_email

from lms_sync.model.roster import PartnerKind, StaffClass
from lms_sync.workspace.roster.entries import normal_address
from tests.workspace.roster_lines import DOE, GUARDS, POLICE, ROE, WORK, YEAR, Line, check, told

OWN: Line = {**POLICE, "Partner ID": "OWN", "Kind": "district", "Report to": "hr@example.org"}


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


@pytest.mark.parametrize(
    ("first_day", "codes"),
    [
        (date(2062, 9, 2), ["first-day-late"]),
        (date(2027, 9, 2), ["first-day-late"]),
        (date(2027, 3, 3), []),
        (date(2024, 9, 2), []),
    ],
)
def test_a_first_day_long_after_the_first_assignment_is_told_and_stands(first_day: date, codes: list[str]) -> None:
    later = {**WORK, "Agreement ID": None, "Partner ID": "DIST", "Starts": first_day}
    own = {**POLICE, "Partner ID": "DIST", "Kind": "district", "Report to": "hr@example.org"}
    checked = check(WORK, later, partners=(POLICE, own), people=({**DOE, "First day with students": first_day},))
    assert [f.code for f in checked.findings if f.code == "first-day-late" and not f.blocks] == codes
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
