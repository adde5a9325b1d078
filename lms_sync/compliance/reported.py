"""A standing, with all that it rests on → what its reader may know of it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from lms_sync.compliance.gap_report import ReportedClaim, ReportedCredit, ReportedSignUp, ReportedStanding
from lms_sync.compliance.gate import Gate, law_text
from lms_sync.law.standing import Standing
from lms_sync.model.evidence import Claim, Credit
from lms_sync.model.sign_up import ExpectedTraining

StandingsAs = Callable[..., tuple[ReportedStanding, ...]]
"""Tells somebody's standings, by a gate, as their reader may know them; and what the person has signed up for."""
_alike: Callable[[Standing], tuple[object, ...]] = attrgetter(
    *("requirement", "component", "need", "have", "met_by", "on", "due", "last_lawful_day", "late", "doubted")
)
"""Gives all of a standing but what it rests on."""


def reporting_alike() -> StandingsAs:
    """Return what tells standings, each as `reported` does; those that rest on nothing and stand alike are one value.

    They are few: of a requirement as many as days on which it is due, or was met. Every reader may know them.
    """
    known: dict[tuple[object, ...], ReportedStanding] = {}

    def all_alike(
        standings: Iterable[Standing], gate: Gate, expected: Sequence[ExpectedTraining] = ()
    ) -> tuple[ReportedStanding, ...]:
        found: list[ReportedStanding] = []
        for standing in standings:
            if standing.credits or standing.claims or standing.notes or (expected and standing.open):
                found.append(reported(standing, gate, expected))
                continue
            alike = _alike(standing)
            figure = known.get(alike)
            if figure is None:
                figure = known[alike] = reported(standing, gate)
            found.append(figure)
        return tuple(found)

    return all_alike


def reported(standing: Standing, gate: Gate, expected: Sequence[ExpectedTraining] = ()) -> ReportedStanding:
    """Return a standing as its reader may know it; `expected` is what the person has signed up for."""
    return ReportedStanding(
        requirement=law_text(standing.requirement),
        component=law_text(standing.component),
        need=standing.need,
        have=standing.have,
        met_by=standing.met_by,
        on=standing.on,
        due=standing.due,
        last_lawful_day=standing.last_lawful_day,
        late=standing.late,
        credits=tuple([_credit(credit, gate) for credit in standing.credits]),
        claims=tuple([_claim(claim, gate) for claim in standing.claims]),
        notes=tuple(map(law_text, standing.notes)),
        doubted=standing.doubted,
        signed_up=signed_up(standing, gate, expected),
    )


def signed_up(standing: Standing, gate: Gate, expected: Sequence[ExpectedTraining]) -> tuple[ReportedSignUp, ...]:
    """Return the sign-ups that stand beside an open requirement; none beside one that is met."""
    return tuple(
        ReportedSignUp(training.day, gate.title(training), gate.source(training.source))
        for training in (expected if standing.open else ())
        if training.requirement == standing.requirement
    )


def _credit(credit: Credit, gate: Gate) -> ReportedCredit:
    return ReportedCredit(
        requirement=law_text(credit.requirement),
        day=credit.day,
        source=gate.source(credit.source),
        record=gate.record(credit.record),
        origin=gate.origin(credit.source, credit.place, credit.origin),
        title=gate.title(credit),
        host_school=gate.school(credit.host_school),
        experienced_officer=gate.officer(credit.experienced_officer),
        doubted=credit.doubted,
    )


def _claim(claim: Claim, gate: Gate) -> ReportedClaim:
    return ReportedClaim(
        claim_id=gate.record(claim.claim_id),
        requirement=law_text(claim.requirement),
        day=claim.day,
        reason=law_text(claim.reason),
        source=gate.source(claim.source),
        record=gate.record(claim.record),
        origin=gate.origin(claim.source, claim.place, claim.origin),
        title=gate.title(claim),
    )
