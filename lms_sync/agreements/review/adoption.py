"""Record that the board adopted an agreement, once its review is whole; and take a mistaken record back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.agreements.clause_c.watch import contradictions
from lms_sync.agreements.review.due import HALF_A_YEAR
from lms_sync.agreements.review.record import read_review
from lms_sync.agreements.review.status import Review
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.law.days import due
from lms_sync.law.yearly import Point
from lms_sync.model.agreement import Adoption
from lms_sync.model.author import Author
from lms_sync.model.known import known_agreement
from lms_sync.model.log import DecisionKind
from lms_sync.model.second_person import SecondAct
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import ADOPTIONS
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, plain, written_day


@dataclass(frozen=True, slots=True)
class Vote:
    """What the board did, as a reviewer tells it."""

    on: date
    note: str = ""
    """The meeting and agenda item. Required if the vote came before what it relies on."""
    file: Path | None = None
    """The adopted agreement, or the minutes."""

    @property
    def reason(self) -> str:
        """Return why the adoption is recorded: the reason of its entry in the log."""
        return self.note.strip() or f"adopted by the board on {written_day(self.on)}"


def adopt(workspace: Workspace, author: Author, *, issuer: Issuer, agreement_id: str, vote: Vote) -> bool:
    """Record that the board adopted an agreement; return False when just that was recorded before: nothing is logged.

    Raises: UsageError while anything is missing, for a document of clause C that is not true by what is known now,
    for a day that can't be, without a note for one before what it rests on, and when it was recorded differently.
    """
    store, vault = workspace.store, open_vault(*workspace.config.kept_files)
    with store.transaction():
        review = read_review(workspace, agreement_id)
        name = review.agreement.agreement_id
        _expect_true(review, issuer)
        taken = vault.take(vote.file) if vote.file else None
        file, on = taken[0] if taken else None, workspace.day(author.at)
        adoption = Adoption(name, vote.on, plain(vote.note), file, author.by, on)
        if _recorded_before(adoption, review.adoption):
            return False
        _expect_adoptable(review, adoption, workspace.zone)
        workspace.expect_second(author, SecondAct.ADOPT)
        earlier = ADOPTIONS.read(store).get(name)
        ADOPTIONS.put(store, name, adoption, now=author.at)
        _log(store, author, before=earlier, after=adoption)
        if taken:
            vault.keep(*taken)
    return True


def _log(store: Store, author: Author, *, before: Adoption | None, after: Adoption | None) -> None:
    """Log what becomes of an adoption, one of which at least there is."""
    (name,) = {adoption.agreement_id for adoption in (before, after) if adoption}
    was, becomes = (ADOPTIONS.plain(adoption) if adoption else None for adoption in (before, after))
    store.audit.add(DecisionKind.REVIEW, name, author, before=was, after=becomes)


def _expect_true(review: Review, issuer: Issuer) -> None:
    issued = review.clause_c
    if issued is not None and (why := contradictions(issued, issuer)):
        raise UsageError(
            f"{issued.number} is not true by what is known now:\n" + "\n".join(f"  {each}" for each in why),
            hint=f"`{command_line('agreements withdraw', issued.number, reason=...)}`, and issue a new document.",
        )


def _recorded_before(adoption: Adoption, before: Adoption | None) -> bool:
    """Tell whether just this was recorded. Raises: UsageError when something else was."""
    if before is None:
        return False
    if replace(adoption, recorded_by=before.recorded_by, recorded_on=before.recorded_on) == before:
        return True
    name = before.agreement_id
    raise UsageError(
        f"{name} was adopted on {written_day(before.on)}, recorded by {before.recorded_by}",
        hint=f"If that is wrong: `{command_line('agreements adopt', name, undo=True, reason=...)}`; record it again.",
    )


def _expect_adoptable(review: Review, adoption: Adoption, zone: ZoneInfo) -> None:
    _expect_day(review, adoption.on)
    _expect_whole(review, adoption.on)
    if not adoption.note:
        _expect_before(review, adoption.on, zone)


def _expect_day(review: Review, on: date) -> None:
    if on > review.as_of:
        raise UsageError(f"--on {on}: a day in the future", hint="Record the adoption when the board has made it.")
    if on < review.begins:
        raise UsageError(
            f"--on {on}: before this review's period, which began on {written_day(review.begins)}",
            hint="Check the year, and that this is the agreement that was adopted.",
        )
    if review.before is not None and on <= due(review.before, HALF_A_YEAR):
        raise UsageError(
            f"--on {on}: too soon after the adoption on {written_day(review.before)} to be the next year's",
            hint='If that day was wrong, take it back (`--undo --reason "…"`), then record it again.',
        )


def _points(points: Sequence[Point]) -> str:
    if len(points) == 1:
        return f"{points[0].id}, {points[0].name}"
    return ", ".join(point.id for point in points)


def _expect_whole(review: Review, on: date) -> None:
    alike = groupby(review.lacks, key=lambda lack: (lack.found, lack.remedy))
    lacks = [f"{_points([lack.point for lack in same])}: {found}. {remedy}" for (found, remedy), same in alike]
    lacks += [
        f"{point.id}, {point.name}: on {written_day(found.on)}, after the adoption. Check the two days."
        for point, found in review.points
        if point.kind == "involvement" and found is not None and found.on is not None and found.on > on
    ]
    if lacks:
        listed = "\n".join(f"  • {lack}" for lack in lacks)
        raise UsageError(
            f"{review.agreement.agreement_id} can't be adopted yet. Missing:\n{listed}",
            hint="Record what is missing, then adopt.",
        )


def _expect_before(review: Review, on: date, zone: ZoneInfo) -> None:
    """Refuse a vote on what came after it, unless a note tells why. Raises: UsageError that names each."""
    later = [
        f"{point.id}, {point.name}: seen on {written_day(found.on)}"
        for point, found in review.points
        if point.kind == "text" and found is not None and found.on is not None and found.on > on
    ]
    standing = [issued for issued in review.issued if issued.stands and review.begins <= issued.as_of]
    issue_days = {issued.number: issued.issued_at.astimezone(zone).date() for issued in standing}
    if issue_days and min(issue_days.values()) > on:
        later += [f"C: {number} was issued on {written_day(day)}" for number, day in issue_days.items()]
    if later:
        listed = "\n".join(f"  • {reason}" for reason in later)
        raise UsageError(
            f"{review.agreement.agreement_id}: this came after the vote of {written_day(on)}:\n{listed}",
            hint="Check the day. If the year is only being recorded now, say so with --note.",
        )


def undo_adoption(workspace: Workspace, author: Author, *, agreement_id: str) -> Adoption:
    """Take the record of the last adoption back and return it; the one that it had replaced counts again.

    Raises: UsageError when there is none.
    """
    store = workspace.store
    with store.transaction():
        name = known_agreement(read_roster(store), agreement_id).agreement_id
        before = ADOPTIONS.read(store).get(name)
        if before is None:
            raise UsageError(
                f"{name}: no adoption is recorded", hint=f"`{command_line('agreements show', name)}` says what is."
            )
        after = _replaced(store, name)
        if after is None:
            ADOPTIONS.end(store, name, now=author.at)
        else:
            ADOPTIONS.put(store, name, after, now=author.at)
        _log(store, author, before=before, after=after)
    return before


def _replaced(store: Store, agreement_id: str) -> Adoption | None:
    """Return the year before's adoption under the same Agreement ID, where the one that counts has replaced it."""
    versions = [
        fact_version for fact_version in store.facts.history(ADOPTIONS.kind) if fact_version.key == agreement_id
    ]
    now = next(fact_version for fact_version in versions if fact_version.ended_at is None)
    replaced = [
        ADOPTIONS.form.read(fact_version.payload)
        for fact_version in versions
        if fact_version.ended_at == now.recorded_at
    ]
    day = ADOPTIONS.form.read(now.payload).on
    return next((adoption for adoption in replaced if due(adoption.on, HALF_A_YEAR) < day), None)
