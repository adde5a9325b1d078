"""Days read quickly are the days that `strptime` reads."""

import random
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest

from lms_sync.files import shipped
from lms_sync.sources.spreadsheet.day_formats import read_format
from lms_sync.sources.spreadsheet.layout import read_layout

LAYOUTS = [read_layout(path) for path in sorted((shipped("mappings") / "layouts").glob("*.toml"))]
FORMS = sorted({form for layout in LAYOUTS for form in layout.dates.formats})
ISO = tuple(
    f"%Y-%m-%d{between}%H:%M{rest}" for between in "T " for rest in ("", ":%S", "%z", " %z", ":%S%z", ":%S %z")
)
MORE = (
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%b %d, %Y",
    "%B %d %Y %I %p",
    "%I:%M %d/%m/%Y",
    "%d %m %Y %A",
    "%y-%m-%d",
    "%d%%%m-%Y",
    *ISO,
)
ZONES = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=8)))
SPLICES = (
    *("0", "1", "9", "31", "13", " ", "  ", "PM", "pm", "xm", "May", "MAY", "Monday", ",", "", "\u0663"),
    *("Z", "T", "t", "+", "-07:00", "+0530", ":60", "24", ":"),
)


def by_strptime(words: str, form: str) -> datetime | None:
    try:
        read = datetime.strptime(words, form)
    except ValueError:
        return None
    return None if "%A" in form and read.strftime("%A").casefold() not in words.casefold() else read


@pytest.mark.parametrize("form", dict.fromkeys((*FORMS, *MORE)))
def test_a_day_is_read_as_strptime_reads_it(form: str) -> None:
    chance = random.Random(form)
    for _ in range(200):
        at = datetime(1999, 12, 28, 23, 50) + timedelta(minutes=chance.randrange(20_000_000))
        words = at.replace(tzinfo=chance.choice(ZONES)).strftime(form)
        assert read_format(words, form) == by_strptime(words, form)
        for _ in range(3):
            place = chance.randrange(len(words) + 1)
            words = words[:place] + chance.choice(SPLICES) + words[place + chance.randrange(3) :]
            assert read_format(words, form) == by_strptime(words, form), words


@pytest.mark.parametrize("words", ["2026-02-03{}04:05{}{}", "2026-02-30{}04:05{}{}", "2026-02-03{}24:00{}{}"])
def test_a_day_of_iso_is_read_by_the_formats_by_which_strptime_reads_it(words: str) -> None:
    for between, seconds, zone in product("Tt ", ("", ":06", ":60"), ("", "Z", " Z", "+05:30", " -0800", "+99:00")):
        text = words.format(between, seconds, zone)
        for form in ISO:
            assert read_format(text, form) == by_strptime(text, form), (text, form)
