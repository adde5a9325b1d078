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

HEADINGS = ("Agreement", "Partner", "Year", "From", "Until", "People", "Review due", "Adopted", "Clause C", "Missing")


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """Somebody whom an agreement covers."""

    person_id: str
    name: str
    state: str
    """As judged on the day: `documented`, `on plan` …"""


def list_row(one: Review) -> tuple[str, ...]:
    """Return the cells below `HEADINGS`."""
    agreement, stands = one.agreement, one.clause_c
    day = one.due if one.adopted_on is None else one.again
    due = f"{day}{' overdue' if one.overdue else ''}" if day else ""
    adopted = str(one.adopted_on or (f"last {one.before}" if one.before else ""))
    if one.adopted_on and one.adoption is None:
        adopted += " (roster only)"
    return (
        *(agreement.agreement_id, words.clean(one.partner), agreement.school_year, str(agreement.starts)),
        *(_ends(one), str(len(one.staff)), due, adopted + (" (differs)" if one.differs else "")),
        f"{stands.kind.value} {stands.number} of {stands.as_of}{_replaces(one)}" if stands else "none",
        str(len(one.lacks) or ""),
    )


def _replaces(one: Review) -> str:
    return f" (replaces {', '.join(older.number for older in one.replaced)})" if one.replaced else ""


def _ends(one: Review) -> str:
    return f"{one.agreement.ends or 'open'}{'' if one.running else ' (ended)'}"


