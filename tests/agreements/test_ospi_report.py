"""The yearly report to OSPI: who counts where, what goes with it, what is missing, and what nobody here knows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.agreements.year.ospi import OspiFacts, OspiReport, Posting, ospi_report
from lms_sync.files import file_name
from lms_sync.law.school_year import school_year_named
from lms_sync.model.agreement import Adoption, KeptFile
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Person, Roster

YEAR = school_year_named("2026-27", "09-01")
DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 18, tzinfo=UTC)
PDF = KeptFile("a" * 64, "Brook, Ben – minutes.pdf", "application/pdf", 9)


def partner(partner_id: str, name: str, kind: PartnerKind = PartnerKind.SECURITY_COMPANY) -> Partner:
    return Partner(partner_id, name, kind, (), (), Cadence.NONE)


def posted(
    person_id: str, *buildings: tuple[str, str], agreement: str | None = "HERON-26", **more: date
) -> Assignment:
    days = tuple((name, Decimal(some)) for name, some in buildings)
    whose = agreement[:-3] if agreement else "OWN"
    starts, ends = more.get("starts", date(2026, 9, 1)), more.get("ends")
    return Assignment(person_id, whose, agreement, starts, ends, buildings=days)


def roster(*assignments: Assignment, agreements: tuple[Agreement, ...] = ()) -> Roster:
    own = partner("OWN", "Pinehill Schools", PartnerKind.DISTRICT)
    partners = {
        one.partner_id: one for one in (partner("HERON", "Heron Guards"), partner("QPD", "Quarry Police"), own)
    }
    every = agreements or (agreement("HERON"), agreement("QPD"))
    people = {one.person_id: Person(one.person_id, "Brook", "Ben") for one in assignments}
    return Roster(partners, {one.agreement_id: one for one in every}, people, assignments)


def agreement(whose: str, year: int = 2026, **more: date) -> Agreement:
    starts, ends = more.get("starts", date(year, 9, 1)), more.get("ends", date(year + 1, 8, 31))
    return Agreement(f"{whose}-{year % 100}", whose, f"{year}-{(year + 1) % 100}", starts, ends)


def report(one: Roster, **more: object) -> OspiReport:
    facts = OspiFacts("Pinehill", AT, one, {}, (), lambda file: "")
    return ospi_report(replace(facts, **more), YEAR, as_of=DAY)  # type: ignore[arg-type]


def issued(number: str, **more: object) -> Issued:
    facts = ("HERON-26", "HERON", DAY, AT, AT, "Kim", "1", "law", "map", "code", "0" * 64)
    made = Issued(number, IssuedKind.PLAN, *facts, judgement={"people": []})
    return replace(made, **more)  # type: ignore[arg-type]


def adopted(file: KeptFile | None = PDF) -> dict[str, Adoption]:
    return {"HERON-26": Adoption("HERON-26", date(2026, 6, 11), "", file, "Kim", DAY)}


def test_somebody_at_two_buildings_counts_once_in_total_and_at_each_building() -> None:
    made = report(
        roster(
            posted("1", ("Lincoln HS", "3"), ("Stadium HS", "2")),
            posted("2", ("lincoln hs ", "2.5"), agreement="QPD-26"),
            posted("2", ("Lincoln HS", "1"), agreement=None),
            posted("3", agreement=None),
        )
    )

    assert (made.staff, made.nowhere) == (3, 1)
    assert made.buildings == (("Lincoln HS", 2, Decimal("6.5")), ("Stadium HS", 1, Decimal("2")))
    assert made.places == (
        Posting(1, "Lincoln HS", Decimal("3")),
        Posting(2, "Lincoln HS", Decimal("3.5")),
        Posting(1, "Stadium HS", Decimal("2")),
    )
    assert any("1 of 3 staff have no building recorded" in line for line in made.missing)


def test_only_assignments_that_cover_the_day_count_both_ends_included() -> None:
    here = ("Lincoln HS", "5")
    made = report(
        roster(
            posted("1", here, starts=DAY),
            posted("2", here, ends=DAY),
            posted("3", here, starts=date(2026, 11, 25)),
            posted("4", here, ends=date(2026, 11, 23)),
        )
    )
    assert made.staff == 2


WORK = st.lists(
    st.tuples(st.sampled_from("1234"), st.sampled_from(["Lincoln HS", "LINCOLN hs", "Stadium HS", ""])), max_size=12
)


@given(WORK)
def test_the_figures_agree_with_each_other_whoever_works_where(work: list[tuple[str, str]]) -> None:
    made = report(roster(*(posted(who, *([(where, "1")] if where else [])) for who, where in work)))
    numbers = {place.staff for place in made.places}

    assert made.staff == len({who for who, _ in work}) == len(numbers) + made.nowhere
    assert numbers == set(range(1, len(numbers) + 1))
    assert sum(one[2] for one in made.buildings) == sum(bool(where) for _, where in work)
    assert [one[1] for one in made.buildings] == [
        sum(place.building == one[0] for place in made.places) for one in made.buildings
    ]


def test_every_agreement_in_force_on_any_day_of_the_year_is_named() -> None:
    late = agreement("QPD", starts=date(2027, 8, 31), ends=date(2028, 8, 30))
    before, after = agreement("HERON", 2025), agreement("HERON", 2027)
    made = report(roster(agreements=(agreement("HERON"), before, after, late)))
    assert [one.agreement.agreement_id for one in made.agreements] == ["HERON-26", "QPD-26"]


def test_the_adopted_agreement_and_what_stands_go_along_under_names_that_tell_nobody() -> None:
    withdrawn = issued("TP-2", withdrawn_at=AT, withdrawn_by="Kim", withdrawn_because="wrong")
    purged = issued("TP-3", judgement={"purged": "2033-01-01"})
    made = report(roster(), adoptions=adopted(), issued=(issued("TP-1"), withdrawn, purged))

    assert [one.name for one in made.copies] == [
        "Heron-Guards-HERON-26-adopted.pdf",
        "Heron-Guards-HERON-26-training-plan-TP-1.pdf",
    ]
    told = "\n".join(made.missing)
    assert "TP-2 was withdrawn" in told
    assert "TP-3 was purged" in told
    assert "Brook" not in told
    assert "Quarry Police, QPD-26: no adoption by the board is recorded" in told
    assert "Quarry Police, QPD-26: it has no training confirmation or training plan in force" in told
    assert "HERON-26: no " not in told


@pytest.mark.parametrize(
    ("adoptions", "problem", "said"),
    [
        ({}, "", "no adoption by the board is recorded"),
        (adopted(None), "", "adopted on 11 Jun 2026, but no file"),
        (adopted(), "is no longer there", "the file that was kept of its adoption is no longer there"),
        (adopted(), "was changed since it was filed", "was changed since it was filed: add it by hand"),
    ],
)
def test_what_an_agreement_lacks_is_said(adoptions: dict[str, Adoption], problem: str, said: str) -> None:
    made = report(roster(), adoptions=adoptions, problem=lambda file: problem)
    assert any(line.startswith("Heron Guards, HERON-26: ") and said in line for line in made.missing)
    assert made.copies == ()


def test_an_adoption_that_only_the_roster_tells_counts_and_its_missing_file_is_said() -> None:
    told = replace(agreement("HERON"), adopted_on=date(2026, 6, 1))
    made = report(roster(agreements=(told,)))
    assert made.agreements[0].adopted == date(2026, 6, 1)
    assert any("adopted on 1 Jun 2026, but no file" in line for line in made.missing)


def test_staff_of_a_partner_without_an_agreement_that_day_are_said() -> None:
    made = report(roster(posted("1", agreement="QPD-26"), agreements=(agreement("HERON"), agreement("QPD", 2025))))
    assert "No agreement covers the assignments of Quarry Police on 24 Nov 2026." in made.missing


def test_whoever_was_taken_out_of_the_roster_after_the_day_is_counted_as_missing_and_never_silently_lost() -> None:
    then = roster(posted("1", ("Lincoln HS", "5")), posted("2", ("Lincoln HS", "5")))
    made = report(roster(posted("1", ("Lincoln HS", "5"))), then=then)
    assert made.staff == 1
    assert any(line.startswith("1 more stood on the roster for 24 Nov 2026") for line in made.missing)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("../../etc/passwd", "X-26", "adopted"), "etc-passwd-X-26-adopted.pdf"),
        (("Peña & Söhne: Guards\x00", "A/26", "adopted"), "Pena-Sohne-Guards-A-26-adopted.pdf"),
        (("警備", "X-26", "adopted"), "X-26-adopted.pdf"),
        (("CON", "..", "\n"), "file-CON.pdf"),
    ],
)
def test_a_file_name_is_safe_whatever_the_partner_is_called(parts: tuple[str, ...], name: str) -> None:
    assert file_name(*parts, ending=".pdf") == name


@given(st.text(min_size=1, max_size=200))
def test_a_file_name_never_leaves_its_folder(text: str) -> None:
    made = file_name(text, "X-26", "adopted", ending=".pdf")
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
    assert (made.count("."), len(made) <= 100, made.startswith("-")) == (1, True, False)


def test_two_copies_never_share_a_name_even_where_case_does_not_count() -> None:
    one, other = partner("HERON", "Heron"), partner("QPD", "HERON")
    some = (replace(agreement("HERON"), agreement_id="X"), replace(agreement("QPD"), agreement_id="x"))
    both = replace(roster(agreements=some), partners={"HERON": one, "QPD": other})
    adoptions = {i: Adoption(i, DAY, "", PDF, "Kim", DAY) for i in ("X", "x")}
    names = [one.name.casefold() for one in report(both, adoptions=adoptions).copies]
    assert names == ["heron-x-adopted.pdf", "heron-x-adopted-2.pdf"]


def test_who_works_on_other_days_of_the_year_is_told_as_a_number() -> None:
    here = ("Lincoln HS", "5")
    made = report(roster(posted("1", here), posted("2", here, starts=date(2027, 1, 11)), posted("3", here, ends=DAY)))

    assert made.staff == 2
    assert any("Assigned on other days" in line and ": 1 more staff" in line for line in made.missing)


def test_an_issued_document_that_must_not_be_relied_on_stays_out_and_is_told() -> None:
    why = "the log has two documents with this number"
    made = report(roster(posted("1")), issued=[issued("TP-2026-0001")], doubtful={"TP-2026-0001": why})

    assert made.copies == ()
    assert any("TP-2026-0001" in line and why in line for line in made.missing)
