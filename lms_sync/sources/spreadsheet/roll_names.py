"""A name on a class roll that says besides that somebody was not there. Pure."""

import re

from lms_sync.sources.spreadsheet.layout import Role
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.sources.spreadsheet.record_form import Cells

_NAMES: tuple[Role, ...] = ("name", "last_name", "first_name")
_NOT_THERE = re.compile(
    r"\b(?:absent|no[-\s]?shows?|(?:did|was|has|could)(?:\s+not|n['\u2019]?t)|not\s+(?:present|there|here|attend\w*)"
    r"|cancell?ed|with(?:drew|drawn)|dropped|declined|excused|wait[-\s]?list\w*|left\s+early|out\s+sick|on\s+leave)\b",
    re.IGNORECASE,
)
"""What nobody is called, and what lists say of people who did not come or did not stay."""


def is_remark(words: str) -> bool:
    """Tell whether words say that somebody was not there, and nothing else."""
    return _NOT_THERE.fullmatch(words) is not None


def refuse_remarks(cells: Cells) -> None:
    """Raise Misread, with its column, for a name beside which it says that somebody was not there."""
    for role in _NAMES:
        if found := _NOT_THERE.search(cells.text(role)):
            misread = Misread(
                "name-with-remark",
                f"{quoted(found[0])} beside a name",
                expected="the name alone, of somebody who was there",
                remedy="If they were not there, delete the row; otherwise take the words out of the cell.",
            )
            misread.column = cells.columns.get(role)
            raise misread
