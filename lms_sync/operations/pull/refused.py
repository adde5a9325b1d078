"""Rows that could not be read: when a file fails because of them, and when the partners concerned wait. Pure."""

import operator
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms_sync.errors import SafetyStop
from lms_sync.model.evidence import Completion, Item, NotDone, Refused, Revoked
from lms_sync.model.finding import Area, Finding
from lms_sync.model.readings import RefusedRows
from lms_sync.operations.pull.exchanged_days import DaysExchanged
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.text import command_line

ROWS_REFUSED = "rows-refused"
FEW = 5
"""So many refused items of one file are findings and no more, however small the file is."""
PLACES_SHOWN = 3
VALUES_SHOWN = 4
"""So many different values of one kind are told, each once."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A pull, and of which of its files so much was refused that the partners concerned wait."""

    pull: Pull
    """Files of which too much was refused have failed in it, and causes stand once each."""
    refused: tuple[RefusedRows, ...]
    """Without people: whom they may be about is for the caller to find out."""
    items: Mapping[str, tuple[Item, ...]]
    """File → its items as read; of the files in `refused`."""


def assess(pull: Pull, *, accepted: Collection[tuple[str, str]]) -> Assessed:
    """Return the pull as it may be applied; `accepted` are (file, content) whose refused rows may be missing."""
    files, refused = [], []
    for file in pull.files:
        rows = too_many(pull.source, file)
        if rows is None:
            files.append(file)
        elif (rows.file, rows.sha256) in accepted:
            files.append(_grouped(file, rows, ""))
        else:
            refused.append(rows)
            files.append(_failed(file, rows) if fails(file.items) else _grouped(file, rows, _remedy(rows)))
    waiting = {rows.file for rows in refused}
    items = {file.name: file.items for file in pull.files if file.name in waiting}
    same = all(map(operator.is_, files, pull.files))
    return Assessed(pull if same else replace(pull, files=tuple(files)), tuple(refused), items)


def too_many(source: str, file: FileRead) -> RefusedRows | None:
    """Return what is refused in a file where that is too much to go on; None where it is not."""
    refused = [item for item in file.items if isinstance(item.reading, Refused)]
    not_done = len(file.known.not_done) + len(file.plain.those(done=False))
    stated = len(file.known) + len(file.plain) - not_done
    counted = len(refused) + stated
    counted += sum(isinstance(item.reading, Completion | Revoked) for item in file.items)
    if not (fails(file.items, known=stated, not_done=not_done) or len(refused) > max(FEW, counted / 10)):
        return None
    causes = tuple(f"{_rows(len(group))}: {_words(group)}" for group in _causes(refused))
    content = file.sha256 or file.fingerprint
    return RefusedRows(source, file.name, content, len(refused), counted, causes, people=(), everybody=False)


def fails(items: Sequence[Item], *, known: int = 0, not_done: int = 0) -> bool:
    """Tell whether nothing of a file could be read, or more than half of two or more items were refused.

    `known` is how many rows more state completions, `not_done` how many that something is not done.

    Counted are items that speak of completions: not what is passed over, nor what its status word calls not done.
    """
    refused = sum(isinstance(item.reading, Refused) for item in items)
    done = known + sum(isinstance(item.reading, Completion | Revoked) for item in items)
    readable = done + not_done + sum(isinstance(item.reading, NotDone) for item in items)
    return refused > 0 and (not readable or (refused + done >= 2 and refused > done))


def _causes(refused: Iterable[Item]) -> list[list[Finding]]:
    """Return the refused items' findings by cause, the most frequent first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in refused:
        if isinstance(item.reading, Refused):
            finding = item.reading.finding
            groups.setdefault((finding.code, finding.expected), []).append(finding)
    return sorted(groups.values(), key=len, reverse=True)


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _words(group: Sequence[Finding]) -> str:
    """Return what was found, each once; where many values differ, the first and how many others there are."""
    different = list(dict.fromkeys(finding.found for finding in group))
    if len(different) <= VALUES_SHOWN:
        return " and ".join(different)
    return f"{different[0]}, and {len(different) - 1} others of the kind"


def _finding(group: Sequence[Finding], rows: RefusedRows, remedy: str) -> Finding:
    first = group[0]
    places = [finding.where.removeprefix(f"{rows.file}, ") for finding in group[:PLACES_SHOWN]]
    more = f" and {len(group) - PLACES_SHOWN} more" if len(group) > PLACES_SHOWN else ""
    return Finding(
        Area.FILE,
        ROWS_REFUSED if remedy else "rows-refused-accepted",
        where=f"{rows.file}, {', '.join(dict.fromkeys(places))}{more}",
        found=f"{_rows(len(group))}: {_words(group)}",
        expected=first.expected,
        remedy=f"{first.remedy} {remedy}".strip(),
        source=rows.source,
        weight=len(group),
        subject=f"{rows.file}, {first.code} in column {_column(first) or 'any'}",
    )


def _column(finding: Finding) -> str:
    """Return the letters of the column that a cell's finding names; empty where it names no cell."""
    cell = re.search(r"([A-Z]{1,3})[0-9]+$", finding.where)
    return cell[1] if cell else ""


def _remedy(rows: RefusedRows) -> str:
    """Return what to do about the file as a whole."""
    return (
        "Until the file is corrected, mail to the partners concerned waits. To go on without these rows:"
        f" `{command_line('pull', rows.source, accept_refused=rows.source, reason=...)}`."
    )


def _grouped(file: FileRead, rows: RefusedRows, remedy: str) -> FileRead:
    """Return the file with one finding for each cause instead of one for each row."""
    of_item: dict[str, Finding] = {}
    for group in _causes(file.items):
        together = _finding(group, rows, remedy)
        of_item |= dict.fromkeys((finding.id for finding in group), together)
    items = tuple(
        replace(item, reading=Refused(of_item[item.reading.finding.id]))
        if isinstance(item.reading, Refused)
        else item
        for item in file.items
    )
    return replace(file, items=items, findings=(*dict.fromkeys(of_item.values()), *file.findings))


def _failed(file: FileRead, rows: RefusedRows) -> FileRead:
    """Return the file as one that could not be read: what was stored of it before stays."""
    remedy = f"So much was refused that nothing of the file was stored. {_remedy(rows)}"
    return replace(_grouped(file, rows, remedy), items=(), failed=True)


def refused_first(stop: SafetyStop, pull: Pull) -> SafetyStop:
    """Return a safety stop that names the refused rows before the missing records, where there are any.

    Then nobody is advised to accept the drop: what is missing may stand in those rows. Where days came exchanged that
    comes first: the other order makes no day of some of them.
    """
    refused = [item for file in pull.files for item in file.items if isinstance(item.reading, Refused)]
    if not refused:
        return stop
    causes = "; ".join(f"{_rows(len(group))}: {_words(group)}" for group in _causes(refused))
    if isinstance(stop, DaysExchanged):
        return DaysExchanged(f"{stop}; {_rows(len(refused))} could not be read ({causes})", hint=stop.hint)
    return SafetyStop(
        f"{_rows(len(refused))} of source {pull.source} could not be read ({causes}); {stop}",
        hint="Correct those rows first: the missing records may be in them.",
    )
