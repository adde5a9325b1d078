"""Rows that are told by their bytes to be plain leave what the parser would find by following them."""

import io
import random
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.tables.cells import Unreadable
from lms_sync.tables.formats import Display, Percent
from lms_sync.tables.package import Package
from lms_sync.tables.prescan_value_rows import rows_like
from lms_sync.tables.prescan_xlsx_sheet import _scanned, _Scanner
from tests.tables.hostile import SHEET, changed, good

STYLES: Mapping[str, Display] = {"3": Percent(0), "12": Percent(1)}
PLAIN = (
    '<c r="{c}{r}" t="inlineStr"><is><t xml:space="preserve">Zoë &amp; co</t></is></c>',
    '<c r="{c}{r}" s="1" t="s"><v>7</v></c>',
    '<c r="{c}{r}"><v>1</v></c>',
    '<c r="{c}{r}" s="31"/>',
    '<c r="{c}{r}" t="str"><v>a > b "c" \'d\'</v></c>',
)
ODD = (
    '<c r="{c}{r}" s="3"><v>0.5</v></c>',
    '<c r="{c}{r}" s="12"/>',
    '<c r="{c}{r}" t="e"><v>#N/A</v></c>',
    '<c r="{c}{r}"><f>1+1</f></c>',
    '<c r="{c}{r}"><f>1+1</f><v>2</v></c>',
    '<c r="{c}9"><v>1</v></c>',
    "<c><v>1</v></c>",
    '<c t="e"><v>#REF!</v></c>',
    '<c r="{c}{r}"><v><![CDATA[<row r="7"><c r="A7"><v>1</v></c></row>]]></v></c>',
    '<c r="{c}{r}"><v>]]></v></c>',
    '<c r="{c}{r}"><v>\x01</v></c>',
    '<c r="{c}{r}"><v>\uffff</v></c>',
    '<c r="{c}{r}"><v>&#65;&nbsp;</v></c>',
    '<c r="{c}{r}"><row r="5"><c r="A5"><v>1</v></c></row><v>1</v></c>',
    '<c r="{c}{r}">',
    '<c r="{c}{r}" r="B1"><v>1</v></c>',
    '<c r="ZZZ{r}"><v>1</v></c>',
    '<c r="XFD{r}"><v>1</v></c>',
    '<!-- <row r="3"> -->',
    "<?xml-words <row> ?>",
)
ROWS = ('<row r="{r}">', '<row r="{r}" spans="1:4" ht="15.5" customHeight="1" x14ac:dyDescent="0.25">')
ODD_ROWS = (
    *('<row r="{r}" hidden="1">', "<row>", '<row r="0{r}">', '<row r="2000000">', '<row r="1">', '<row r="{r}"/>'),
    *('<row r="1000000" spans="1:2">', '<x:row r="{r}">'),
)
AFTER = ('<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="odd"/></mergeCells>', "<x/>", "", "<row", "\x00")


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """Give a sheet of rows that are much alike, a few of them odd."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    odd, blank, other = (chance.choice(shares) for shares in ((0.0, 0.01, 0.05), (0.0, 0.2), (0.01, 0.9)))
    usual = chance.choices(PLAIN, k=6)
    lines = []
    for number in range(1, chance.randint(2, 30)):
        start = chance.choice(ODD_ROWS if chance.random() < odd else ROWS)
        plain = (chance.choice(PLAIN) if chance.random() < other else kind for kind in usual)
        kinds = (chance.choice(ODD) if chance.random() < odd else kind for kind in plain)
        cells = "".join(
            kind.format(c=c, r=number) for c, kind in zip("ABCDEF", kinds, strict=True) if chance.random() >= blank
        )
        lines.append(f"{start.format(r=number)}{cells}</row>{chance.choice(('', '', chr(10)))}")
    head = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns:x="u"><dimension ref="A1:F9"/>'
    text = f"{head}<sheetData>{''.join(lines)}</sheetData>{chance.choice(AFTER)}</worksheet>"
    return text.encode("utf-8", "surrogatepass")


def found(sheet: bytes, *, every_row: bool) -> object:
    """Return all that a prescan of a sheet finds."""
    with zipfile.ZipFile(io.BytesIO(changed(good(), {SHEET: sheet}))) as archive:
        try:
            scanner = _scanned(Package(archive), SHEET, _Scanner(STYLES), every_row=every_row)
        except Unreadable:
            return "unreadable"
        return scanner.signs, scanner.odd, scanner._rectangle, scanner.columns


@pytest.mark.parametrize("size", [pytest.param(2**20, marks=pytest.mark.slow), 700])
@given(sheet=sheets())
@settings(max_examples=25)
def test_both_ways_find_the_same(size: int, sheet: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lms_sync.tables.archive.PIECE", size)
        assert found(sheet, every_row=False) == found(sheet, every_row=True)


@pytest.mark.proof
@given(sheet=sheets(), size=st.sampled_from((2**20, 700, 90)))
@settings(max_examples=4_000)
def test_both_ways_find_the_same_many_times(sheet: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lms_sync.tables.archive.PIECE", size)
        assert found(sheet, every_row=False) == found(sheet, every_row=True)


def rows_of(*cells: str) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}">{cell}</c></row>' for n, cell in enumerate(cells, 1))


START = rows_of("<v>1</v>", "<v>1</v>", "<v>1</v>")
SHEETS = {
    "rows that hold nothing": START + "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in (70, 80, 90)),
    "rows within text": START + '<row r="4"><c r="A4"><v><![CDATA[</row><row r="700"><c r="A700"><v>1</v></c></row>'
    '<row r="800"><c r="A800"><v>1</v></c></row>]]></v></c></row>',
    "rows within a comment": START + '<!-- <row r="700"><c r="A700"><v>1</v></c></row><row r="800"/> -->' + START,
    "the end of a row within a comment": START + '<row r="4"><!-- </row><row r="700"><c r="A700"><v>1</v></c></row>'
    '<row r="800"><c r="A800"><v>1</v></c></row> --><c r="A4"><v>1</v></c></row>',
    "a character that XML does not have": rows_of("<v>1</v>", "<v>\uffff</v>", "<v>1</v>", "<v>1</v>"),
    "bytes that are no text": rows_of("<v>1</v>", "<v>\udcff</v>", "<v>1</v>", "<v>1</v>"),
    "the end of a section of characters": rows_of("<v>1</v>", "<v>]]></v>", "<v>1</v>", "<v>1</v>"),
    "a row behind the last": START + '<row r="9999999"><c r="A9999999"><v>1</v></c></row>' * 3,
}


@pytest.mark.parametrize("rows", SHEETS.values(), ids=SHEETS)
def test_both_ways_find_the_same_of_what_only_looks_plain(rows: str) -> None:
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode("utf-8", "surrogateescape")
    assert found(sheet, every_row=False) == found(sheet, every_row=True)


DECLARED = ("us-ascii", "utf8", "UTF-8", "cp1252", "cp037", "UTF-16", "odd")
SPACES = ("", " ", " " * 300)


@pytest.mark.parametrize("spaces", SPACES, ids=map(len, SPACES))
@pytest.mark.parametrize("name", DECLARED)
def test_both_ways_find_the_same_whatever_encoding_is_named(name: str, spaces: str) -> None:
    declared = f"<?xml version='1.0'{spaces} encoding{spaces}={spaces}'{name}'?>"
    rows = rows_of("<v>1</v>", "<v>1</v>", "<v>\xc1</v>", "<v>1</v>")
    sheet = f"{declared}<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    assert found(sheet, every_row=False) == found(sheet, every_row=True)


def test_a_row_is_the_form_of_rows_that_differ_in_number_and_text_alone() -> None:
    row = '<row r="{0}" spans="1:2"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="AB{0}" s="1"/></row>'
    form = rows_like(row.format(12, "r=12").encode())
    alike = (row.format(7, ""), row.format(130, "a &amp; b ]"), "\n" + row.format(12, "12"))
    others = (row.format(7, "]]>"), row.format(7, "&#65;"), row.format(7, "\x01"), row.format(7, "<b/>"))
    odd = (
        row.format("07", "a"),
        row.format(7, "a").replace("AB7", "AB8"),
        row.format(7, "a").replace('s="1"', 's="2"'),
    )
    assert all(form.fullmatch(words.encode()) for words in alike)
    assert not any(form.match(words.encode()) for words in (*others, *odd))


def test_rows_of_values_are_taken_out() -> None:
    sheet = f"<worksheet><sheetData>{rows_of(*['<v>1</v>'] * 50)}</sheetData></worksheet>".encode()
    with zipfile.ZipFile(io.BytesIO(changed(good(), {SHEET: sheet}))) as archive:
        assert (
            _scanned(Package(archive), SHEET, _Scanner(STYLES), every_row=False).value_rows.taken > len(sheet) * 0.9
        )
