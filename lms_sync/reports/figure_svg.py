"""Figures → SVG with a text alternative, for HTML pages and PDFs. Pure.

Nothing in it hangs on colour: each mark has its sign. Measures are in points.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from itertools import zip_longest

from lms_sync.compliance.gate import PartnerText, fill, joined, program
from lms_sync.reports import words
from lms_sync.reports.figures import GROUP_MARKS, STATE_MARKS, Timeline, YearOfStates
from lms_sync.tables.looks import COLOURS, Tone

WIDTH = 500
Groups = Sequence[tuple[str, int]]
"""(what people are counted under, how many of them), from the bottom up or from the left."""
_FONTS = "Noto Sans, DejaVu Sans, WenQuanYi Micro Hei, Arial, sans-serif"
_INK, _LINE = "#1a1a1a", "#8c8c8c"
_FILLS: dict[Tone, str] = {"": "#ffffff", **{tone: f"#{colour}" for tone, colour in COLOURS.items()}}


def timeline_svg(figure: Timeline, *, alternative: str = "") -> str:
    """Return the timeline as SVG: a line for each day on which something is due, its mark on the axis of months.

    `alternative` is said in place of the text that names everybody.
    """
    height = 15 * (len(figure.days) or 1) + 26
    return _drawn(WIDTH, height, alternative or timeline_words(figure), _timeline(figure))


def timeline_words(figure: Timeline) -> PartnerText:
    """Return the timeline's text alternative."""
    days = (fill("{}: {}.", due.when, due.what) for due in figure.days)
    return joined(" ", (program("What is due in the next six months:"), *days)) if figure.days else _NOTHING_DUE


_NOTHING_DUE = program("Nothing is due in the next six months.")


def states_svg(figure: YearOfStates) -> str:
    """Return the states over the past year as SVG: a column a month, each part with its sign and number."""
    return _drawn(WIDTH, 150, states_words(figure), _states(figure))


def states_words(figure: YearOfStates) -> PartnerText:
    """Return the text alternative of the states over the past year."""
    days = (
        fill("{}: {}.", words.written(counts.day), joined(", ", (_part(s, n) for s, n in counts.people)))
        for counts in figure.days
    )
    return joined(" ", (program("How many people stood in each state:"), *days))


def bar_svg(states: Groups, spoken: str) -> str:
    """Return one bar as SVG: a part for each group of people, with its sign and number where there is room."""
    return _drawn(WIDTH, 18, spoken, _bar(states))


def trend_svg(points: Sequence[tuple[date, Groups]], spoken: str) -> str:
    """Return how people stood night by night as SVG: a column a night, the first and the last day below."""
    most = max((sum(number for _, number in states) for _, states in points), default=0)
    wide = min(40.0, 380 / max(len(points), 1))
    days = {0, len(points) - 1} if wide < 34 else set(range(len(points)))
    columns = [(words.day_and_month(day) if n in days else "", states) for n, (day, states) in enumerate(points)]
    return _drawn(WIDTH, 150, spoken, _columns(columns, wide=wide, most=most))


def _bar(states: Groups) -> Iterator[str]:
    total, x = sum(number for _, number in states) or 1, 0.5
    for group, number in states:
        mark, wide = GROUP_MARKS[group], (WIDTH - 1) * number / total
        yield _box(x, 0.5, wide, 17, _FILLS[mark.tone])
        if wide >= 24:
            yield _text(f"{mark.sign} {number:,}", x + wide / 2, 12.5, size=10, middle=True)
        x += wide


def _part(state: object, number: int) -> PartnerText:
    return fill("{} {}", number, next(mark.word for known, mark in STATE_MARKS.items() if known == state))


def _timeline(figure: Timeline) -> Iterator[str]:
    left, right = 62.0, 230.0
    span = (figure.last - figure.first).days
    bottom = 15 * (len(figure.days) or 1) + 6
    for (day, name), (after, _) in zip_longest(
        figure.months, figure.months[1:], fillvalue=(figure.last, program(""))
    ):
        x = left + (right - left) * (day - figure.first).days / span
        if x < right - 8:
            yield f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{bottom}" stroke="{_LINE}" stroke-width="0.5"/>'
            yield _text(name if (after - day).days > 14 else "", x + 1, bottom + 10, size=7)
    for number, due in enumerate(figure.days):
        y = 15.0 * number + 11
        x = left + (right - left) * (due.day - figure.first).days / span
        yield _text(due.when, 0, y, size=8)
        yield f'<circle cx="{x:.1f}" cy="{y - 3}" r="5" fill="#ffffff" stroke="{_INK}"/>'
        yield _text(fill("{}", due.people), x, y - 0.6, size=7, middle=True)
        yield _text(_short(due.label), right + 8, y, size=8)
    if not figure.days:
        yield _text(_NOTHING_DUE, left, 11, size=8)


def _short(text: PartnerText, most: int = 66) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _states(figure: YearOfStates) -> Iterator[str]:
    columns = [(words.month(counts.day), counts.people) for counts in figure.days]
    return _columns(columns, wide=min(40.0, 380 / max(len(columns), 1)), most=figure.most)


def _columns(columns: Sequence[tuple[str, Groups]], *, wide: float, most: int) -> Iterator[str]:
    """Yield a column for each (label, people by group), each part with its sign and number, and what signs mean."""
    tall, groups = 110 / max(most, 1), {group for _, states in columns for group, _ in states}
    for place, (label, states) in enumerate(columns):
        x, y = 4 + place * wide, 118.0
        for group, people in states:
            mark, height = GROUP_MARKS[group], people * tall
            y -= height
            yield _box(x, y, wide - min(4, wide / 4), height, _FILLS[mark.tone])
            if height >= 7:
                text = f"{mark.sign} {people:,}" if wide >= 18 else f"{people:,}"
                yield _text(text, x + wide / 2 - 2, y + height / 2 + 2.5, size=7, middle=True)
        yield _text(label, x + wide / 2 - 2, 128, size=7, middle=place > 0 or wide >= 34)
    keyed = [mark for group, mark in GROUP_MARKS.items() if group in groups or group in STATE_MARKS]
    for place, mark in enumerate(reversed(keyed)):
        yield _text(f"{mark.sign} {mark.word}", 400, 14.0 + 13 * place, size=8)


def _drawn(width: float, height: float, alternative: str, parts: Iterable[str]) -> str:
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:g} {height:g}" width="100%"'
        f' font-family="{_FONTS}" aria-label="{escape(alternative)}"><title>{escape(alternative)}</title>'
        f"{inside}</svg>"
    )


def _text(text: str, x: float, y: float, *, size: float, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{_INK}"{anchor}>{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, fill_colour: str) -> str:
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill_colour}"'
    return f'{shape} stroke="{_LINE}" stroke-width="0.5"/>'
