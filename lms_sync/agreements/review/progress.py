"""How far agreements' reviews are → a list's cells, a page of text, and JSON for other programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lms_sync.agreements.review.status import Review
from lms_sync.agreements.review.workbook import due_words, issued_words
from lms_sync.law.yearly import Point
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.issued import Issued
from lms_sync.reports import words
from lms_sync.text import written_day

HEADINGS = (
    *("Agreement", "Partner", "Year", "From", "Until", "People"),
    *("Review due", "Adopted", "Clause C", "Done", "Next"),
)


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """Somebody whom an agreement covers."""

    person_id: str
    name: str
    state: str
    """As judged on the day: `documented`, `on plan` …"""


def next_step(review: Review) -> str:
    """Return what is to be done next about an agreement, in a few words; empty when nothing is."""
    if review.lacks:
        lack = review.lacks[0]
        return f"{lack.point.id}, {words.clean(lack.point.name)}"
    if review.adopted_on is None:
        return "adopt it"
    return "record its adoption" if review.adoption is None else ""


def list_row(review: Review) -> tuple[str, ...]:
    """Return the cells below `HEADINGS`."""
    agreement, stands = review.agreement, review.clause_c
    day = review.due if review.adopted_on is None else review.again
    due = f"{written_day(day)}{', overdue' if review.overdue else ''}" if day else ""
    adopted = str(review.adopted_on or (f"last {written_day(review.before)}" if review.before else ""))
    if review.adopted_on and review.adoption is None:
        adopted += " (roster only)"
    return (
        *(agreement.agreement_id, words.clean(review.partner), agreement.school_year, str(agreement.starts)),
        *(_ends(review), str(len(review.staff)), due, adopted + (" (differs)" if review.differs else "")),
        f"{stands.kind.value} {stands.number} of {written_day(stands.as_of)}{_replaces(review)}"
        if stands
        else "none",
        f"{review.points_done} of {len(review.points)}",
        next_step(review),
    )


def _replaces(review: Review) -> str:
    return f" (replaces {', '.join(older.number for older in review.replaced)})" if review.replaced else ""


def _ends(review: Review) -> str:
    return f"{review.agreement.ends or 'open'}{'' if review.running else ' (ended)'}"


def show_text(review: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> str:
    """Return everything about one agreement's review as text; `problems` is hash → what is wrong with a kept file."""
    return "\n".join(_lines(review, people, problems)) + "\n"


