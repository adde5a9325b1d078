"""A class roll on which nobody signed: whether it may tell who was there. Pure."""

import re

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.text import fold

WHO_WAS_THERE = re.compile(
    r"(signature|signed|sign.?in|attendance|attended|present|absent|no.?show|initial)s?( status)?\??"
)
"""Headings, folded, of columns that say who was in a class."""


def expect_all_attended(table: Table, layout: Layout) -> None:
    """Refuse a class roll of which nothing is read that says who was there.

    Raises: Misread, unless the layout says that everybody was, and the sheet has no column that may say otherwise.
    """
    if layout.all_attended:
        return _expect_no_signatures(table, layout)
    raise Misread(
        "roll-without-signatures",
        "a class roll, and no column of it says who was there",
        expected="a column for a signature, an attendance or a status",
        remedy=f"Name that column under status in the layout {layout.name}. Where the sheet has none, ask who held"
        " the class: state all_attended = true once you know that everybody on it was there.",
    )


def _expect_no_signatures(table: Table, layout: Layout) -> None:
    known = set(map(fold, layout.keep))
    column = next((h for h in table.headings if WHO_WAS_THERE.fullmatch(fold(h)) and fold(h) not in known), "")
    if column:
        raise Misread(
            "roll-signatures-unread",
            f"its column “{column}” says who was there, and the layout takes everybody for present",
            expected="a class roll without such a column",
            remedy=f"Name that column under status in a layout for such sheets, as sign-in-sheet has it. If everybody"
            f" was there whatever stands in it, name it under keep in the layout {layout.name}.",
        )
