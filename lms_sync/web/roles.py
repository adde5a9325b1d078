"""The roles of those who sign in, and who somebody is that did."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may see and do; `routes` says which pages."""

    HR = "hr"
    REVIEWER = "reviewer"
    TRAINER = "trainer"
    OPERATOR = "operator"
    READER = "reader"


EVERYBODY = frozenset(Role)
"""Of those who are signed in."""
ROLE_WORDS = {
    Role.HR: "HR",
    Role.REVIEWER: "agreement reviewer",
    Role.TRAINER: "trainer",
    Role.OPERATOR: "operator",
    Role.READER: "reader",
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in."""

    name: str
    email: str
    """Empty for the account of this machine, by the link that works once."""
    roles: frozenset[Role]
    csrf: str
    """What each form of this session carries."""

    def may(self, roles: frozenset[Role]) -> bool:
        """Tell whether one of the user's roles is among these."""
        return bool(self.roles & roles)

    @property
    def words(self) -> str:
        """Return the roles in words, `HR, trainer`."""
        return ", ".join(ROLE_WORDS[role] for role in Role if role in self.roles)
