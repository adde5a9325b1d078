"""When an agreement's review is due, by the roster or by the adoption before it."""

from dataclasses import replace
from datetime import date

from lms_sync.agreements.review.due import adopted_on, next_review_due, review_due, reviewed_on
from lms_sync.model.agreement import Adoption
from lms_sync.model.roster import Agreement, Roster

THIS = Agreement("HARBOR-26", "HARBOR", "2026-27", date(2026, 9, 1), date(2027, 8, 31))
LAST = Agreement("HARBOR-25", "HARBOR", "2025-26", date(2025, 9, 1), date(2026, 8, 31))
NEXT = Agreement("HARBOR-27", "HARBOR", "2027-28", date(2027, 9, 1), date(2028, 8, 31))
ELSEWHERE = Agreement("HERON-25", "HERON", "2025-26", date(2025, 9, 1), None, adopted_on=date(2025, 3, 1))


def roster(*agreements: Agreement) -> Roster:
    return Roster({}, {one.agreement_id: one for one in agreements}, {}, ())


def adopted(agreement: Agreement, day: date) -> dict[str, Adoption]:
    one = Adoption(agreement.agreement_id, day, "", None, "A. Roe", day)
    return {agreement.agreement_id: one}


def test_the_rosters_day_goes_before_every_other() -> None:
    this = replace(THIS, review_due=date(2026, 10, 15))
    assert review_due(this, roster(this, LAST), adopted(LAST, date(2025, 8, 13))) == date(2026, 10, 15)


def test_it_is_due_a_year_after_the_last_adoption_with_the_same_partner() -> None:
    assert review_due(THIS, roster(THIS, LAST, ELSEWHERE), adopted(LAST, date(2025, 8, 13))) == date(2026, 8, 13)


def test_an_adoption_that_only_the_roster_tells_counts() -> None:
    last = replace(LAST, adopted_on=date(2024, 2, 29))
    assert review_due(THIS, roster(THIS, last), {}) == date(2025, 2, 28)


def test_of_two_days_of_adoption_the_later_one_is_the_last() -> None:
    last = replace(LAST, adopted_on=date(2025, 8, 20))
    assert adopted_on(last, adopted(LAST, date(2025, 8, 13))) == date(2025, 8, 20)
    assert adopted_on(THIS, {}) is None


def test_without_an_adoption_before_it_is_due_on_the_first_day() -> None:
    assert review_due(THIS, roster(THIS, LAST, ELSEWHERE), {}) == date(2026, 9, 1)


def test_its_own_adoption_and_a_later_agreements_do_not_move_it() -> None:
    adoptions = {**adopted(THIS, date(2026, 8, 13)), **adopted(NEXT, date(2027, 8, 11))}
    assert review_due(THIS, roster(THIS, NEXT), adoptions) == date(2026, 9, 1)


def test_an_adoption_closes_the_review_that_it_came_with() -> None:
    assert reviewed_on(THIS, roster(THIS), adopted(THIS, date(2026, 8, 13))) == date(2026, 8, 13)
    assert reviewed_on(THIS, roster(THIS), adopted(THIS, date(2026, 10, 1))) == date(2026, 10, 1)
    assert reviewed_on(THIS, roster(THIS), {}) is None


def test_adopted_in_august_with_a_review_due_in_june_speaks_of_the_next_review() -> None:
    this = replace(THIS, adopted_on=date(2026, 8, 20), review_due=date(2027, 6, 1))
    assert reviewed_on(this, roster(this), {}) is None


def test_an_adopted_agreement_comes_up_again_after_a_year() -> None:
    assert next_review_due(THIS, roster(THIS, LAST), adopted(THIS, date(2026, 8, 13))) == date(2027, 8, 13)


def test_it_does_not_come_up_again_unadopted_or_ended_or_followed_by_the_next() -> None:
    adoptions = adopted(THIS, date(2026, 9, 15))
    assert next_review_due(THIS, roster(THIS), {}) is None
    assert next_review_due(THIS, roster(THIS), adoptions) is None
    assert next_review_due(replace(THIS, ends=None), roster(THIS), adoptions) == date(2027, 9, 15)
    assert next_review_due(replace(THIS, ends=None), roster(THIS, NEXT), adoptions) is None
