"""A judgement of everybody → what one partner is told, with nobody else in it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms_sync.compliance.gap_report import GapReport, PersonGaps, SourceAge
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.withhold import NOTHING_WITHHELD, Withholder, withholder
from lms_sync.law.standing import Standing, State
from lms_sync.model.evidence import Claim, ClaimReason, Credit
from lms_sync.model.roster import Assignment, Partner, Person
from lms_sync.store.known.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LastReport:
    """The last report that was issued to a partner."""

    as_of: date
    judgement: Mapping[str, Any]
    """The partner's part of `gaps --format json`."""


def build_report(
    snapshot: Snapshot,
    judged: Judged,
    partner: Partner,
    *,
    last: LastReport | None,
    for_district: bool = False,
    assigned: Sequence[Assignment] | None = None,
) -> GapReport:
    """Return the partner's report on the day judged, about those of its people who are assigned on that day.

    `assigned` tells of other assignments of the partner instead, such as those that one agreement covers. Whatever
    names another partner or its people is withheld, unless the report is `for_district`: then every origin is told as
    it is.
    """
    roster = snapshot.roster
    assigned = roster.assigned(partner.partner_id, judged.as_of) if assigned is None else assigned
    by_person: dict[str, list[Assignment]] = {}
    for assignment in assigned:
        by_person.setdefault(assignment.person_id, []).append(assignment)
    keep = withholder(partner, roster, inside=by_person.keys(), district=snapshot.settings.district)
    if for_district:
        keep = NOTHING_WITHHELD
    before = {p["id"]: p for p in last.judgement["people"]} if last else {}
    people = [
        _person(
            roster.people[i], judged, assignments=assignments, keep=keep, before=before.get(i, {}) if last else None
        )
        for i, assignments in by_person.items()
    ]
    return GapReport(
        district=snapshot.settings.district,
        contact=snapshot.settings.contact,
        partner=partner,
        agreements=tuple(sorted({a.agreement_id for a in assigned if a.agreement_id})),
        as_of=judged.as_of,
        known_at=snapshot.known_at,
        law=snapshot.law.on(judged.as_of).id,
        mapping=snapshot.course_map.version,
        due_soon_days=snapshot.settings.due_soon_days,
        people=tuple(sorted(people, key=lambda p: (p.name.casefold(), p.person_id))),
        sources=source_ages(snapshot, judged, by_person.keys(), keep),
        previous=last.as_of if last else None,
        gone=tuple(sorted(p["name"] for i, p in before.items() if i not in by_person)),
    )


def _person(
    person: Person,
    judged: Judged,
    *,
    assignments: Sequence[Assignment],
    keep: Withholder,
    before: Mapping[str, Any] | None,
) -> PersonGaps:
    judgement = judged.people[person.person_id]
    standings = tuple(_safe(standing, keep) for standing in judgement.standings)
    buildings = tuple(dict(b for a in assignments for b in a.buildings).items())
    return PersonGaps(
        person_id=person.person_id,
        name=person.name,
        staff_class=person.staff_class,
        first_day=person.first_day,
        position=", ".join(dict.fromkeys(a.position for a in assignments if a.position)),
        buildings=buildings,
        state=judgement.state,
        reasons=judgement.reasons,
        requirements=standings,
        decisions=_decisions(person, judged, standings),
        changes=() if before is None else _changes(judgement.state, standings, before),
    )


def _safe(standing: Standing, keep: Withholder) -> Standing:
    return replace(
        standing,
        credits=tuple(_safe_credit(credit, keep) for credit in standing.credits),
        claims=tuple(_safe_claim(claim, keep) for claim in standing.claims),
    )


def _safe_credit(credit: Credit, keep: Withholder) -> Credit:
    return replace(
        credit,
        source=keep.safe(credit.source, "another source"),
        origin=keep.place(credit.origin),
        title=keep.safe(credit.title, "a course of another organisation"),
        host_school=keep.school(credit.host_school),
        experienced_officer=keep.officer(credit.experienced_officer),
    )


def _safe_claim(claim: Claim, keep: Withholder) -> Claim:
    return replace(
        claim,
        source=keep.safe(claim.source, "another source"),
        origin=keep.place(claim.origin),
        title=keep.safe(claim.title, "a course of another organisation"),
    )


WHY_A_CLAIM = {
    ClaimReason.WAIVER: "is marked as waived, exempt or equivalent; only an ESD can waive training",
    ClaimReason.NO_DATE: "has no date",
    ClaimReason.NO_HOST: "does not name the host school or the experienced officer",
    ClaimReason.CORRECTION: "was reported by the partner and has not been checked",
    ClaimReason.DAY_UNSURE: "may have been completed on an earlier day, which the source does not tell",
    ClaimReason.PARTIAL: "was called completed with some of its requirements not met",
}
"""The end of a sentence about the training."""


def _decisions(person: Person, judged: Judged, standings: Sequence[Standing]) -> tuple[str, ...]:
    claims = {claim.claim_id: claim for standing in standings for claim in standing.claims}
    said = [
        f"“{c.title}”{f' of {c.day}' if c.day else ''} {WHY_A_CLAIM[ClaimReason(c.reason)]};"
        " the district decides whether it counts."
        for c in claims.values()
    ]
    if person.person_id in judged.conflicts:
        said.append(
            "Some training records may be this person's, but their ids or names do not tell for sure."
            " The district confirms whose they are; until then they count for nobody."
        )
    return tuple(said)


def _changes(state: State, standings: Sequence[Standing], before: Mapping[str, Any]) -> tuple[str, ...]:
    if not before:
        return (f"new on this report: {state.value}",)
    said = [f"state: {before['state']} → {state.value}"] if before["state"] != state.value else []
    old = {requirement["id"]: requirement for requirement in before["requirements"]}
    for standing in standings:
        was = old.get(standing.requirement)
        if was is None:
            said.append(f"{standing.requirement}: now required")
        elif was["met_by"] is None and not standing.open:
            said.append(f"{standing.requirement}: met on {standing.on}")
        elif was["met_by"] is not None and standing.open:
            said.append(f"{standing.requirement}: no longer counted as met")
        elif standing.open and was["have"] != standing.have:
            said.append(f"{standing.requirement}: {was['have']} → {standing.have} of {standing.need}")
    gone = old.keys() - {standing.requirement for standing in standings}
    return tuple(said + [f"{requirement}: no longer required" for requirement in sorted(gone)])


def source_ages(
    snapshot: Snapshot, judged: Judged, people: Collection[str], keep: Withholder
) -> tuple[SourceAge, ...]:
    """Return how old the sources are that hold evidence of any of `people`, by name."""
    named = sorted({source for person_id in people for source in judged.sources[person_id]})
    ages = []
    for source in named:
        stored, attempt = snapshot.pulls.get(source, (None, None))
        ages.append(
            SourceAge(
                source=keep.safe(source, "another source"),
                pulled=stored.pulled_at if stored else None,
                newest=judged.newest.get(source),
                trouble=_TROUBLE[attempt.outcome] if attempt else "",
            )
        )
    return tuple(ages)


_TROUBLE = {
    "stored": "",
    "incomplete": "one of its files could not be read",
    "failed": "could not be read",
    "safety stop": "looked broken and was not used",
}
