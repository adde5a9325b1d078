"""A vendor's sheet: its rows as they would be read, the ledger, or a layout that is proposed with its questions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request
from werkzeug.wrappers import Response

from lms_sync.errors import ConfigError, UsageError
from lms_sync.files import shared_folder, write_new
from lms_sync.model.evidence import Refused
from lms_sync.sources.propose.answers import ASKED, MEANINGS, ORDERS, PARTS, headings_of, with_columns, with_states
from lms_sync.sources.propose.columns import KnownValues
from lms_sync.sources.propose.draft import Proposal, layout_of, toml_of
from lms_sync.sources.propose.fits import denied, fitting
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout, read_layout
from lms_sync.sources.trial import (
    ROW_HEADINGS,
    counts,
    known_to,
    layouts_at_hand,
    row_words,
    sheets_of,
    tried,
)
from lms_sync.text import fold
from lms_sync.web.uploads import needed
from lms_sync.web.visit import Visit, done, form, page

MOST = 50
"""Rows that are shown."""
PARTS_WORDS = {
    "day": "the day of completion",
    "course": "the course",
    "number": "the person's number",
    "mail": "the person's address",
    "name": "the whole name",
    "first": "the first name",
    "last": "the last name",
    "status": "whether it was completed",
}
"""What a column may hold → as the page asks for it."""
Against = Callable[[Layout, FileRead], str]
"""What denies a completion that a layout reads of the sheet; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A sheet as one layout reads it."""

    layout: str
    ledger: str
    rows: tuple[tuple[str, ...], ...]
    findings: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SheetQuestions:
    """What the form asks of a sheet for which a layout is proposed, and what it says so far."""

    headings: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    """(part, what it is in words, the heading that was chosen); the heading is empty where none was."""
    words: tuple[tuple[str, str], ...]
    """(status word that no rule knows, the meaning that was chosen)."""
    course: str
    sheet: str
    order: str
    meanings: tuple[str, ...] = tuple(MEANINGS)


def sheets(visit: Visit) -> str:
    """Return the form that takes a sheet."""
    return page(
        "sheets.html", trials=None, proposal=None, asked=None, headings=ROW_HEADINGS, name="", toml="", most=MOST
    )


def try_sheet(visit: Visit) -> str:
    """Show how a sheet would be read, by each layout that fits it, or by one that is proposed; nothing is stored."""
    folder = str(visit.workspace.config.folder)
    with needed("file") as path, visit.district.heavy:
        found = sheets_of(path)
        at_hand, against = layouts_at_hand(folder), partial(denied, found)
        trials = [_trial(layout, path, against) for layout in fitting(found, at_hand)]
        proposal, asked = None, None
        if not trials or form("anew") == "yes":
            proposal, asked = _answered(partial(propose, found, at_hand), known_to(folder), name=path.name)
        return page(
            "sheets.html",
            trials=[*trials, *_proposed(proposal, path, against)],
            proposal=proposal,
            asked=asked,
            headings=ROW_HEADINGS,
            name=path.name,
            toml=toml_of(proposal, file=path.name) if proposal else "",
            most=MOST,
        )


def _answered(
    find: Callable[..., Proposal | None], known: KnownValues, *, name: str
) -> tuple[Proposal, SheetQuestions]:
    """Return the layout that is proposed by what the form says of the sheet, and what the form then asks."""
    stated = with_columns(known, {part: form(f"column-{part}") for part in PARTS}, form("course"))
    proposal = find(known=stated, sheet=form("sheet"), day_order=ORDERS.get(form("order"), ""))
    if proposal is None:
        raise UsageError(
            f"{name}: no row looks like a header",
            hint="A header names people and one more thing at least (course, day). Is it another sheet?",
        )
    lists = zip(request.form.getlist("word"), request.form.getlist("meaning"), strict=False)
    meant = {fold(word): meaning for word, meaning in lists if meaning in MEANINGS}
    words = tuple((word, meant.get(fold(word), "")) for word in proposal.status_unknown[:ASKED])
    columns = tuple((part, what, form(f"column-{part}")) for part, what in PARTS_WORDS.items())
    asked = SheetQuestions(headings_of(proposal), columns, words, form("course"), form("sheet"), form("order"))
    return with_states(proposal, meant), asked


def _trial(layout: Layout, path: Path, against: Against) -> Trial:
    read: FileRead = tried(layout, path)
    but = against(layout, read)
    refused = [str(item.reading.finding) for item in read.items if isinstance(item.reading, Refused)]
    rows = tuple(tuple(row_words(item)) for item in read.items[:MOST])
    findings = (*([f"{but[:1].upper()}{but[1:]}"] if but else ()), *map(str, read.findings), *refused)
    return Trial(layout.name, counts(read), rows, findings, len(read.items))


def _proposed(proposal: Proposal | None, path: Path, against: Against) -> list[Trial]:
    layout = layout_of(proposal, "proposed") if proposal else None
    return [_trial(layout, path, against)] if layout else []


def keep_layout(visit: Visit) -> Response:
    """Write a layout that was read and completed into mappings/layouts; never over another one."""
    name = form("name")
    if not name or not all(c.isascii() and (c.isalnum() or c == "-") for c in name):
        raise UsageError(f"{name or 'blank'}: not a name for a layout", hint="Use letters, digits and hyphens.")
    text = request.form.get("layout", "").replace("\r\n", "\n")
    _expect_layout(name, text)
    with visit.writing() as workspace:
        place = workspace.config.path(workspace.config.settings.mappings.layouts)
        shared_folder(place)
        write_new(place / f"{name}.toml", text.encode())
    return done(f'The layout {name} is kept. An operator names it in lms_sync.toml: layout = "{name}".', "/sheets")


def _expect_layout(name: str, text: str) -> None:
    """Raise UsageError, with every wrong key, for a text that is no layout."""
    with TemporaryDirectory(prefix="lms-sync-") as folder:
        path = Path(folder, f"{name}.toml")
        path.write_text(text, encoding="utf-8")
        try:
            read_layout(path)
        except ConfigError as error:
            raise UsageError(str(error), hint=error.hint) from error