def _lines(review: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> Iterator[str]:
    agreement = review.agreement
    until = f"to {words.written(agreement.ends)}" if agreement.ends else "without an end"
    until += "" if review.running else " (ended)"
    yield f"AGREEMENT {agreement.agreement_id} WITH {words.clean(review.partner).upper()}, {agreement.school_year}"
    yield f"From {words.written(agreement.starts)} {until}. {due_words(review)}"
    yield f"As of {words.written(review.as_of)}, by {review.citation}."
    yield f"\nREVIEW (what is dated from {words.written(review.begins)} on counts)"
    for point, found in review.points:
        yield from _point_lines(review, point, found, problems)
    yield (
        f"\nSTILL MISSING FOR ADOPTION ({len(review.lacks)})"
        if review.lacks
        else "\nNothing is missing for adoption."
    )
    alike = groupby(review.lacks, key=lambda lack: (lack.found, lack.remedy))
    for (found, remedy), lacks in alike:
        yield f"  {', '.join(lack.point.id for lack in lacks)}: {words.clean(found)}\n      → {remedy}"
    yield "\nCLAUSE C DOCUMENTS" + ("" if review.issued else ": none was issued")
    yield from (f"  {_issued_line(issued, review)}" for issued in review.issued)
    yield "\nADOPTION"
    yield from (f"  {line}" for line in _adoption_lines(review, problems))
    yield f"\nPEOPLE COVERED ({len(people)})"
    yield from (f"  {who.person_id}  {words.clean(who.name)}: {who.state}" for who in people)


def _point_lines(
    review: Review, point: Point, found: ReviewedPoint | None, problems: Mapping[str, str]
) -> Iterator[str]:
    if point.kind == "series":
        line = issued_words(review.clause_c) if review.clause_c else ""
        done = review.clause_c is not None
    else:
        line = ". ".join(_recorded(found, problems)) if found else ""
        done = found is not None and all(lack.point.id != point.id for lack in review.lacks)
    yield f"  {'✓' if done else '○'} {point.id}  {point.name}"
    if line:
        yield f"      {line}"


def _recorded(found: ReviewedPoint, problems: Mapping[str, str]) -> Iterator[str]:
    day = f" on {words.written(found.on)}" if found.on else ""
    yield f"{'Yes' if found.done else 'Not done'}{day}"
    yield from (f"{name}: {words.clean(text)}" for name, text in _texts(found) if text)
    if found.file:
        yield _file_words(found.file, problems)
    yield f"Recorded by {words.clean(found.recorded_by)} on {words.written(found.recorded_on)}"


def _texts(found: ReviewedPoint) -> tuple[tuple[str, str], ...]:
    return (("How", found.how), ("Who", found.who), ("Note", found.note))


def _file_words(file: KeptFile, problems: Mapping[str, str]) -> str:
    problem = problems.get(file.sha256, "")
    notes = " ".join(words.clean(note).rstrip(".") for note in file.notes)
    remarks = (f"! the kept file {problem}" if problem else "", notes)
    return "; ".join((f"Attachment: {words.clean(file.name)}", *(remark for remark in remarks if remark)))


def _issued_line(issued: Issued, review: Review) -> str:
    line = f"{issued_words(issued)}, issued by {words.clean(issued.issued_by)}"
    if not issued.stands:
        by, why = words.clean(issued.withdrawn_by or ""), words.clean(issued.withdrawn_because or "")
        return f"✗ {line}; withdrawn by {by}: {why}"
    if issued == review.clause_c:
        return f"✓ {line}; the one in force"
    if issued in review.replaced and review.in_force is not None:
        return f"○ {line}; replaced by {review.in_force.number}"
    return f"○ {line}; before this review's period"


def _adoption_lines(review: Review, problems: Mapping[str, str]) -> Iterator[str]:
    adoption = review.adoption
    if adoption is not None:
        when = words.written(adoption.recorded_on)
        yield f"Adopted on {words.written(adoption.on)}; recorded by {words.clean(adoption.recorded_by)} on {when}"
        yield from (f"Note: {words.clean(adoption.note)}",) if adoption.note else ()
        yield from (_file_words(adoption.file, problems),) if adoption.file else ()
    elif review.agreement.adopted_on:
        day = words.written(review.agreement.adopted_on)
        yield f"The roster says adopted on {day}; no adoption is recorded here."
    elif review.before:
        yield f"Not adopted. The last adoption, on {words.written(review.before)}, closed an earlier review."
    else:
        yield "Not adopted."
    if review.differs:
        yield f"! {review.differs[0].upper()}{review.differs[1:]}."


def review_json(review: Review) -> dict[str, Any]:
    """Return one agreement in the shape of `agreements list --format json`; days as ISO 8601 text."""
    agreement, stands = review.agreement, review.clause_c
    return {
        "id": agreement.agreement_id,
        "partner": {"id": agreement.partner_id, "name": review.partner},
        "school_year": agreement.school_year,
        "starts": agreement.starts.isoformat(),
        "ends": agreement.ends.isoformat() if agreement.ends else None,
        "ended": not review.running,
        "people": len(review.staff),
        "review_due": review.due.isoformat(),
        "comes_up_again": review.again.isoformat() if review.again else None,
        "overdue": review.overdue,
        "adopted_on": review.adopted_on.isoformat() if review.adopted_on else None,
        "adopted_before": review.before.isoformat() if review.before else None,
        "adoption_recorded": review.adoption is not None,
        "adoption_differs": review.differs or None,
        "clause_c": {"kind": stands.kind.value, "number": stands.number, "as_of": stands.as_of.isoformat()}
        if stands
        else None,
        "points": len(review.points),
        "points_done": review.points_done,
        "next": next_step(review) or None,
        "missing": [{"point": lack.point.id, "found": lack.found, "remedy": lack.remedy} for lack in review.lacks],
    }


def show_json(review: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> dict[str, Any]:
    """Return everything about one agreement, in the shape of `agreements show --format json`."""
    adoption = review.adoption
    return {
        **review_json(review),
        "as_of": review.as_of.isoformat(),
        "law": review.citation,
        "counts_from": review.begins.isoformat(),
        "points": [_point_json(point, found, problems) for point, found in review.points],
        "documents": [_issued_json(issued, review) for issued in review.issued],
        "adoption": {
            "on": adoption.on.isoformat(),
            "note": adoption.note,
            "file": _file_json(adoption.file, problems),
            "recorded_by": adoption.recorded_by,
            "recorded_on": adoption.recorded_on.isoformat(),
        }
        if adoption
        else None,
        "covered": [{"id": who.person_id, "name": who.name, "state": who.state} for who in people],
    }


def _point_json(point: Point, found: ReviewedPoint | None, problems: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": point.id, "kind": point.kind, "wording": point.wording, "recorded": None}
    if found is not None:
        fields["recorded"] = {
            "done": found.done,
            "on": found.on.isoformat() if found.on else None,
            **{name.lower(): text for name, text in _texts(found)},
            "attachment": _file_json(found.file, problems),
            "recorded_by": found.recorded_by,
            "recorded_on": found.recorded_on.isoformat(),
        }
    return fields


def _file_json(file: KeptFile | None, problems: Mapping[str, str]) -> dict[str, Any] | None:
    if file is None:
        return None
    fields = {"name": file.name, "sha256": file.sha256, "size": file.size, "notes": list(file.notes)}
    return {**fields, "problem": problems.get(file.sha256) or None}


def _issued_json(issued: Issued, review: Review) -> dict[str, Any]:
    replaced = review.in_force if issued in review.replaced else None
    return {
        "kind": issued.kind.value,
        "number": issued.number,
        "as_of": issued.as_of.isoformat(),
        "issued_at": issued.issued_at.isoformat(),
        "issued_by": issued.issued_by,
        "stands": issued.stands,
        "replaced_by": replaced.number if replaced else None,
        "withdrawn_at": issued.withdrawn_at.isoformat() if issued.withdrawn_at else None,
        "withdrawn_by": issued.withdrawn_by,
        "withdrawn_because": issued.withdrawn_because,
    }
