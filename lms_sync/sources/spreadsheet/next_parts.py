"""The parts of a sheet, each with titles of its own: whether what they say of the rows below is understood. Pure."""

from collections.abc import Mapping

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.header import LABEL, Table
from lms_sync.sources.spreadsheet.layout import WHO, Layout, Role
from lms_sync.sources.spreadsheet.layout_rules import ATTRIBUTES
from lms_sync.sources.spreadsheet.misread import Misread, finding_of
from lms_sync.sources.spreadsheet.printed import LINE, filled_cells, is_known_line
from lms_sync.sources.spreadsheet.roll_names import is_remark
from lms_sync.sources.spreadsheet.stated import tells
from lms_sync.tables.cells import CROSSED_OUT_LABEL, Row, text
from lms_sync.text import fold, plain

OF_PEOPLE = {
    "agency", "bureau", "campus", "company", "department", "dept", "dept.", "detachment", "district", "division",
    "employer", "group", "job title", "office", "organization", "platoon", "position", "precinct", "rank", "school",
    "sergeant", "shift", "squad", "supervisor", "team", "watch",
}  # fmt: skip
"""Labels of the people whose rows follow: who employs them, where they work. They say nothing of the class."""
QUOTED = 80
"""So many signs of a title are quoted."""
_CROSSED_OUT = fold(CROSSED_OUT_LABEL.text.partition(":")[0])
NAMES: tuple[Role, ...] = ("name", "first_name", "last_name")


class NextParts:
    """Tells which part of a sheet has a title that is not understood: nobody knows what its rows are about.

    A part begins with lines that are no items. One that says all that titles must say is understood, whatever else it
    says. One with a label that nobody knows is not, and neither are those that follow until one says all of it.
    """

    def __init__(self, layout: Layout, table: Table) -> None:
        rules = [rule for rule in layout.told if rule.where == "title" and rule.role not in ATTRIBUTES]
        self._layout, self._is_roll = layout.name, layout.is_roll
        self._roles = {rule.role for rule in rules}
        self._needed = self._roles - set(layout.optional)
        self._names = {table.columns[role] for role in NAMES if role in table.columns}
        self._ids = {table.columns[role] for role in WHO if role in table.columns} - self._names
        whose = (heading for role in (*WHO, "employer") for heading in layout.columns.get(role, ()))
        # What the first part says beside its titles is no title of the class in the others either.
        beside = (
            self._label_of(row)
            for row, below in zip(table.above, (*table.above[1:], Row(0, ())), strict=False)
            if not any(tells(rule, [row, below]) and not tells(rule, [below]) for rule in rules)
        )
        self._harmless = {*map(fold, whose), *OF_PEOPLE, *beside} - {_CROSSED_OUT}
        self._begun = False
        self._stated: set[Role] = set()
        self._label = ""
        self.unknown = ""
        """The title of the part that a row belongs to, empty where it is understood, or there is none."""

    def reason(self, row: Row) -> str:
        """Return why a row that may be an item is passed over: it begins with a label; empty where it does not."""
        if not self._roles:
            return ""
        cells = dict(filled_cells(row))
        if not self._label_of(row) or not self._ids.isdisjoint(cells):
            return ""
        lead = next(iter(cells.values()))
        named = any(LABEL.fullmatch(words) for column, words in cells.items() if column in self._names)
        return LINE if named or (lead.endswith(":") and len(cells) == 2) else ""

    def title(self, titles: Mapping[Role, str]) -> None:
        """Note what a title tells of the rows below it."""
        self._begin()
        self._stated |= titles.keys()

    def pass_over(self, row: Row, *, known: bool) -> None:
        """Note a row that is passed over and no title; `known` where its first words say what it is."""
        self._begin()
        label = self._label_of(row)
        if label and not known and label not in self._harmless and not is_known_line(next(filled_cells(row))[1]):
            self._label = self._label or plain(" ".join(map(text, row.cells)))[:QUOTED]

    def item(self) -> None:
        """Note a row that is an item: the titles above it are all of its part's."""
        if self._begun and self._roles:
            if self._stated and self._needed <= self._stated:
                self.unknown = ""
            else:
                self.unknown = self._label or self.unknown
        self._begun = False

    def refusal(self, place: Origin, *, source: str) -> Refused:
        """Return the refusal of the row at a place, in a part whose title is not understood."""
        misread = Misread(
            "title-not-understood",
            f"a row below the title “{mask(self.unknown)}”, of which no rule of the layout says what it tells",
            expected="a title as above the first part of the sheet",
            remedy=f"Correct the title, or the [[told]] rules of the layout {self._layout}.",
        )
        return Refused(finding_of(misread, str(place), source=source, area=Area.ROW))

    def _begin(self) -> None:
        if not self._begun:
            self._begun, self._stated, self._label = True, set(), ""

    def _label_of(self, row: Row) -> str:
        """Return the label with which a row begins, or where a name would stand, folded; empty for neither.

        It is none where it says of the name behind it that somebody was not there.
        """
        cells = list(filled_cells(row))
        found = (LABEL.fullmatch(words) for column, words in cells if column in self._names or column == cells[0][0])
        labels = (label for label in found if label and not (self._is_roll and label[2] and is_remark(label[1])))
        return next((label[1].strip() for label in labels), "")
