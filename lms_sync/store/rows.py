"""Rows of the store and the dataclasses that they stand for: the one way from each to the other.

A field is the column of its name; an enumeration is kept by its value and a decimal number as text. What is more than
that (JSON, a value out of several columns) the caller gives.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args

from sqlalchemy import Result, RowMapping

Value = TypeVar("Value")
ROWS_AT_ONCE = 2_000
"""So many rows are asked of the driver together."""


def value_of(form: type[Value], row: RowMapping | dict[str, Any], **given: Any) -> Value:
    """Return what a row stands for: its fields from the columns, but for those `given`.

    A field that is neither a column nor given has its default.
    """
    cells = row if isinstance(row, dict) else dict(row)  # a row of the driver is slow to be asked
    values = {
        name: cells[name] if read is None or cells[name] is None else read(cells[name])
        for name, read in _columns(cast(Any, form))
        if name not in given and name in cells
    }
    return form(**values, **given)


def values_of(form: type[Value], found: Result[Any]) -> Iterator[Value]:
    """Yield what the rows of an answer stand for, as `value_of` does; where a column stands is looked up once."""
    places = {name: place for place, name in enumerate(found.keys())}
    columns = [(name, places[name], read) for name, read in _columns(cast(Any, form)) if name in places]
    for cells in each_row(found):
        yield form(
            **{
                name: cells[place] if read is None or cells[place] is None else read(cells[place])
                for name, place, read in columns
            }
        )


def each_row(found: Result[Any]) -> Iterator[Any]:
    """Yield the rows of an answer; the driver is asked for many at a time, not for each."""
    for some in found.partitions(ROWS_AT_ONCE):
        yield from some


def row_of(value: Any, *, without: Collection[str] = (), **given: Any) -> dict[str, Any]:
    """Return column → content of a dataclass's fields; `given` ones as they are, those of `without` not at all."""
    names = (name for name, _ in _columns(cast(Any, type(value))) if name not in without and name not in given)
    return {name: _plain(getattr(value, name)) for name in names} | given


@cache
def _columns(form: Any) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Return (field, what reads it from its column; None where the column holds it as it is)."""
    return tuple((field.name, _reader(field.type)) for field in fields(form))


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum | Decimal)), None)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value
