"""Record that the board adopted an agreement, once its review is whole; and take a mistaken record back."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.agreements.review.due import HALF_A_YEAR
from lms_sync.agreements.review.record import ReviewContext
from lms_sync.agreements.review.status import Review
from lms_sync.errors import UsageError
from lms_sync.law.days import due
from lms_sync.model.agreement import Adoption
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.registers import ADOPTIONS
from lms_sync.store.store import Store
from lms_sync.text import plain


def adopt(desk: ReviewContext, review: Review, on: date, *, note: str = "", file: Path | None = None) -> bool:
    """Record that the board adopted an agreement; return False when just that was recorded before.

    Raises: UsageError while anything is missing, for a day that can't be, without a note for one before what it rests
    on, and when it was recorded differently.
    """
    name = review.agreement.agreement_id
    taken = desk.vault.take(file) if file else None
    adoption = Adoption(name, on, plain(note), taken[0] if taken else None, desk.author.by, desk.today)
    before = review.adoption
    if before is not None:
        if replace(adoption, recorded_by=before.recorded_by, recorded_on=before.recorded_on) == before:
            return False
        raise UsageError(
            f"{name} was adopted on {before.on}, recorded by {before.recorded_by}",
            hint=f'If that is wrong: `lms-sync agreements adopt {name} --undo --reason "…"`, then record it anew.',
        )
    _expect_day(review, on)
    _expect_whole(review, on)
    if not adoption.note:
        _expect_before(review, on, desk.zone)
    if taken:
        desk.vault.keep(*taken)
    earlier = ADOPTIONS.read(desk.store).get(name)
    with desk.store.transaction():
        ADOPTIONS.put(desk.store, name, adoption, now=desk.author.at)
        _log(desk, name, earlier, adoption)
    return True


def _log(desk: ReviewContext, agreement_id: str, before: Adoption | None, after: Adoption | None) -> None:
    plain_before, plain_after = (ADOPTIONS.plain(adoption) if adoption else None for adoption in (before, after))
    desk.store.audit.add(DecisionKind.REVIEW, agreement_id, desk.author, before=plain_before, after=plain_after)


def _expect_day(review: Review, on: date) -> None:
    if on > review.as_of:
        raise UsageError(f"--on {on}: a day to come", hint="Record the adoption when the board has made it.")
    if on < review.begins:
        raise UsageError(
            f"--on {on}: before this review's period, which began on {review.begins}",
            hint="Check the year, and that this is the agreement that was adopted.",
        )
    if review.before is not None and on <= due(review.before, HALF_A_YEAR):
        raise UsageError(
            f"--on {on}: too soon after the adoption on {review.before} to be the next year's",
            hint='If that day was wrong, take it back (`--undo --reason "…"`), then record it anew.',
        )


def _expect_whole(review: Review, on: date) -> None:
    lacks = [f"{lack}. {lack.remedy}" for lack in review.lacks]
    lacks += [
        f"{point.id}, {point.name}: on {found.on}, after the adoption. Check the two days."
        for point, found in review.points
        if point.kind == "involvement" and found is not None and found.on is not None and found.on > on
    ]
    if lacks:
        listed = "\n".join(f"  • {lack}" for lack in lacks)
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
    standing = [issued for issued in review.issued if issued.stands and review.begins <= issued.as_of]
    made = {issued.number: issued.issued_at.astimezone(zone).date() for issued in standing}
    if made and min(made.values()) > on:
        later += [f"C: {number} was issued on {day}" for number, day in made.items()]
    if later:
        listed = "\n".join(f"  • {one}" for one in later)
        raise UsageError(
            f"{review.agreement.agreement_id}: this came after the vote of {on}:\n{listed}",
            hint="Check the day. If the year is recorded only now, say so: --note.",
        )


def undo_adoption(desk: ReviewContext, review: Review) -> Adoption:
    """Take the record of the last adoption back and return it; the one that it had replaced counts again.

    Raises: UsageError when there is none.
    """
    name = review.agreement.agreement_id
    before = ADOPTIONS.read(desk.store).get(name)
    if before is None:
        raise UsageError(f"{name}: no adoption is recorded", hint=f"`lms-sync agreements show {name}` says what is.")
    after = _replaced(desk.store, name)
    with desk.store.transaction():
        if after is None:
            ADOPTIONS.end(desk.store, name, now=desk.author.at)
        else:
            ADOPTIONS.put(desk.store, name, after, now=desk.author.at)
        _log(desk, name, before, after)
    return before


def _replaced(store: Store, agreement_id: str) -> Adoption | None:
    """Return the year before's adoption under the same Agreement ID, where the one that counts has replaced it."""
    versions = [
        fact_version for fact_version in store.facts.history(ADOPTIONS.kind) if fact_version.key == agreement_id
    ]
    now = next(fact_version for fact_version in versions if fact_version.ended_at is None)
    replaced = [
        ADOPTIONS.adapter.validate_python(fact_version.payload)
        for fact_version in versions
        if fact_version.ended_at == now.recorded_at
    ]
    day = date.fromisoformat(now.payload["on"])
    return next((one for one in replaced if due(one.on, HALF_A_YEAR) < day), None)
