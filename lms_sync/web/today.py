"""Today: what HR does first in the morning; and the states of the last year as a small chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms_sync.law.standing import State
from lms_sync.operations.today import Morning, StatesThen, month_ends, morning, states_on, states_then, words_at
from lms_sync.store.workspace import Workspace
from lms_sync.web.opening import JudgedDistrict, OpenDistrict
from lms_sync.web.second import lines
from lms_sync.web.visit import Visit, page
from lms_sync.web.wording import AREA_WORDS, STATE_NAMES, WAITS, due_lines

WIDTH, HEIGHT = 640, 160
GAP = 8
"""Between two bars of the chart."""
MOST = 50
"""Lines of one list; People has them all."""


def today(visit: Visit) -> str:
    """Return the first page."""
    judgement = visit.judgement
    found = morning_of(visit.district, visit.workspace, judgement)
    return page(
        "today.html",
        morning=found,
        areas=AREA_WORDS,
        waits=WAITS,
        due=due_lines(found.due),
        zone=visit.workspace.zone,
        day=judgement.issuer.judged.as_of,
        most=MOST,
        requests=[line for line in lines(visit) if not line.own],
    )


def morning_of(district: OpenDistrict, workspace: Workspace, judgement: JudgedDistrict) -> Morning:
    """Return what the first page says of a judgement, made once for it."""

    def words_then(night: datetime) -> Mapping[str, str]:
        if night not in district.nights:
            district.nights.clear()
            district.nights[night] = words_at(workspace, night)
        return district.nights[night]

    return judgement.once("morning", lambda: morning(workspace, judgement.issuer, words_then=words_then))


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar: as many people as stood in one state."""

    state: State
    x: float
    y: float
    width: float
    height: float


def year(visit: Visit) -> str:
    """Return the states of the last twelve months' ends, as a chart and a table of the same figures."""
    past = visit.district.past
    for day in month_ends(visit.workspace.today()):
        if day not in past:
            past[day] = states_then(visit.workspace, day)
    months = [found for day in month_ends(visit.workspace.today()) if (found := past[day]) is not None]
    months.append(states_on(visit.issuer.snapshot, visit.issuer.judged))
    return page("year.html", months=months, blocks=_blocks(months), names=STATE_NAMES, width=WIDTH, height=HEIGHT)


def _blocks(months: list[StatesThen]) -> list[BarPart]:
    """Return the chart's bars: one a month, as high as its people are many, the most pressing state lowest."""
    most = max((month.total for month in months), default=0)
    blocks = []
    for number, month in enumerate(months):
        step = WIDTH / len(months)
        width = min(step - GAP, 60)
        y = float(HEIGHT)
        for state, people in month.counts:
            height = round(HEIGHT * people / most, 1) if most else 0.0
            y = round(y - height, 1)
            if people:
                blocks.append(BarPart(state, round(number * step + GAP / 2, 1), y, round(width, 1), height))
    return blocks
