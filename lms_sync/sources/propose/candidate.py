"""A column that may play a role, how well, and why."""

from dataclasses import dataclass
from typing import Literal

from lms_sync.sources.propose.columns import ColumnProfile
from lms_sync.sources.spreadsheet.layout_rules import Role

SURE, LIKELY, UNSURE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class RoleCandidate:
    """A column that may play a role."""

    role: Role
    column: ColumnProfile
    score: int
    """SURE, LIKELY or UNSURE."""
    why: str
    question: str = ""
    """What a person must say before it is used; always there for an UNSURE one that is chosen."""

    @property
    def sure(self) -> Literal["sure", "likely", "unsure"]:
        """Return the score in a word."""
        return "sure" if self.score == SURE else "likely" if self.score == LIKELY else "unsure"


def asked(role: Role, column: ColumnProfile, why: str, *, question: str = "") -> RoleCandidate:
    """Return an unsure candidate, with the question that decides it."""
    return RoleCandidate(role, column, UNSURE, why, question or f"is “{column.heading}” {role}? {why}")
