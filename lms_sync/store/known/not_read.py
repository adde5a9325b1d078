"""What stands in the place of completions that were not read."""

from collections.abc import Iterator
from typing import Any


class NotRead(tuple[Any, ...]):
    """Stands for the completions of a night that takes stored judgements, and for what became of each.

    Nobody may ask for them: what would be wrong without them fails, and tells nobody anything.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        """Raise RuntimeError."""
        raise RuntimeError("the completions were not read: this night took stored judgements")

    def __len__(self) -> int:
        """Raise RuntimeError."""
        return len(list(self))
