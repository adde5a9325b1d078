"""A person's word for what only a person may decide."""

from dataclasses import InitVar, dataclass
from datetime import datetime

from lms_sync.errors import UsageError

SAY_WHY = 'Add --reason "…"'


@dataclass(frozen=True, slots=True)
class Author:
    """A person's word for something that only a person may decide."""

    by: str
    reason: str
    at: datetime
    second: str = ""
    """Who agreed, where the settings ask for a second, signed-in person; empty elsewhere."""
    remedy: InitVar[str] = SAY_WHY
    """What to do where the reason is blank."""

    def __post_init__(self, remedy: str) -> None:
        """Check. Raises: UsageError when the name or the reason is blank."""
        if not (self.by.strip() and self.reason.strip()):
            raise UsageError("a decision needs a name and a reason", hint=f"{remedy}.")

    def __str__(self) -> str:
        """Return who and why."""
        return f"{self.by}: {self.reason}"