def show_text(one: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> str:
    """Return everything about one agreement's review as text; `problems` is hash → what is wrong with a kept file."""
    return "\n".join(_lines(one, people, problems)) + "\n"


def _lines(one: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> Iterator[str]:
    agreement = one.agreement
    until = f"to {words.written(agreement.ends)}" if agreement.ends else "without an end"
    until += "" if one.running else " (ended)"
    yield f"AGREEMENT {agreement.agreement_id} WITH {words.clean(one.partner).upper()}, {agreement.school_year}"
    yield f"From {words.written(agreement.starts)} {until}. {due_words(one)}"
    yield f"As of {words.written(one.as_of)}, by {one.citation}."
    yield f"\nREVIEW (what is dated from {words.written(one.begins)} on counts)"
    for point, found in one.points:
        yield from _point_lines(one, point, found, problems)
    yield f"\nSTILL MISSING FOR ADOPTION ({len(one.lacks)})" if one.lacks else "\nNothing is missing for adoption."
    alike = groupby(one.lacks, key=lambda lack: (lack.found, lack.remedy))
    for (found, remedy), lacks in alike:
        yield f"  {', '.join(lack.point.id for lack in lacks)}: {words.clean(found)}\n      → {remedy}"
    yield "\nCLAUSE C DOCUMENTS" + ("" if one.issued else ": none was issued")
    yield from (f"  {_issued_line(issued, one)}" for issued in one.issued)
    yield "\nADOPTION"
    yield from (f"  {line}" for line in _adoption_lines(one, problems))
    yield f"\nPEOPLE COVERED ({len(people)})"
    yield from (f"  {who.person_id}  {words.clean(who.name)}: {who.state}" for who in people)


def _point_lines(
    one: Review, point: Point, found: ReviewedPoint | None, problems: Mapping[str, str]
) -> Iterator[str]:
    if point.kind == "series":
        told = issued_words(one.clause_c) if one.clause_c else ""
        done = one.clause_c is not None
    else:
        told = ". ".join(_recorded(found, problems)) if found else ""
        done = found is not None and all(lack.point.id != point.id for lack in one.lacks)
    yield f"  {'✓' if done else '○'} {point.id}  {point.name}"
    if told:
        yield f"      {told}"


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
    notes = " ".join(words.clean(one).rstrip(".") for one in file.notes)
    told = (f"! the kept file {problem}" if problem else "", notes)
    return "; ".join((f"Attachment: {words.clean(file.name)}", *(one for one in told if one)))


def _issued_line(issued: Issued, one: Review) -> str:
    said = f"{issued_words(issued)}, issued by {words.clean(issued.issued_by)}"
    if not issued.stands:
        by, why = words.clean(issued.withdrawn_by or ""), words.clean(issued.withdrawn_because or "")
        return f"✗ {said}; withdrawn by {by}: {why}"
    if issued == one.clause_c:
        return f"✓ {said}; stands, and is the one in force"
    if issued in one.replaced and one.in_force is not None:
        return f"○ {said}; replaced by {one.in_force.number}"
    return f"○ {said}; before this review's period"


def _adoption_lines(one: Review, problems: Mapping[str, str]) -> Iterator[str]:
    made = one.adoption
    if made is not None:
        when = words.written(made.recorded_on)
        yield f"Adopted on {words.written(made.on)}; recorded by {words.clean(made.recorded_by)} on {when}"
        yield from (f"Note: {words.clean(made.note)}",) if made.note else ()
        yield from (_file_words(made.file, problems),) if made.file else ()
    elif one.agreement.adopted_on:
        yield f"The roster says adopted on {words.written(one.agreement.adopted_on)}; no adoption is recorded here."
    elif one.before:
        yield f"Not adopted. The last adoption, on {words.written(one.before)}, closed an earlier review."
    else:
        yield "Not adopted."
    if one.differs:
        yield f"! {one.differs[0].upper()}{one.differs[1:]}."


def review_json(one: Review) -> dict[str, Any]:
    """Return one agreement in the shape of `agreements list --format json`; days as ISO 8601 text."""
    agreement, stands = one.agreement, one.clause_c
    return {
        "id": agreement.agreement_id,
        "partner": {"id": agreement.partner_id, "name": one.partner},
        "school_year": agreement.school_year,
        "starts": agreement.starts.isoformat(),
        "ends": agreement.ends.isoformat() if agreement.ends else None,
        "ended": not one.running,
        "people": len(one.staff),
        "review_due": one.due.isoformat(),
        "comes_up_again": one.again.isoformat() if one.again else None,
        "overdue": one.overdue,
        "adopted_on": one.adopted_on.isoformat() if one.adopted_on else None,
        "adopted_before": one.before.isoformat() if one.before else None,
        "adoption_recorded": one.adoption is not None,
        "adoption_differs": one.differs or None,
        "clause_c": {"kind": stands.kind.value, "number": stands.number, "as_of": stands.as_of.isoformat()}
        if stands
        else None,
        "missing": [{"point": lack.point.id, "found": lack.found, "remedy": lack.remedy} for lack in one.lacks],
    }


def show_json(one: Review, people: Sequence[CoveredRow], problems: Mapping[str, str]) -> dict[str, Any]:
    """Return everything about one agreement, in the shape of `agreements show --format json`."""
    made = one.adoption
    return {
        **review_json(one),
        "as_of": one.as_of.isoformat(),
        "law": one.citation,
        "counts_from": one.begins.isoformat(),
        "points": [_point_json(point, found, problems) for point, found in one.points],
        "documents": [_issued_json(issued, one) for issued in one.issued],
        "adoption": {
            "on": made.on.isoformat(),
            "note": made.note,
            "file": _file_json(made.file, problems),
            "recorded_by": made.recorded_by,
            "recorded_on": made.recorded_on.isoformat(),
        }
        if made
        else None,
        "covered": [{"id": who.person_id, "name": who.name, "state": who.state} for who in people],
    }


def _point_json(point: Point, found: ReviewedPoint | None, problems: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": point.id, "kind": point.kind, "wording": point.wording, "recorded": None}
    if found is not None:
        told["recorded"] = {
            "done": found.done,
            "on": found.on.isoformat() if found.on else None,
            **{name.lower(): text for name, text in _texts(found)},
            "attachment": _file_json(found.file, problems),
            "recorded_by": found.recorded_by,
            "recorded_on": found.recorded_on.isoformat(),
        }
    return told


def _file_json(file: KeptFile | None, problems: Mapping[str, str]) -> dict[str, Any] | None:
    if file is None:
        return None
    said = {"name": file.name, "sha256": file.sha256, "size": file.size, "notes": list(file.notes)}
    return {**said, "problem": problems.get(file.sha256) or None}


def _issued_json(one: Issued, review: Review) -> dict[str, Any]:
    replaced = review.in_force if one in review.replaced else None
    return {
        "kind": one.kind.value,
        "number": one.number,
        "as_of": one.as_of.isoformat(),
        "issued_at": one.issued_at.isoformat(),
        "issued_by": one.issued_by,
        "stands": one.stands,
        "replaced_by": replaced.number if replaced else None,
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
        "withdrawn_by": one.withdrawn_by,
        "withdrawn_because": one.withdrawn_because,
    }
