"""The evidence of a judged person as rows of JSON: how packed_judgement writes credits, claims and notes."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from lms_sync.law.standing import Judgement, Standing
from lms_sync.model.completion_rows import CompletionRow
from lms_sync.model.evidence import Claim, Credit
from lms_sync.model.finding import UNNAMED, Origin
from lms_sync.store.known.judged_people import JudgedInShort

_DAYS_KNOWN = 4_000
"""So many days are kept at hand, each once: of some ten years."""
_FILES_KNOWN = 10_000
"""So many sheets of files are kept at hand."""
_Row = list[Any]
_Common = dict[tuple[Any, ...], int]
"""What several rows have in common → its place among them."""


def day_number(day: date | None) -> int | None:
    """Return a day as it is packed."""
    return day.toordinal() if day is not None else None


@lru_cache(_DAYS_KNOWN)
def day_of(number: int | None) -> date | None:
    """Return the day that `day_number` made a number of."""
    return date.fromordinal(number) if number is not None else None


def evidence_row(judgement: Judgement) -> _Row:
    """Return what the rows have in common, and a row for each requirement; what is empty at its end is left out."""
    common: _Common = {}
    rows = [_standing_row(standing, common) for standing in judgement.standings]
    return [list(common), rows]


def trainings_row(trainings: Iterable[tuple[Credit, CompletionRow] | None]) -> _Row:
    """Return `evidence_row` of somebody who has one credit or none toward each requirement.

    None of them is made: of each there is a completion, and the credit of another one that is like it.
    """
    common: _Common = {}
    rows = [() if training is None else ([_training_row(*training, common)],) for training in trainings]
    return [list(common), rows]


def _training_row(other: Credit, completion: CompletionRow, common: _Common) -> tuple[Any, ...]:
    like, record, day, cell, item = completion
    place, end = _place_of(like.origin, cell, item)
    shared = (
        place,
        other.source,
        None,
        other.amount,
        other.host_school,
        other.experienced_officer,
        other.waived,
        other.as_read,
        None,
        False,
    )
    return common.setdefault(shared, len(common)), day_number(day), record, other.title, end


def _place_of(place: Origin, cell: str, item: str) -> tuple[tuple[Any, ...], str]:
    """Return `_place_row` by the place alone: most are cells of few files."""
    cells = _cells_of(place.file, place.sha256, place.sheet, place.url, item) if cell else None
    if cells:
        return cells, cell
    whole = Origin(place.file, place.sha256, place.sheet, cell, place.url, item)
    return _place_row(str(whole), whole)


@lru_cache(_FILES_KNOWN)
def _cells_of(file: str, sha256: str, sheet: str, url: str, item: str) -> tuple[Any, ...] | None:
    """Return what all cells of a sheet have in common; None where their places are not written with the cell last."""
    if file.startswith(UNNAMED):
        return None
    return str(Origin(file, sha256, sheet, "A", url, item)).removesuffix("A"), file, sha256, sheet, url, item


def _standing_row(standing: Standing, common: _Common) -> tuple[Any, ...]:
    requirement = standing.requirement
    row: tuple[Any, ...] = ()
    if standing.credits:
        row = ([_credit_row(credit, requirement, common) for credit in standing.credits],)
    if standing.claims or standing.notes:
        row = *(row or ((),)), [_claim_row(claim, common) for claim in standing.claims], standing.notes
    return row


def standings_of(short: JudgedInShort, rows: list[_Row], common: list[_Row]) -> Iterator[Standing]:
    """Yield the standings of somebody, with the evidence of which `evidence_row` made the rest."""
    for (alike, requirement), on, row in zip(short.alike, short.on, rows, strict=True):
        if row:
            credits, claims, notes = row if len(row) > 1 else (*row, (), ())
            yield alike.standing(
                requirement,
                on,
                credits=tuple([_credit(credit, requirement, common) for credit in credits]),
                claims=tuple([_claim(claim, common) for claim in claims]),
                notes=tuple(notes),
            )
        else:
            yield alike.standing(requirement, on)


def _place_row(origin: str, place: Origin) -> tuple[tuple[Any, ...], str]:
    """Return what all rows of a file have in common, and the row's own cell, or its item where it has no cell."""
    end = place.cell or place.item
    begins = origin[: len(origin) - len(end)] if origin.endswith(end) else (origin,)
    return (begins, place.file, place.sha256, place.sheet, place.url, place.item if place.cell else None), end


def _place(shared: _Row, end: str) -> tuple[str, Origin]:
    begins, file, sha256, sheet, url, item = shared
    place = Origin(file, sha256, sheet, "", url, end) if item is None else Origin(file, sha256, sheet, end, url, item)
    return begins + end if isinstance(begins, str) else begins[0], place


def _credit_row(credit: Credit, requirement: str, common: _Common) -> tuple[Any, ...]:
    place, end = _place_row(credit.origin, credit.place)
    shared = (
        place,
        credit.source,
        credit.requirement if credit.requirement != requirement else None,
        credit.amount,
        credit.host_school,
        credit.experienced_officer,
        credit.waived,
        credit.as_read,
        day_number(credit.doubted),
        credit.again,
    )
    return common.setdefault(shared, len(common)), credit.day.toordinal(), credit.record, credit.title, end


def _credit(row: _Row, requirement: str, common: list[_Row]) -> Credit:
    number, day, record, title, end = row
    shared, source, other, amount, host, officer, waived, as_read, doubted, again = common[number]
    origin, place = _place(shared, end)
    return Credit(
        requirement if other is None else other,
        date.fromordinal(day),
        source,
        record,
        origin,
        title,
        amount,
        host,
        officer,
        waived,
        place,
        as_read,
        day_of(doubted),
        again,
    )


def _claim_row(claim: Claim, common: _Common) -> tuple[Any, ...]:
    place, end = _place_row(claim.origin, claim.place)
    number = common.setdefault((place, claim.source, claim.reason, claim.as_read), len(common))
    return number, claim.claim_id, claim.requirement, day_number(claim.day), claim.record, claim.title, end


def _claim(row: _Row, common: list[_Row]) -> Claim:
    number, claim_id, requirement, day, record, title, end = row
    shared, source, reason, as_read = common[number]
    origin, place = _place(shared, end)
    return Claim(claim_id, requirement, day_of(day), reason, source, record, origin, title, place, as_read)
