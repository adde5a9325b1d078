"""When an agreement's yearly review and adoption are due. Pure."""

from collections.abc import Mapping
from datetime import date

from lms_sync.law.days import due
from lms_sync.model import Adoption, Agreement, Roster

YEARLY = 12
"""Months from one adoption to the next. Source: our reading of “annually” in RCW 28A.320.1242 (law/yearly.toml)."""
HALF_A_YEAR = 6
"""Months by which an adoption may come before the day that it was due on."""


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
        adopted_on(one, adoptions) for one in _with_same_partner(agreement, roster) if _is_before(one, agreement)
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


def next_review_due(agreement: Agreement, roster: Roster, adoptions: Mapping[str, Adoption]) -> date | None:
    """Return the day by which an adopted agreement comes up again, a year after its adoption.

    None while it is not adopted, when it ends before that day, and when the roster has a later agreement with the
    same partner: that one's own review stands for it.
    """
    last = adopted_on(agreement, adoptions)
    if last is None or any(_is_before(agreement, one) for one in _with_same_partner(agreement, roster)):
        return None
    day = due(last, YEARLY)
    return None if agreement.ends and agreement.ends < day else day


def _with_same_partner(agreement: Agreement, roster: Roster) -> list[Agreement]:
    return [
        one
        for one in roster.agreements.values()
        if one.partner_id == agreement.partner_id and one.agreement_id != agreement.agreement_id
    ]


def _is_before(one: Agreement, other: Agreement) -> bool:
    return one.starts < other.starts
