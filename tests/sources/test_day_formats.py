"""Days read quickly are the days that `strptime` reads."""

import random
from datetime import datetime, timedelta

import pytest

from lms_sync.files import shipped
from lms_sync.sources.spreadsheet.day_formats import read_format
from lms_sync.sources.spreadsheet.layout import read_layout

LAYOUTS = [read_layout(path) for path in sorted((shipped("mappings") / "layouts").glob("*.toml"))]
FORMS = sorted({form for layout in LAYOUTS for form in layout.dates.formats})
MORE = (
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%b %d, %Y",
    "%B %d %Y %I %p",
    "%I:%M %d/%m/%Y",
    "%d %m %Y %A",
    "%y-%m-%d",
    "%d%%%m-%Y",
)
SPLICES = ("0", "1", "9", "31", "13", " ", "  ", "PM", "pm", "xm", "May", "MAY", "Monday", ",", "", "\u0663")


def by_strptime(words: str, form: str) -> datetime | None:
    try:
        read = datetime.strptime(words, form)
    except ValueError:
        return None
    return None if "%A" in form and read.strftime("%A").casefold() not in words.casefold() else read


@pytest.mark.parametrize("form", [*FORMS, *MORE])
def test_a_day_is_read_as_strptime_reads_it(form: str) -> None:
    chance = random.Random(form)
    for _ in range(200):
        at = datetime(1999, 12, 28, 23, 50) + timedelta(minutes=chance.randrange(20_000_000))
        words = at.strftime(form)
        assert read_format(words, form) == by_strptime(words, form)
        for _ in range(3):
            place = chance.randrange(len(words) + 1)
            words = words[:place] + chance.choice(SPLICES) + words[place + chance.randrange(3) :]
            assert read_format(words, form) == by_strptime(words, form), words
