"""How far a partner has been warned of last lawful days that come near."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Warned:
    """What the last warnings to one partner were, or that some are still owed."""

    through: date
    """Every warning whose day is this one or an earlier one was given, or was not for this program to give."""
    given: tuple[str, ...] = ()
    """What was warned of on that very day: as hashes, sorted."""
    behind: bool = False
    """True where a later night could not make them: the next one goes on from `through`."""

    def since(self, last_night: date | None, today: date) -> date:
        """Return the day after which warnings are wanted today, by the day of the last night that came to its end."""
        if self.behind:
            return min(self.through, _before(today))
        return min(max(self.through, last_night or self.through), _before(today))


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def not_warned(last_night: date | None, today: date) -> Warned:
    """Return where a partner stands that was never warned: from the last night on, or from today."""
    return Warned(min(last_night or _before(today), _before(today)))
