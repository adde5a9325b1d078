"""Lines of a csv file that were read before are not even parsed, and what the file is like is told all the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest

from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.tables.text_lines import TextLines, lines_of
from tests.operations.two_stores import HEADINGS, LAYOUT, Town, one_class, town
from tests.sources.sample_files import layout_named

__all__ = ["town"]

WHEN = '"Wednesday, 2 September 2026, 03:00 PM"'


def row(number: int, *, institution: str = "Acme", more: str = "", when: str = WHEN) -> str:
    return f"u{number},E{number:06},u{number}@example.org,Ann,Bell,{institution},T1,Topic 1,Yes,{when}{more}"


def file(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *rows, "")).encode()


MANY = [row(number) for number in range(30)]
BLANK = [row(number, institution="") for number in range(30)]
BORN = [row(number, institution=f"{number % 9 + 1}/3/1985") for number in range(30)]
BLANK_NEW = [row(number, institution="") for number in range(40, 44)]
NUMBERS = [row(number, institution=f"123-45-67{number}") for number in range(50, 70)]
NOTED = [row(number, more=",fine") for number in range(30)]
WITH_NOTE = f"{HEADINGS},Note"
REFUSED = [
    row(50, when="in autumn"),
    row(51, when="in autumn").replace("Ann,Bell", "Zed,Zulu"),
    row(52, when="in autumn").replace("Yes", "Perhaps"),
    row(53).replace("Yes", "Perhaps"),
    row(54).replace("u54,E000054,u54@example.org,Ann,Bell", ",,,,"),
    row(55, when="in autumn").replace("u55,E000055,u55@example.org,Ann,Bell", ",,,,"),
    row(56, when="in autumn").replace("Yes", "No"),
    row(12, when="in autumn"),
    row(12, when="#N/A"),
    row(57, when="123-45-6789"),
    row(58, when='"in autumn,\u200b at\nnight"'),
]
NIGHTS: Mapping[str, tuple[bytes, ...]] = {
    "rows appended, then on top": (file(*MANY), file(*MANY, row(40)), file(row(41), *MANY, row(40))),
    "rows gone, changed and twice": (file(*MANY), file(*MANY[:20]), file(*MANY[:9], row(9, when="never"), *MANY[8:])),
    "a record that another row speaks of otherwise": (file(*MANY), file(*MANY, MANY[12].replace("Yes", "No"))),
    "a learner who has another name": (file(*MANY), file(*MANY, row(12).replace("Ann,Bell", "Zed,Zulu"))),
    "a wider row": (file(*MANY), file(*MANY, row(40, more=",x")), file(*MANY, row(40, more=",x"), row(41))),
    "a wider row that goes": (file(*MANY, row(40, more=",x")), file(*MANY), file(*MANY, row(41))),
    "a column that was blank": (file(*BLANK), file(*BLANK, row(40)), file(*BLANK, row(40), row(41, institution=""))),
    "a column that is blank in new rows": (file(*MANY), file(*MANY, *BLANK_NEW)),
    "birth dates": (file(*BORN), file(*BORN, row(40, institution="5/5/1985")), file(*BORN, row(41))),
    "birth dates in new rows only": (
        file(*MANY),
        file(*MANY, *[row(n, institution="5/5/1985") for n in range(40, 44)]),
        file(*[row(n, institution="5/5/1985") for n in range(40, 44)]),
    ),
    "birth dates, few": (
        file(*BLANK, row(40, institution="5/5/1985")),
        file(*BLANK, row(40, institution="5/5/1985"), row(41, institution="6/6/1985")),
        file(row(42, institution="7/7/85"), *BLANK, row(40, institution="5/5/1985"), row(41, institution="6/6/1985")),
    ),
    "social security numbers": (
        file(*MANY),
        file(*MANY, row(40, institution="123-45-6789")),
        file(*MANY[:3], *[row(n, institution=f"123-45-67{n}") for n in range(40, 49)]),
        file(*MANY[:5], *[row(n, institution=f"123-45-67{n}") for n in range(40, 46)]),
        file(*MANY[:9], *[row(n, institution=f"123-45-67{n}") for n in range(40, 46)]),
        file(*NUMBERS[:11], *MANY[:9]),
        file(*NUMBERS[:3], *MANY[:9]),
    ),
    "the header on another line": (file(*MANY), b"A report\n" + file(*MANY, row(40)), b"\n\n" + file(*MANY)),
    "no line break at the end": (file(*MANY)[:-1], file(*MANY, row(40))[:-1], file(*MANY[:12])[:-1]),
    "cut off": (file(*MANY), file(*MANY, row(40))[:-60], file(*MANY, row(40))[:-9], file(*MANY)[:-1]),
    "cells of several lines": (
        file(*MANY, row(40, institution='"Acme\nInc"')),
        file(*MANY, row(40, institution='"Acme\nInc"'), row(41, institution='"Acme\nInc"')),
        file(*MANY, row(40, institution='"Acme\nInc'), row(41)),
    ),
    "quotes that are wrong": (
        file(*MANY),
        file(*MANY, row(40, institution='"Ac"me')),
        file(*MANY, row(41, institution='5"')),
    ),
    "other line ends": (
        file(*MANY),
        file(*MANY, row(40)).replace(b"\n", b"\r\n"),
        file(*MANY, row(41)).replace(b"\n", b"\r"),
        file(*MANY, row(42)).replace(b"\n", b"\r\r\n"),
    ),
    "other encodings": (
        file(*MANY, row(40, institution="Café")),
        file(*MANY, row(40, institution="Café"), row(41)).decode().encode("cp1252"),
        file(*MANY, row(40, institution="Café"), row(41)).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + file(*MANY, row(40, institution="Café"), row(42)),
    ),
    "another separator": (file(*MANY), file(*MANY, row(40)).replace(b", ", b" ").replace(b",", b";")),
    "a column more": (
        file(*MANY),
        file(*NOTED, headings=WITH_NOTE),
        file(*NOTED, row(40, more=","), headings=WITH_NOTE),
    ),
    "rows that are refused, moved, mended and let go": (
        file(*MANY, *REFUSED),
        file(row(41), *MANY[:9], row(42), *MANY[9:], *REFUSED),
        file(*REFUSED[:2], *MANY, row(40), *REFUSED[3:]),
        file(*NOTED, *[f"{words},x" for words in REFUSED], headings=WITH_NOTE),
        file(*MANY, row(50), *REFUSED[1:], row(43, when="in spring")),
        b"A report\n" + file(*MANY, row(50, when="in winter"), *REFUSED[4:]),
        file(*MANY),
    ),
    "blank lines": (file(*MANY), file(*MANY[:9], "", ",,,,,,,,,", *MANY[9:], "", ""), file(*MANY, "", row(40), "")),
}  # fmt: skip
SHORT = LAYOUT.model_copy(update={"sheet": LAYOUT.sheet.model_copy(update={"header_within": 3})})
WITH_COMPANY = SHORT.model_copy(update={"keep": ("Institution",)})
WITHOUT = SHORT.model_copy(
    update={
        "columns": {role: names for role, names in LAYOUT.columns.items() if role != "employer"},
        "optional": tuple(role for role in LAYOUT.optional if role != "employer"),
    }
)


LAYOUTS = {"named": SHORT, "kept": WITH_COMPANY, "not named": WITHOUT}


@pytest.mark.parametrize(("number", "what"), [*enumerate(NIGHTS)], ids=NIGHTS)
def test_nothing_tells_known_lines_from_a_file_read_as_a_whole(
    town: Callable[[], Town], number: int, what: str
) -> None:
    """One way of naming the column in question a day; `make test-slow` takes all."""
    play(town(), what, [*LAYOUTS.values()][number % 3])


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_nothing_tells_them_apart_however_the_column_is_named(town: Callable[[], Town], layout: Layout) -> None:
    for what in NIGHTS:
        play(town(), what, layout)


def play(here: Town, what: str, layout: Layout) -> None:
    for content in (*NIGHTS[what], NIGHTS[what][0]):
        here.files = {"a.csv": (content, layout, "UTC")}
        first, second = here.night(accept_drop=True)
        assert (first.files, str(first.error)) == (second.files, str(second.error)), what
        assert (first.findings, here.differences()) == (second.findings, []), what


LOG_HEAD = "Date,Officer,Person ID,Activity,Experienced officer,Host school,Hours"
LOGGED = tuple(f"09/{n + 1:02}/2025,Ana Reyes,E{n},On-the-job day,Lt. Moss,Lincoln HS,7" for n in range(20))


def test_rows_that_were_known_are_read_anew_where_a_line_above_them_says_planned(town: Callable[[], Town]) -> None:
    here, planned = town(), [*LOGGED[:18], "Planned", *LOGGED[18:]]
    found = []
    for rows in (LOGGED, [*LOGGED, LOGGED[0].replace("E0", "E90")], planned, [*planned, LOGGED[0]], LOGGED):
        content = "\n".join((LOG_HEAD, *rows, "")).encode()
        here.files = {"log.csv": (content, layout_named("on-the-job-log"), "")}
        first, second = here.night(accept_drop=True)
        assert (first.findings, here.differences()) == (second.findings, [])
        found.append(sum(one.code == "below-a-denial" for group in first.findings.values() for one in group))
    assert found == [0, 0, 2, 3, 0]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return what grows by the number of each line that is parsed."""
    found: list[int] = []
    records = TextLines.records

    def counted(lines: TextLines, numbers: Iterable[int]) -> Iterator[list[str]]:
        wanted = [*numbers]
        found.extend(wanted)
        return records(lines, wanted)

    monkeypatch.setattr(TextLines, "records", counted)
    return found


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("end", [b"\n", b""], ids=["ended", "not ended"])
def test_only_new_lines_are_parsed_and_those_in_which_the_header_may_stand(
    town: Callable[[], Town], parsed: list[int], layout: Layout, end: bytes
) -> None:
    here, contents = town(), (file(*MANY), file(*MANY, row(40)), file(row(41), *MANY, row(40)))
    found = []
    for content in contents:
        parsed.clear()
        one_class(here, content.removesuffix(b"\n") + end, layout=layout)
        found.append({*parsed})
    assert found == [{*range(1, 32)}, {1, 2, 3, 4, 32}, {1, 2, 3, 4} if end else {1, 2, 3, 4, 33}]


WHOLE = {
    "blank": b"",
    "lone carriage returns": b"a,b\r1,2\r",
    "one of them": b"a,b\r\n1,2\r3,4\r\n",
    "one at the end": b"a,b\r\n1,2\r",
    "a NUL": b"a,b\n1,\x00\n",
    "UTF-16": "a,b\n1,2\n".encode("utf-16"),
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_some_text_is_read_as_a_whole(content: bytes) -> None:
    assert not lines_of(content)
