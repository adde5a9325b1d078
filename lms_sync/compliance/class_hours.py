"""How long a class took, as sources write it: a figure, with or without its unit, and nothing else. Pure."""

import re

from lms_sync.text import fold

_FIGURE = re.compile(
    r"[+-]?\d+([.,:h]\d+){0,2} ?(h|hrs?|hours?|clock hours?|m|mins?|minutes?)?\.?", re.IGNORECASE | re.ASCII
)


def is_figure(words: str) -> bool:
    """Tell whether a text is a figure of hours or minutes: `7.5`, `7,5 hrs`, `1:30`, `1h30`, `90 minutes`."""
    return _FIGURE.fullmatch(words) is not None


def is_no_time(words: str) -> bool:
    """Tell whether a text is such a figure, and comes to nothing: `0`, `0.00 hrs`, `0:00`."""
    figure = fold(words)
    return is_figure(figure) and not any(digit in figure for digit in "123456789")
