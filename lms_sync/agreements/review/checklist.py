"""The checklist of an agreement's review as a sheet: its columns, how it is recognised, and what its rows say. Pure.

The sheet carries the agreement, the instant at which it was written and a fingerprint of what was recorded then, with
a code made with the workspace's identity key: so an old copy is known as one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PureWindowsPath

from lms_sync.agreements.review.status import Review
from lms_sync.law.yearly import Point
from lms_sync.model.agreement import ReviewedPoint
from lms_sync.model.finding import Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.known.registers import POINTS
from lms_sync.tables.cells import Sheet
from lms_sync.tables.fields import Column, Wrong
from lms_sync.tables.form import Entry, Filled, Form, FormReader
from lms_sync.text import command_line, did_you_mean, fold, plain, written_day

TITLE = "Checklist"
MARK = "Checklist: "
"""What the line with the checklist's id begins with."""
NOT_NEEDED = "not needed"
ASKS = "What the law asks"
FORM = Form(
    TITLE,
    (
        Column("Point", "id", required=True, width=12, note="Filled in by the program; leave it as it is."),
        Column(ASKS, width=52),
        Column("Done", "choice", choices=("yes", "no"), width=8, note="yes: it is so, and you have seen it."),
        Column("On date", "date", width=14, note="The day on which you saw it, or they were involved: 2026-11-03."),
        Column("How", width=28, note="How they were involved: a meeting, a survey, a seat on the committee."),
        Column("Who", width=28, note="Who was involved: a group or an office is enough, and no student by name."),
        Column("Note", width=34, note="Where it is in the agreement, or what is still to be done."),
        Column(
            "Attachment",
            width=26,
            note="The name of a file in this workbook's folder, such as minutes.pdf. To replace one that was read "
            "before, give the new file another name.",
        ),
    ),
)
_WRITTEN = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class PointEntry:
    """What a row says of a point, or what is recorded of it."""

    done: str = ""
    """`yes`, `no`, or empty when the row is blank altogether."""
    on: date | None = None
    how: str = ""
    who: str = ""
    note: str = ""
    attachment: str = ""
    """A file's name."""


BLANK = PointEntry()


