"""Buildings as people type them: without days, by commas, misspelt; the sheet Buildings; columns that may go."""

from collections import Counter
from decimal import Decimal

import pytest

from lms_sync.model.roster import DAYS_NOT_RECORDED
from lms_sync.tables.cells import Row, Sheet
from lms_sync.tables.form import Form
from lms_sync.workspace.roster.buildings import KnownBuildings, alike, building_and_days, misspelt
from lms_sync.workspace.roster.check import check_roster_sheets
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, BUILDINGS, PARTNERS, PEOPLE, SERIES

PLACES = (
    "Lincoln HS: 3; Stadium HS: 2",
    "Lincoln HS",
    "Lincoln HS",
    "Lincoln HS: 5",
    "Lnicoln HS: 5",
    "Lincoln MS: 5",
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Lincoln HS: 3", ("Lincoln HS", Decimal(3))),
        ("Lincoln HS:2.5", ("Lincoln HS", Decimal("2.5"))),
        ("Lincoln HS", ("Lincoln HS", DAYS_NOT_RECORDED)),
        ("P.S. 12", ("P.S. 12", DAYS_NOT_RECORDED)),
        ("Lincoln HS: 0", None),
        ("Lincoln HS: 8", None),
        ("Lincoln HS: some", None),
        ("Lincoln HS:", None),
        (": 3", None),
        ("3", None),
    ],
)
def test_a_building_with_or_without_days(written: str, read: tuple[str, Decimal] | None) -> None:
    assert building_and_days(written) == read


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Fall City ES, Tolt MS", ("Fall City ES", "Tolt MS")),
        ("Fall City ES: 2, Tolt MS: 3", ("Fall City ES: 2", "Tolt MS: 3")),
        ("Tolt MS", ("Tolt MS",)),
        ("Annex, North: 2", ("Annex, North: 2",)),
        ("Gym, Main", ("Gym, Main",)),
    ],
)
def test_commas_separate_buildings_unless_a_name_holds_one(written: str, parts: tuple[str, ...]) -> None:
    assert KnownBuildings({"gym, main": "Gym, Main"}).parts(written) == parts


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Casacde HS", "Cascade HS", True),
        ("Birch M.S.", "Birch MS", True),
        ("St. Mary's HS", "St Marys H.S.", True),
        ("Lincoln High School", "Lincoln HS", True),
        ("Cedar Elementary", "Cedar ES", True),
        ("Lincoln High School", "Lincoln Middle School", False),
        ("A. Birch MS", "B. Birch MS", False),
        ("Stadum HS", "Stadium HS", True),
        ("Washingtn Elementary", "Washington Elementary", True),
        ("Lincoln HS", "Lincoln MS", False),
        ("Northside ES", "Southside ES", False),
        ("North HS", "South HS", False),
        ("School 12", "School 13", False),
        ("Hills ES", "Mills ES", False),
        ("Eastern HS", "Western HS", False),
        ("Lincoln HS", "Lincoln HS Annex", False),
        ("LINCOLN hs", "Lincoln HS", False),
    ],
)
def test_names_that_may_be_one(name: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert alike(name, other) is same
    assert alike(other, name) is same


def test_the_rarer_one_is_asked_about() -> None:
    asked = misspelt(Counter({"Cascade HS": 14, "Casacde HS": 7, "Tolt MS": 3}), KnownBuildings())

    assert list(asked) == ["Casacde HS"]
    assert 'Did you mean "Cascade HS"?' in asked["Casacde HS"]


def test_the_sheet_buildings_settles_it() -> None:
    rows = Counter({"Cascade HS": 1, "Casacde HS": 7, "Tolt MS": 3})
    known = KnownBuildings({"cascade hs": "Cascade HS", "casacde hs": "Casacde HS"})

    assert list(misspelt(rows, known)) == ["Tolt MS"]
    assert known.name("CASCADE hs") == "Cascade HS"


def sheet(form: Form, *rows: dict[str, str], without: tuple[str, ...] = ()) -> Sheet:
    headings = [column.heading for column in form.columns if column.heading not in without]
    lines = [tuple(headings), *(tuple(row.get(heading) for heading in headings) for row in rows)]
    return Sheet(form.title, hidden=False, rows=tuple(Row(n, line) for n, line in enumerate(lines, start=1)))


def book(*buildings: dict[str, str], without: tuple[str, ...] = (), places: tuple[str, ...] = PLACES) -> list[Sheet]:
    """Return a roster with a person at each of `places`, and a sheet Buildings where there are any."""
    decided = {"Class": "other", "Class decided by": "HR", "Class decided on": "2026-08-20"}
    ids = [f"P{number}" for number in range(len(places))]
    people = [
        {"Person ID": i, "Last name": i, "First name": "A", "First day with students": "2026-09-02", **decided}
        for i in ids
    ]
    work = {
        "Agreement ID": "A-26",
        "Starts": "2026-09-01",
        "Series": SERIES[0],
        "Decided by": "HR",
        "Decided on": "2026-08-20",
    }
    partner = {
        "Partner ID": "A",
        "Name": "A",
        "Kind": "security company",
        "Report to": "a@example.org",
        "Cadence": "weekly",
    }
    agreement = {"Agreement ID": "A-26", "Partner ID": "A", "School year": "2026-27", "Starts": "2026-09-01"}
    assigned = [{"Person ID": i, "Buildings": place, **work} for i, place in zip(ids, places, strict=True)]
    sheets = [
        sheet(PARTNERS, partner, without=without),
        sheet(AGREEMENTS, agreement, without=without),
        sheet(PEOPLE, *people, without=without),
        sheet(ASSIGNMENTS, *assigned, without=without),
    ]
    return [*sheets, sheet(BUILDINGS, *buildings)] if buildings else sheets


def test_missing_days_are_one_question_and_the_roster_counts() -> None:
    checked = check_roster_sheets(book(), file="roster.xlsx")

    assert checked.roster is not None
    codes = {finding.code: finding for finding in checked.findings}
    assert sorted(codes) == ["building-days-missing", "building-misspelt"]
    days = codes["building-days-missing"]
    assert (days.found, days.people) == ("2 rows name a building without days a week (Lincoln HS)", ("P1", "P2"))
    assert codes["building-misspelt"].where == "roster.xlsx, Assignments!G6"
    assert checked.roster.assignments[1].buildings == (("Lincoln HS", DAYS_NOT_RECORDED),)


def test_other_spellings_of_the_sheet_are_one_building() -> None:
    listed = (
        {"Building": "Lincoln HS", "Also written": "LHS; Lnicoln HS"},
        {"Building": "Stadium HS"},
        {"Building": "Lincoln MS"},
    )
    checked = check_roster_sheets(
        book(*listed, places=("LHS: 3", "Lnicoln HS: 2", "Stadium HS: 1")), file="roster.xlsx"
    )

    assert checked.roster is not None
    assert checked.findings == ()
    assert [a.buildings[0][0] for a in checked.roster.assignments] == ["Lincoln HS", "Lincoln HS", "Stadium HS"]


@pytest.mark.parametrize(
    "heading",
    [
        *("Copy to", "Review due", "Adopted on", "Preferred name", "Other IDs", "Position", "Buildings"),
        *("Clock starts", "Clock decided by", "Clock decided on", "Clock citing"),
    ],
)
def test_a_column_that_nobody_needs_may_go(heading: str) -> None:
    checked = check_roster_sheets(book(without=(heading,), places=("Lincoln HS: 5",)), file="roster.xlsx")

    assert checked.findings == ()
    assert checked.roster is not None


@pytest.mark.parametrize("heading", ["Report to", "E-mails", "Class", "First day with students", "Ends", "Series"])
def test_a_column_that_decides_something_may_not(heading: str) -> None:
    checked = check_roster_sheets(book(without=(heading,), places=("Lincoln HS: 5",)), file="roster.xlsx")

    assert "heading-missing" in [finding.code for finding in checked.findings]
