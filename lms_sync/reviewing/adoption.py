"""Record that the board adopted an agreement, once its review is whole; and take a mistaken record back."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.agreements.review import Review
from lms_sync.errors import UsageError
from lms_sync.knowledge.registers import ADOPTIONS
from lms_sync.model import Adoption
from lms_sync.reviewing import ReviewDesk
from lms_sync.store.audit import Decided
from lms_sync.tables.fields import plain


def adopt(desk: ReviewDesk, review: Review, on: date, *, note: str = "", file: Path | None = None) -> bool:
    """Record that the board adopted an agreement; return False when just that was recorded before.

    Raises: UsageError while anything is missing, for a day that can't be, without a note for one before what it rests
    on, and when it was recorded differently.
    """
    name = review.agreement.agreement_id
    taken = desk.vault.take(file) if file else None
    made = Adoption(name, on, plain(note), taken[0] if taken else None, desk.word.by, desk.today)
    before = review.adoption
    if before is not None:
        if replace(made, recorded_by=before.recorded_by, recorded_on=before.recorded_on) == before:
            return False
        raise UsageError(
            f"{name} was adopted on {before.on}, recorded by {before.recorded_by}",
            hint=f'If that is wrong: `lms-sync agreements adopt {name} --undo --reason "…"`, then record it anew.',
        )
    _expect_day(review, on)
    _expect_whole(review, on)
    if not made.note:
        _expect_before(review, on, desk.zone)
    if taken:
        desk.vault.keep(*taken)
    with desk.store.transaction():
        ADOPTIONS.put(desk.store, name, made, now=desk.word.at)
        desk.store.audit.add(Decided.REVIEW, name, desk.word, before=None, after=ADOPTIONS.plain(made))
    return True


def _expect_day(review: Review, on: date) -> None:
    if on > review.as_of:
        raise UsageError(f"--on {on}: a day to come", hint="Record the adoption when the board has made it.")
    if on < review.begins:
        raise UsageError(
            f"--on {on}: before this review's period, which began on {review.begins}",
            hint="Check the year, and that this is the agreement that was adopted.",
        )


def _expect_whole(review: Review, on: date) -> None:
    lacks = [f"{lack}. {lack.remedy}" for lack in review.lacks]
    lacks += [
        f"{point.id}, {point.name}: on {found.on}, after the adoption. Check the two days."
        for point, found in review.points
        if point.kind == "involvement" and found is not None and found.on is not None and found.on > on
    ]
    if lacks:
        listed = "\n".join(f"  • {one}" for one in lacks)
        raise UsageError(
            f"{review.agreement.agreement_id} can't be adopted yet; {len(lacks)} missing:\n{listed}",
            hint="Record what is missing, then adopt.",
        )


def _expect_before(review: Review, on: date, zone: ZoneInfo) -> None:
    """Refuse a vote on what came after it, unless a note tells why. Raises: UsageError that names each."""
    later = [
        f"{point.id}, {point.name}: seen on {found.on}"
        for point, found in review.points
        if point.kind == "text" and found is not None and found.on is not None and found.on > on
    ]
    document = review.clause_c
    if document is not None and (made := document.issued_at.astimezone(zone).date()) > on:
        later.append(f"C: {document.number} was issued on {made}")
    if later:
        listed = "\n".join(f"  • {one}" for one in later)
        raise UsageError(
            f"{review.agreement.agreement_id}: this came after the vote of {on}:\n{listed}",
            hint="Check the day. If the year is recorded only now, say so: --note.",
        )


def undo_adoption(desk: ReviewDesk, review: Review) -> Adoption:
    """Take the record of an adoption back. Raises: UsageError when there is none."""
    name, before = review.agreement.agreement_id, review.adoption
    if before is None:
        raise UsageError(f"{name}: no adoption is recorded", hint=f"`lms-sync agreements show {name}` says what is.")
    with desk.store.transaction():
        ADOPTIONS.end(desk.store, name, now=desk.word.at)
        desk.store.audit.add(Decided.REVIEW, name, desk.word, before=ADOPTIONS.plain(before), after=None)
    return before
