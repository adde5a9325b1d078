"""An agreement that runs on comes up again each year: what was seen for one year does not make the next one whole."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lms_sync.agreements.review.progress import list_row, review_json, show_json, show_text
from lms_sync.agreements.review.status import Recorded, Review, review_findings, review_of
from lms_sync.model.roster import Agreement
from tests.agreements.test_review import ENDS, FILLED, HERON, POINTS, WHOLE, document, point, recorded, roster

VOTE = date(2026, 8, 20)
OPEN = replace(HERON, ends=None)
THREE_YEARS = replace(HERON, ends=date(2029, 8, 31))
ADOPTED = recorded(*WHOLE.points.values(), issued=WHOLE.issued, adopted=VOTE)


def review(facts: Recorded, agreement: Agreement, as_of: date) -> Review:
    return review_of(roster(agreement), facts, agreement, as_of=as_of)


def seen(on: date, *, adopted: date | None = VOTE) -> Recorded:
    """Return a review in which all was seen on one day, with a document of that day."""
    points = (replace(point(name), on=on) for name in FILLED)
    return recorded(*points, issued=(document(as_of=on),), adopted=adopted)


@pytest.mark.parametrize("agreement", [OPEN, THREE_YEARS])
def test_the_next_review_opens_half_a_year_before_its_day(agreement: Agreement) -> None:
    before = review(ADOPTED, agreement, date(2027, 2, 19))
    after = review(ADOPTED, agreement, date(2027, 2, 20))

    assert (before.adopted_on, before.again, before.lacks) == (VOTE, date(2027, 8, 20), ())
    assert (after.adopted_on, after.adoption, after.before, after.due) == (None, None, VOTE, date(2027, 8, 20))
    assert [lack.point.id for lack in after.lacks] == [one.id for one in POINTS]
    assert (after.overdue, review(ADOPTED, agreement, date(2027, 8, 21)).overdue) == (False, True)


@pytest.mark.parametrize("agreement", [OPEN, replace(OPEN, review_due=date(2029, 6, 1))])
@pytest.mark.parametrize("facts", [WHOLE, ADOPTED], ids=["never adopted", "adopted in 2026"])
def test_what_was_seen_in_2026_makes_no_review_of_2029_whole(agreement: Agreement, facts: Recorded) -> None:
    found = review(facts, agreement, date(2029, 5, 11))

    assert len(found.lacks) == len(POINTS)
    assert found.begins == date(2027, 9, 1)


def test_the_next_review_counts_from_the_day_after_the_vote_that_closed_the_one_before() -> None:
    year = date(2027, 3, 1)

    assert review(ADOPTED, OPEN, year).begins == date(2026, 8, 21)
    assert len(review(seen(VOTE), OPEN, year).lacks) == len(POINTS)
    assert review(seen(date(2026, 8, 21)), OPEN, year).lacks == ()


def test_a_closed_review_stays_whole_and_so_does_one_of_a_single_year() -> None:
    again = seen(date(2027, 6, 1), adopted=date(2027, 6, 11))

    assert review(again, OPEN, date(2027, 12, 10)).lacks == ()
    assert review(ADOPTED, HERON, date(2031, 1, 1)).lacks == ()
    assert review(ADOPTED, HERON, date(2031, 1, 1)).adopted_on == VOTE


def test_the_last_year_of_an_agreement_waits_for_the_next_agreement() -> None:
    last = seen(date(2028, 8, 1), adopted=date(2028, 8, 20))

    assert review(last, THREE_YEARS, date(2030, 1, 1)).lacks == ()


def test_a_later_vote_that_only_the_roster_tells_is_not_the_recorded_one() -> None:
    told = replace(OPEN, adopted_on=date(2027, 8, 19))
    found = review(ADOPTED, told, date(2027, 10, 1))
    codes = [one.code for one in review_findings(roster(told), ADOPTED, as_of=date(2027, 10, 1))]

    assert (found.adopted_on, found.adoption) == (date(2027, 8, 19), None)
    assert codes == ["adoption-unrecorded"]


def test_hr_is_told_that_the_next_review_is_overdue_and_since_when() -> None:
    (found,) = review_findings(roster(OPEN), ADOPTED, as_of=date(2027, 8, 21))

    assert found.code == "review-overdue"
    assert found.found.startswith(
        "it was adopted on 20 Aug 2026; the next review and adoption were due on 20 Aug 2027"
    )


def test_the_list_and_the_page_say_what_closed_the_review_before() -> None:
    found = review(ADOPTED, OPEN, date(2027, 3, 1))

    assert "last 20 Aug 2026" in list_row(found)
    assert "Not adopted. The last adoption, on 20 Aug 2026, closed an earlier review." in show_text(found, (), {})
    assert review_json(found)["adopted_before"] == "2026-08-20"


def documents(*, withdrawn: bool = False) -> Review:
    """Return a review with three documents; the newest one is withdrawn or not."""
    at = datetime(2026, 7, 9, tzinfo=UTC)
    why = {"withdrawn_at": at, "withdrawn_by": "A. Roe", "withdrawn_because": "a wrong name"} if withdrawn else {}
    issued = (document(), document(number="TP-2"), document(number="TP-3", **why))
    return review(replace(WHOLE, issued=issued), HERON, date(2026, 8, 1))


def test_of_several_documents_that_stand_the_newest_is_in_force_and_replaces_the_others() -> None:
    text = show_text(documents(), (), {})
    told = show_json(documents(), (), {})["documents"]

    assert "TP-3 as of 2 Jul 2026, issued by A. Roe; the one in force" in text
    assert text.count("; replaced by TP-3") == 2
    assert [one["replaced_by"] for one in told] == ["TP-3", "TP-3", None]
    assert "plan TP-3 of 2 Jul 2026 (replaces TP-2026-0001, TP-2)" in list_row(documents())


def test_a_withdrawn_document_replaces_nothing() -> None:
    one = documents(withdrawn=True)

    assert [two["replaced_by"] for two in show_json(one, (), {})["documents"]] == ["TP-2", None, None]
    assert "plan TP-2 of 2 Jul 2026 (replaces TP-2026-0001)" in list_row(one)
    assert "TP-3 as of 2 Jul 2026, issued by A. Roe; withdrawn by A. Roe: a wrong name" in show_text(one, (), {})


def test_an_earlier_years_document_says_so_until_a_newer_one_replaces_it() -> None:
    old, new = document(as_of=date(2025, 8, 1)), document(number="TP-2")
    alone = review(replace(WHOLE, issued=(old,)), HERON, date(2026, 8, 1))
    both = review(replace(WHOLE, issued=(old, new)), HERON, date(2026, 8, 1))

    assert "as of 1 Aug 2025, issued by A. Roe; before this review's period" in show_text(alone, (), {})
    assert "as of 1 Aug 2025, issued by A. Roe; replaced by TP-2" in show_text(both, (), {})


@pytest.mark.parametrize(("day", "ended"), [(ENDS, False), (date(2027, 9, 1), True)])
def test_an_agreement_is_marked_as_ended_from_the_day_after_its_last(day: date, *, ended: bool) -> None:
    one = review(ADOPTED, HERON, day)

    assert ("2027-08-31 (ended)" in list_row(one)) is ended
    assert ("to 31 Aug 2027 (ended)." in show_text(one, (), {})) is ended
    assert review_json(one)["ended"] is ended
