"""Ids that people type → what they name on the roster, or a refusal with a hint."""

from lms_sync.errors import UsageError
from lms_sync.model.roster import Agreement, Person, Roster
from lms_sync.text import did_you_mean_id


def known_person(roster: Roster, person_id: str) -> Person:
    """Return the person who has this very Person ID. Raises: UsageError when nobody on the roster has it."""
    if person_id not in roster.people:
        raise UsageError(
            f"nobody on the roster has the Person ID {person_id}",
            hint=f"{did_you_mean_id(person_id, roster.people)}The roster's sheet People holds the ids, leading zeros"
            " included.",
        )
    return roster.people[person_id]


def known_agreement(roster: Roster, agreement_id: str) -> Agreement:
    """Return the agreement, its id in any case. Raises: UsageError when the roster has none of this id."""
    for agreement in roster.agreements.values():
        if agreement.agreement_id.casefold() == agreement_id.strip().casefold():
            return agreement
    raise UsageError(
        f"{agreement_id}: the roster has no such agreement",
        hint=f"{did_you_mean_id(agreement_id, roster.agreements)}The roster's sheet Agreements holds the ids.",
    )
