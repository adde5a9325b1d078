"""Whom an agreement covers on a day: those whose assignment under it has not ended by then."""

from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model import Agreement, Assignment, Roster
from lms_sync.tables.fields import did_you_mean


def covered(roster: Roster, agreement_id: str, day: date) -> tuple[Assignment, ...]:
    """Return the assignments under the agreement that cover `day` or are still to begin, in the roster's order.

    Whoever starts later is covered too: the agreement must say of its staff, before they are assigned, that they are
    documented or how they will be (RCW 28A.400.345(1), 28A.320.1242).
    """
    return tuple(
        one
        for one in roster.assignments
        if one.agreement_id == agreement_id and (one.ends is None or day <= one.ends)
    )


def known_agreement(roster: Roster, agreement_id: str) -> Agreement:
    """Return the agreement, its id in any case. Raises: UsageError when the roster has none of this id."""
    for agreement in roster.agreements.values():
        if agreement.agreement_id.casefold() == agreement_id.strip().casefold():
            return agreement
    raise UsageError(
        f"{agreement_id}: the roster has no such agreement",
        hint=f"{did_you_mean(agreement_id, roster.agreements)}The roster's sheet Agreements holds the ids.",
    )
