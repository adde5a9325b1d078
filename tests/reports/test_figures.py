"""Figures: each mark a sign, a word and a colour; the same figure as SVG with its text alternative."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from lms_sync.compliance.gap_report import StateCounts
from lms_sync.compliance.gate import made_up
from lms_sync.law.standing import State
from lms_sync.operations.sample import sample_report
from lms_sync.reports import figure_svg
from lms_sync.reports.figure_svg import states_svg, timeline_svg
from lms_sync.reports.figures import LEGEND, STATE_MARKS, grid, states_over_the_year, timeline

REPORT = sample_report()
SVG = "{http://www.w3.org/2000/svg}"


def test_every_mark_can_be_told_without_colour() -> None:
    assert len({mark.sign for mark in LEGEND}) == len({mark.word for mark in LEGEND}) == len(LEGEND)
    assert len({mark.sign for mark in STATE_MARKS.values()}) == len(STATE_MARKS) == len(State)


def test_the_grid_has_fifteen_columns_and_a_row_for_each_person() -> None:
    figure = grid(REPORT)
    assert len(figure.heads) == 15
    assert [row.name for row in figure.rows] == [str(person.name) for person in REPORT.people][:4] + [
        row.name for row in figure.rows[4:]
    ]
    assert {len(row.cells) for row in figure.rows} == {15}
    assert [cell.text for cell in figure.rows[0].cells[-2:]] == ["○ 1/2", "– none"]
    assert figure.rows[1].cells[-1].text == "! 4/6"


def test_the_timeline_holds_six_months_from_the_day_judged_on_and_nothing_late() -> None:
    figure = timeline(REPORT)
    assert (figure.first, figure.last, figure.past) == (date(2026, 11, 23), date(2027, 5, 23), 2)
    assert [(due.day, due.label) for due in figure.days] == [
        (date(2026, 12, 31), "1 person: classroom topics"),
        (date(2027, 2, 28), "1 person: on-the-job training days"),
        (date(2027, 3, 1), "1 person: classroom topics"),
    ]
    assert "Grant, Marcus Jr." in figure.days[0].what


def test_the_year_shows_one_day_a_month_and_today() -> None:
    days = (date(2025, 11, 22), date(2026, 1, 5), date(2026, 1, 26), date(2026, 10, 5), date(2026, 11, 23))
    history = tuple(StateCounts(day, ((State.OVERDUE, 3),)) for day in days)
    figure = states_over_the_year(replace(REPORT, history=history))
    assert [counts.day for counts in figure.days] == [date(2026, 1, 26), date(2026, 10, 5), REPORT.as_of]
    assert sum(number for _, number in figure.days[-1].people) == figure.most == len(REPORT.people)


def test_each_cell_says_in_words_what_its_sign_says() -> None:
    figure = grid(REPORT)
    cells = [(head, cell) for row in figure.rows for head, cell in zip(figure.heads, row.cells, strict=True)]
    assert all(cell.spoken.startswith(f"{head}: ") and cell.spoken.endswith(cell.mark.word) for head, cell in cells)
    assert {"1 of 2 done" in cell.spoken for _, cell in cells if "1/2" in cell.text} == {True}


@pytest.mark.parametrize(
    "draw",
    [
        lambda report: timeline_svg(timeline(report)),
        lambda report: states_svg(states_over_the_year(report)),
    ],
)
def test_each_is_well_formed_and_has_a_text_alternative(draw: Callable[..., str]) -> None:
    name = made_up('<script>"&</script>')
    report = replace(REPORT, people=tuple(replace(person, name=name) for person in REPORT.people))
    root = ElementTree.fromstring(draw(report))
    assert root.get("role") == "img"
    assert len(str(root.get("aria-label"))) > 40
    assert root.get("aria-label") == root.findtext(f"{SVG}title")
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "text", "rect", "circle", "line")
    }
    empty = ElementTree.fromstring(draw(replace(REPORT, people=())))
    assert empty.get("aria-label")


def test_the_ink_of_figures_stands_out_from_every_fill() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert min((light(fill) + 0.05) / (light(figure_svg._INK) + 0.05) for fill in figure_svg._FILLS.values()) > 7
