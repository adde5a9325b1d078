"""The keys that earlier rules made of the same row, so that what they stored is known again. Pure.

Whoever changes how a key is made raises `READER_RULES` and adds here what makes the former one of today's cells. Of
the other kinds of sources no key has ever been made otherwise: Moodle's rows are read as sheets are, and the ids that
Canvas and an LRS tell are taken as they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from lms_sync.model.evidence import FormerKey
from lms_sync.sources.spreadsheet.layout import Role
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm
from lms_sync.sources.spreadsheet.records import key_of
from lms_sync.tables.cells import Rewritten, Value

Values = Mapping[Role, Value]


def _as_typed(values: Values) -> Values | None:
    """Return the cells as rules 1 and 2 took them, None where that is the same.

    They kept characters without width and the tricks that keep a spreadsheet from taking an id for a number, and of a
    number they did not take the zeros, letters or signs that its format shows.
    """
    if Rewritten not in map(type, values.values()):
        return None
    return {role: value.former if isinstance(value, Rewritten) else value for role, value in values.items()}


FORMER: Mapping[str, Callable[[Values], Values | None]] = MappingProxyType({"2": _as_typed})
"""The last version of the reader's rules that made its keys so → today's cells as it took them, the newest first."""


def former_keys(cells: Cells, form: RecordForm) -> tuple[FormerKey, ...]:
    """Return the keys that earlier rules gave a row, the newest first; nothing where they are today's."""
    taken = [values for rule in FORMER.values() if (values := rule(cells.values)) is not None]
    if not taken:
        return ()
    today = _key(cells, form)
    found = dict.fromkeys(_key(replace(cells, values=values), form) for values in taken)
    return tuple(key for key in found if key is not None and today is not None and key != today)


def _key(cells: Cells, form: RecordForm) -> FormerKey | None:
    """Return the keys of cells, None of what could not be read, and was refused."""
    try:
        return key_of(cells, form)
    except Misread:
        return None