@dataclass(frozen=True, slots=True)
class ChecklistVersion:
    """Which state a checklist was written from."""

    agreement_id: str
    written: datetime
    fingerprint: str
    """Of what was recorded at `written`."""


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One sound row."""

    entry: Entry
    point_entry: PointEntry


def said_of(point: ReviewedPoint | None) -> PointEntry:
    """Return what is recorded of a point as its row would say it."""
    if point is None:
        return BLANK
    name = point.file.name if point.file else ""
    return PointEntry("yes" if point.done else "no", point.on, point.how, point.who, point.note, name)


def fingerprint_of(points: Mapping[str, ReviewedPoint]) -> str:
    """Return 8 hexadecimal digits for what is recorded of one agreement's points, by point."""
    text = json.dumps({name: POINTS.plain(point) for name, point in points.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def checklist_id(copy: ChecklistVersion, pseudonyms: Pseudonyms) -> str:
    """Return what the workbook carries: agreement, instant, fingerprint and a code."""
    named = f"{copy.agreement_id}/{copy.written.astimezone(UTC).strftime(_WRITTEN)}/{copy.fingerprint}"
    return f"{named}/{_code(named, pseudonyms)}"


def copy_of(sheets: Iterable[Sheet], pseudonyms: Pseudonyms) -> ChecklistVersion | None:
    """Return which checklist a workbook is; None for one that this workspace has not written."""
    for sheet in sheets:
        lines = (plain(v) for row in sheet.rows[:20] for v in row.cells if isinstance(v, str))
        for line in lines:
            named, _, code = line.removeprefix(MARK.strip()).strip().rpartition("/")
            if line.startswith(MARK.strip()) and named and code == _code(named, pseudonyms):
                agreement_id, written, fingerprint = named.rsplit("/", 2)
                return ChecklistVersion(
                    agreement_id, datetime.strptime(written, _WRITTEN).replace(tzinfo=UTC), fingerprint
                )
    return None


def _code(named: str, pseudonyms: Pseudonyms) -> str:
    return pseudonyms.of("review checklist", named)[:16]


def rows_of(reader: FormReader, review: Review) -> tuple[dict[str, ChecklistRow], tuple[Finding, ...]]:
    """Return point → its row for every point but clause C, and a finding for everything that is wrong."""
    filled = reader.read(FORM)
    wrong = [finding for finding in filled.findings if finding.blocks]
    if not filled.whole:
        return {}, tuple(wrong)
    points = {point.id: point for point, _ in review.points}
    by_point, misplaced = _placed(reader, filled, points)
    rows = {
        name: ChecklistRow(entry, _point_entry(entry))
        for name, entry in by_point.items()
        if points[name].kind != "series"
    }
    wrong += misplaced
    for name, entry in by_point.items():
        wrong += [reader.finding(code, where, why) for code, where, why in _wrong(entry, points[name], review)]
    return rows, tuple(wrong)


def _placed(
    reader: FormReader, filled: Filled, points: Mapping[str, Point]
) -> tuple[dict[str, Entry], Sequence[Finding]]:
    """Return point → its entry, and findings for rows that belong to no point, come twice or are not there."""
    known = {fold(name): name for name in points}
    placed: dict[str, Entry] = {}
    wrong = []
    for entry in filled.entries:
        written = entry.text("Point")
        name = known.get(fold(written), "")
        if not name and "Point" not in entry.wrong:
            why = Wrong(f'"{written}"', "a point of the review", f"{did_you_mean(written, points)}Delete the row.")
            wrong.append(reader.finding("review-row-unknown", entry.where("Point"), why))
        elif name in placed:
            why = Wrong(f"a second row for {name}", "one row for each point", "Delete one of the two.")
            wrong.append(reader.finding("review-row-doubled", entry.where("Point"), why))
        elif name:
            placed[name] = entry
    for name in points:
        if name not in placed:
            why = Wrong(f"no row for {name}", "a row for each point", "Put it back, or write a new checklist.")
            wrong.append(reader.finding("review-row-missing", f"{reader.file}, {TITLE}", why))
    return placed, wrong


def _point_entry(entry: Entry) -> PointEntry:
    texts = {name: entry.text(name) for name in ("How", "Who", "Note", "Attachment")}
    how, who, note, attachment = ("" if fold(text) == NOT_NEEDED else text for text in texts.values())
    on, done = entry.day("On date"), entry.text("Done")
    if not (done or on or how or who or note or attachment):
        return BLANK
    return PointEntry(done or "no", on, how, who, note, attachment)


def _wrong(entry: Entry, point: Point, review: Review) -> Iterator[tuple[str, str, Wrong]]:
    """Yield (code, place, what is wrong) for one row."""
    if entry.text(ASKS) != plain(point.wording):
        why = Wrong("other words than the law's for this point", f"“{point.wording}”", "Rows may have been mixed up.")
        yield "review-words-changed", entry.where(ASKS), why
    if point.kind == "series":
        yield from _touched(entry, review)
        return
    point_entry = _point_entry(entry)
    if (
        not entry.text("Done")
        and "Done" not in entry.wrong
        and (point_entry.on or point_entry.how or point_entry.who or point_entry.attachment)
    ):
        why = Wrong("Done is blank, and the row is filled in", "yes or no", "Say which; a note alone needs neither.")
        yield "review-done-blank", entry.where("Done"), why
    for code, heading, why in entry_problems(point_entry, point, review):
        if heading not in entry.wrong:
            yield code, entry.where(heading), why


def entry_problems(point_entry: PointEntry, point: Point, review: Review) -> Iterator[tuple[str, str, Wrong]]:
    """Yield (code, heading, what is wrong) of what somebody says of a point, in a sheet or on a page."""
    if point_entry.on and point_entry != said_of(dict(review.points)[point]):
        yield from _wrong_day(point_entry.on, review)
    if point_entry.attachment and not is_plain(point_entry.attachment):
        why = Wrong(
            f'"{point_entry.attachment[:80]}"', "the plain name of a file", "Put the file into the folder; no path."
        )
        yield "attachment-path", "Attachment", why
    if point_entry.done == "yes":
        asked = ("On date", "How", "Who") if point.kind == "involvement" else ("On date",)
        given = {"On date": point_entry.on, "How": point_entry.how, "Who": point_entry.who}
        for heading in asked:
            if not given[heading]:
                why = Wrong("Done is yes, and this is blank", heading, "Fill it in, or leave Done blank until then.")
                yield "review-yes-incomplete", heading, why


def _touched(entry: Entry, review: Review) -> Iterator[tuple[str, str, Wrong]]:
    """Yield what is wrong with clause C's row, which nobody fills in."""
    name = review.agreement.agreement_id
    confirm, plan = command_line("agreements confirm", name), command_line("agreements plan", name)
    remedy = f"Clear the row. `{confirm}`, or `{plan}`, makes the document."
    for heading in ("Done", "On date", "Who", "Note", "Attachment"):
        if heading in entry.answers and fold(str(entry.answers[heading])) != NOT_NEEDED:
            why = Wrong("an entry for clause C", "a blank cell: the document in force says it", remedy)
            yield "review-clause-c", entry.where(heading), why


def is_plain(name: str) -> bool:
    """Tell whether a file's name has no folder, drive or control character in it, on any system."""
    named = PureWindowsPath(name)
    plain = named.name == name and "/" not in name and name.strip() == name and name.isprintable()
    return plain and name not in ("", ".", "..")


def _wrong_day(on: date, review: Review) -> Iterator[tuple[str, str, Wrong]]:
    if on > review.as_of:
        why = Wrong(
            f"{written_day(on)}, a day in the future",
            f"a day until {written_day(review.as_of)}",
            "Record it when it has happened.",
        )
        yield "review-day-to-come", "On date", why
    elif on < review.begins:
        why = Wrong(
            f"{written_day(on)}, before this review's period",
            f"a day from {written_day(review.begins)} on",
            "Check the year of the day.",
        )
        yield "review-day-early", "On date", why
