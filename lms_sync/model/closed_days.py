"""A range of days on which a district's schools are closed, as its settings state it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class ClosedDays:
    """Days without students, such as the winter break."""

    first: date
    last: date
    """Included; the same as `first` for a single day."""

    def __contains__(self, day: date) -> bool:
        """Tell whether the day is one of them."""
        return self.first <= day <= self.last
