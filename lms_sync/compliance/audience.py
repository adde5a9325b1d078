"""Who of a partner reads of whom: its main contacts of everybody, others of some buildings only. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lms_sync.model.finding import short_hash
from lms_sync.model.roster import Assignment, Partner
from lms_sync.text import fold

PREFIX = "at "
OF_SOME = re.compile(r"\bat [0-9a-f]{16}\b")
"""What `about_of` gives for some buildings, alone or behind a warning's day."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Contacts of a partner who read the same."""

    partner: Partner
    """With their addresses alone."""
    at: tuple[str, ...] = ()
    """The buildings of whose people they read; empty: of everybody."""

    @property
    def about(self) -> str:
        """Return what tells these contacts' messages from the partner's others."""
        return about_of(self.at)


def about_of(at: Collection[str]) -> str:
    """Return what a message about the people of some buildings is about; empty for one about everybody."""
    return f"{PREFIX}{short_hash(*sorted(map(fold, at)))}" if at else ""


def audiences(partner: Partner) -> tuple[Audience, ...]:
    """Return the main contacts first, then those of each group of buildings."""
    groups: dict[str, list[str]] = {}
    buildings: dict[str, tuple[str, ...]] = {}
    for contact in partner.contacts:
        about = about_of(contact.buildings)
        groups.setdefault(about, []).append(contact.address)
        buildings.setdefault(about, contact.buildings)
    whole = Audience(replace(partner, contacts=()))
    return (
        whole,
        *(
            Audience(replace(partner, report_to=tuple(addresses), copy_to=(), contacts=()), buildings[about])
            for about, addresses in groups.items()
        ),
    )


def assigned_at(assignments: Sequence[Assignment], at: Collection[str]) -> tuple[Assignment, ...]:
    """Return the assignments to any of the buildings; all of them where none are named.

    Whoever has no building on the roster is at none.
    """
    wanted = set(map(fold, at))
    return tuple(a for a in assignments if not wanted or any(fold(name) in wanted for name, _ in a.buildings))
