"""The row that a finding speaks of, as it was read: each heading with its text, and what is wrong marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lms_sync.model.evidence import claim_id
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import DOUBTS
from lms_sync.store.store import Store

_PLACE = re.compile(r"(?P<file>.+?), (?:(?P<sheet>.+)!)?[A-Z]{1,3}(?P<row>[0-9]+)$")
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")


@dataclass(frozen=True, slots=True)
class ReadCell:
    """One cell of a row as read."""

    heading: str
    text: str
    marked: bool
    """The finding speaks of it."""


@dataclass(frozen=True, slots=True)
class RowAsRead:
    """A row of a sheet, or an item of an API's answer."""

    place: str
    cells: tuple[ReadCell, ...]


def row_of(store: Store, issuer: Issuer, finding: Finding) -> RowAsRead | None:
    """Return the row that a claim, a doubt or a refused row stands in; None where none is kept."""
    match finding.area:
        case Area.CLAIM | Area.DOUBT:
            record = _record(store, issuer, finding)
            found = store.evidence.item_of_record(finding.source, record) if record else None
        case Area.ROW | Area.FILE:
            found = _at(store, finding)
        case _:
            found = None
    if found is None or not found[1]:
        return None
    origin, text = found
    return RowAsRead(str(origin), tuple(_cells(text, finding)))


def _record(store: Store, issuer: Issuer, finding: Finding) -> str:
    """Return the record of the completion that a claim or a doubt is about; empty where it is gone."""
    if finding.area is Area.DOUBT:
        return next((d.record for d in DOUBTS.read(store).values() if d.finding_id == finding.id), "")
    return next((o.completion.record for o in issuer.judged.outcomes if claim_id(o.completion) == finding.id), "")


def _at(store: Store, finding: Finding) -> tuple[Origin, tuple[tuple[str, str], ...]] | None:
    place = _PLACE.match(finding.where)
    if place is None:
        return None
    return store.evidence.item_at(place["file"], place["sheet"] or "", int(place["row"]))


def _cells(text: Iterable[tuple[str, str]], finding: Finding) -> Iterable[ReadCell]:
    quoted = {words.strip() for words in _QUOTED.findall(finding.found)}
    quoted.update(re.findall(r"#[A-Z/0-9!?]+", finding.found))
    for heading, value in text:
        yield ReadCell(heading, value, marked=bool(value) and value.strip() in quoted)
