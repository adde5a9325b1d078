"""When an agreement's yearly review and adoption are due, and what belongs to which year's review. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.law.days import DAY, due
from lms_sync.model.agreement import Adoption
from lms_sync.model.roster import Agreement, Roster

YEARLY = 12
"""Months from one adoption to the next. Source: our reading of “annually” in RCW 28A.320.1242 (law/yearly.toml)."""
HALF_A_YEAR = 6
"""Months by which an adoption may come before the day that it was due on."""


@dataclass(frozen=True, slots=True)
class YearlyReview:
    """One agreement's review for one year: the one that its last adoption closed, or the one that is open."""

    due: date
    """By when it is to be reviewed and adopted."""
    again: date | None
    """By when an adopted agreement comes up again; None when the next year's agreement stands for that."""
    begins: date
    """First day of its period: what is dated before it belongs to an earlier review."""
    adopted_on: date | None
    """The adoption that closed it."""
    before: date | None
    """The last adoption, when that closed an earlier review under the same Agreement ID."""


def round_of(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption], *, as_of: date) -> YearlyReview:
    """Return the review that counts on `as_of`; the next one from half a year before its day on.

    Its period begins a year before the agreement's first day, and a year later each year that the agreement runs on;
    never before the day after the adoption that closed the review before. Source: our reading of “annually” in
    RCW 28A.320.1242.
    """
    last, again = adopted_on(agreement, adoptions), comes_up_again(agreement, roster, adoptions)
    if again and last and due(again, -HALF_A_YEAR) <= as_of and _runs_on(agreement, again):
        begins = max(_year_of_review(agreement, as_of), last + DAY)
        return YearlyReview(again, None, begins, None, last)
    day, begins = review_due(agreement, roster, adoptions), _year_of_review(agreement, last or as_of)
    if last and last < begins:
        return YearlyReview(day, None, begins, None, last)
    return YearlyReview(day, again, begins, last, None)


def _year_of_review(agreement: Agreement, day: date) -> date:
    """Return the first day of the year before the agreement's own year that holds `day`, at least its first one."""
    years = 0
    while (following := due(agreement.starts, (years + 1) * YEARLY)) <= day and _runs_on(agreement, following):
        years += 1
    return due(agreement.starts, (years - 1) * YEARLY)


def _runs_on(agreement: Agreement, day: date) -> bool:
    """Tell whether the agreement runs on past a day, so that no other stands for its next year."""
    return agreement.ends is None or due(day, HALF_A_YEAR) <= agreement.ends


def adopted_on(agreement: Agreement, adoptions: Mapping[str, Adoption]) -> date | None:
    """Return the day on which the board last adopted the agreement: as recorded or by the roster, the later one.

    `adoptions` is by Agreement ID. None when neither tells of an adoption.
    """
    recorded = adoptions.get(agreement.agreement_id)
    return max((day for day in (recorded and recorded.on, agreement.adopted_on) if day), default=None)


def review_due(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption]) -> date:
    """Return the day by which the agreement is to be reviewed and adopted.

    It is the roster's `Review due` where there is one; else a year after the last adoption of an earlier agreement
    with the same partner; else the agreement's own first day.
    """
    if agreement.review_due:
        return agreement.review_due
    before = [
        adopted_on(other, adoptions)
        for other in _with_same_partner(agreement, roster)
        if _is_before(other, agreement)
    ]
    last = max((day for day in before if day), default=None)
    return due(last, YEARLY) if last else agreement.starts


def reviewed_on(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption]) -> date | None:
    """Return the day of the adoption that closed the review which `review_due` tells; None while it is open.

    An adoption more than half a year before that day closed the review before: a roster that says “adopted in August,
    review due in June” speaks of the next one.
    """
    last = adopted_on(agreement, adoptions)
    return last if last and due(last, HALF_A_YEAR) >= review_due(agreement, roster, adoptions) else None


def comes_up_again(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption]) -> date | None:
    """Return by when an adopted agreement comes up again: by the roster's `Review due` where that is the next one.

    None where `next_review_due` has none.
    """
    followed = any(_is_before(agreement, other) for other in _with_same_partner(agreement, roster))
    if adopted_on(agreement, adoptions) and not followed and reviewed_on(agreement, roster, adoptions) is None:
        return review_due(agreement, roster, adoptions)
    return next_review_due(agreement, roster, adoptions)


def next_review_due(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption]) -> date | None:
    """Return the day by which an adopted agreement comes up again, a year after its adoption.

    None while it is not adopted, when it ends before that day, and when the roster has a later agreement with the
    same partner: that one's own review stands for it.
    """
    last = adopted_on(agreement, adoptions)
    if last is None or any(_is_before(agreement, other) for other in _with_same_partner(agreement, roster)):
        return None
    day = due(last, YEARLY)
    return None if agreement.ends and agreement.ends < day else day


def _with_same_partner(agreement: Agreement, roster: Roster) -> list[Agreement]:
    return [
        other
        for other in roster.agreements.values()
        if other.partner_id == agreement.partner_id and other.agreement_id != agreement.agreement_id
    ]


def _is_before(agreement: Agreement, other: Agreement) -> bool:
    return agreement.starts < other.starts
