"""Whom an agreement covers on a day: those whose assignment under it has not ended by then."""

from datetime import date

from lms_sync.model.roster import Assignment, Roster


def covered(roster: Roster, agreement_id: str, day: date) -> tuple[Assignment, ...]:
    """Return the assignments under the agreement that cover `day` or are still to begin, in the roster's order.

    Whoever starts later is covered too: the agreement must say of its staff, before they are assigned, that they are
    documented or how they will be (RCW 28A.400.345(1), 28A.320.1242).
    """
    return tuple(
        assignment
        for assignment in roster.assignments
        if assignment.agreement_id == agreement_id and (assignment.ends is None or day <= assignment.ends)
    )
