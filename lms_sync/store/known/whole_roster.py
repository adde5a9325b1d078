"""Whether a roster as read hangs together: one that is recorded does, all of it or nothing."""

from collections.abc import Iterator

from lms_sync.errors import ConfigError
from lms_sync.model.roster import Roster
from lms_sync.model.stored.stored_type import CHANGED


def whole_roster(roster: Roster) -> Roster:
    """Return the roster. Raises: ConfigError where a part of it speaks of another that is not there."""
    for lacking in _lacking(roster):
        raise ConfigError(f"the database holds {lacking} that its roster does not have", hint=CHANGED)
    return roster


def _lacking(roster: Roster) -> Iterator[str]:
    for assignment in roster.assignments:
        if assignment.person_id not in roster.people:
            yield "an assignment of a person"
        if assignment.partner_id not in roster.partners:
            yield "an assignment to a partner"
        if assignment.agreement_id is not None and assignment.agreement_id not in roster.agreements:
            yield "an assignment under an agreement"
    for agreement in roster.agreements.values():
        if agreement.partner_id not in roster.partners:
            yield "an agreement with a partner"
