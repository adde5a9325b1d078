"""CPU time that reading what comes from outside may take in sum: one message, the mailbox, a source, a night."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from lms_sync.tables.cells import Unreadable

running = 0.0
"""CPU seconds that the process which reads workbooks has taken so far; those of ended processes count by themselves.

Set by `guard.py`.
"""


def cpu_spent() -> float:
    """Return the CPU seconds that this process and its children have taken."""
    ended = 0.0
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = used.ru_utime + used.ru_stime
    return time.process_time() + ended + running


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU seconds for some work, as a part of what a larger budget has left."""

    what: str
    """Whose time it is, in words: `the source acme`."""
    seconds: float
    within: "Budget | None" = None
    clock: Callable[[], float] = cpu_spent
    began: float = field(init=False)

    def __post_init__(self) -> None:
        """Start counting."""
        object.__setattr__(self, "began", self.clock())

    @property
    def left(self) -> float:
        """Return the CPU seconds that are left; zero or less when it is used up."""
        own = self.seconds - (self.clock() - self.began)
        return own if self.within is None else min(own, self.within.left)

    @property
    def narrowest(self) -> "Budget":
        """Return the budget that ends first: this one or one that it is a part of."""
        outer = self.within.narrowest if self.within else self
        own = self.seconds - (self.clock() - self.began)
        return self if outer is self or own <= outer.left else outer

    def __str__(self) -> str:
        """Return it as a sentence has it: `the 30 CPU minutes of the source acme`."""
        minutes = self.seconds / 60
        time_words = f"{minutes:g} CPU minutes" if minutes >= 2 else f"{self.seconds:g} CPU seconds"
        return f"the {time_words} of {self.what}"


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def spending(budget: Budget) -> Iterator[Budget]:
    """Have what is read meanwhile paid from a budget."""
    token = _CURRENT.set(budget)
    try:
        yield budget
    finally:
        _CURRENT.reset(token)


def current_budget() -> Budget | None:
    """Return the budget that pays for what is read now; None where nothing is limited."""
    return _CURRENT.get()


def seconds_for(most: float) -> float:
    """Return the CPU seconds that one file may take: `most`, or what is left.

    Raises: Unreadable when nothing is left.
    """
    budget = current_budget()
    if budget is None:
        return most
    if budget.left <= 0:
        raise not_tonight(budget)
    return min(most, budget.left)


def not_tonight(budget: Budget) -> Unreadable:
    """Return the refusal of what no longer fits."""
    return Unreadable(
        f"it was not read tonight: {budget.narrowest} are used up",
        "what is read within the limits of [limits] in lms_sync.toml",
        "It comes the next night. If that goes on, split the files, or raise the limit.",
    )
