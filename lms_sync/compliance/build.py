"""A judgement of everybody → what one partner is told, with nobody else in it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from lms_sync.compliance.audience import assigned_at
from lms_sync.compliance.coming_due import with_coming_due
from lms_sync.compliance.gap_report import (
    GapReport,
    PersonGaps,
    ReportedStanding,
    SourceAge,
    doubt_sentences,
    named_first,
)
from lms_sync.compliance.gate import NOTHING, Gate, PartnerText, fill, joined, law_text, own_row, program, setting
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.open_gate import contacts_gate, district_gate, partner_gate
from lms_sync.compliance.reported import StandingsAs, reporting_alike
from lms_sync.compliance.unread import NEVER_READ, SAYS_NOTHING, concerns, how_unread, never_read
from lms_sync.law.standing import doubted_since, state_words
from lms_sync.model.evidence import ClaimReason
from lms_sync.model.roster import Assignment, Partner, Person
from lms_sync.model.run import EMPTY
from lms_sync.model.stored.judgement import StoredPerson, StoredReport, StoredRequirement
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import days_written


@dataclass(frozen=True, slots=True)
class LastReport:
    """The last report that was issued to a partner."""

    as_of: date
    report: StoredReport


def build_report(
    snapshot: Snapshot,
    judged: Judged,
    partner: Partner,
    *,
    last: LastReport | None,
    for_district: bool = False,
    assigned: Sequence[Assignment] | None = None,
    at: tuple[str, ...] = (),
    standings_as: StandingsAs | None = None,
) -> GapReport:
    """Return the partner's report on the day judged, about those of its people who are assigned on that day.

    `assigned` tells of other assignments of the partner instead, such as those that one agreement covers. Every text
    goes through the partner's gate; in a report `for_district` all of them are told as they are. `at` names the
    buildings whose people alone it is about: to its readers no name of a file belongs.
    """
    roster = snapshot.roster
    assigned = roster.assigned(partner.partner_id, judged.as_of) if assigned is None else assigned
    assigned = assigned_at(assigned, at)
    by_person: dict[str, list[Assignment]] = {}
    for assignment in assigned:
        by_person.setdefault(assignment.person_id, []).append(assignment)
    shared = judged.gate
    theirs = contacts_gate if at else partner_gate
    gate = district_gate(shared) if for_district else theirs(shared, roster, partner, inside=by_person.keys())
    tell = partial(standings_as or reporting_alike(), gate=gate)
    before = last.report.people if last else ()
    return GapReport(
        district=setting(snapshot.settings.district),
        contact=setting(snapshot.settings.contact),
        partner=partner,
        agreements=tuple(sorted({own_row(a.agreement_id) for a in assigned if a.agreement_id})),
        as_of=judged.as_of,
        known_at=snapshot.known_at,
        law=law_text(snapshot.law.on(judged.as_of).id),
        mapping=setting(snapshot.course_map.version),
        due_soon_days=snapshot.settings.due_soon_days,
        people=_people(snapshot, judged, by_person, tell=tell, last=last),
        sources=_ages(snapshot, judged, partner, people=by_person.keys(), gate=gate),
        previous=last.as_of if last else None,
        gone=tuple(sorted(own_row(person.name) for person in before if person.id not in by_person)),
        no_offering=setting(snapshot.settings.no_offering),
        own_rule=setting(snapshot.settings.own_rule),
        at=tuple(map(own_row, at)),
    )


def _people(
    snapshot: Snapshot,
    judged: Judged,
    assigned: Mapping[str, Sequence[Assignment]],
    *,
    tell: StandingsAs,
    last: LastReport | None,
) -> tuple[PersonGaps, ...]:
    """Return where each of the people stands who are `assigned` (by Person ID), by name."""
    before = {person.id: person for person in last.report.people} if last else {}
    series, people = snapshot.law.on(judged.as_of), []
    for person_id, assignments in assigned.items():
        person, last_had = snapshot.roster.people[person_id], (before.get(person_id),) if last else ()
        gaps = _person(person, judged, assignments=assignments, tell=tell, last=last_had)
        people.append(with_coming_due(gaps, person, series))
    return tuple(sorted(people, key=lambda gaps: (gaps.name.casefold(), gaps.person_id)))


def _person(
    person: Person,
    judged: Judged,
    *,
    assignments: Sequence[Assignment],
    tell: StandingsAs,
    last: tuple[StoredPerson | None, ...],
) -> PersonGaps:
    """Return where somebody stands; `last` is what the last report said of the person, empty without one."""
    judgement = judged.people[person.person_id]
    expected = judged.signed_up.get(person.person_id, ())
    standings = tell(judgement.standings, expected=expected)
    buildings = {own_row(name): days for a in assignments for name, days in a.buildings}
    return PersonGaps(
        person_id=own_row(person.person_id),
        name=own_row(person.name),
        staff_class=person.staff_class,
        first_day=person.first_day,
        position=joined(", ", dict.fromkeys(own_row(a.position) for a in assignments)),
        buildings=tuple(buildings.items()),
        state=judgement.state,
        reasons=tuple(map(law_text, judgement.reasons)),
        requirements=standings,
        decisions=_decisions(person, judged, standings),
        changes=tuple(change for before in last for change in _changes(judgement.words, standings, before)),
        undecided=len(judged.undecided.get(person.person_id, ())),
    )


WHY_A_CLAIM = {
    ClaimReason.WAIVER: program("is marked as waived, exempt or equivalent; only an ESD can waive training"),
    ClaimReason.NO_DATE: program("has no date"),
    ClaimReason.NO_HOST: program("does not name the host school, or an experienced officer who is somebody else"),
    ClaimReason.NO_HOURS: program("is recorded as an on-the-job day of 0 hours"),
    ClaimReason.CORRECTION: program("was reported by the partner and has not been checked"),
    ClaimReason.DAY_UNSURE: program("may have been completed earlier; the source does not say when"),
    ClaimReason.PARTIAL: program("was called completed with some of its requirements not met"),
}
"""The end of a sentence about the training."""


def _decisions(person: Person, judged: Judged, standings: Sequence[ReportedStanding]) -> tuple[PartnerText, ...]:
    claims: dict[ClaimReason, dict[PartnerText, PartnerText]] = {}
    for claim in (claim for standing in standings for claim in standing.claims):
        title = fill("“{}”{}", claim.title, fill(" of {}", claim.day) if claim.day else NOTHING)
        claims.setdefault(ClaimReason(claim.reason), {})[claim.claim_id] = title
    sentences = [_claimed(tuple(titles.values()), why=WHY_A_CLAIM[reason]) for reason, titles in claims.items()]
    sentences += doubt_sentences(standings)
    if person.person_id in judged.conflicts:
        sentences.append(_CONFLICT)
    return tuple(sentences)


def _claimed(titles: Sequence[PartnerText], *, why: PartnerText) -> PartnerText:
    each = program(": each ") if len(titles) > 1 else program(" ")
    return fill("{}{}{}; the district decides whether it counts.", joined(", ", titles), each, why)


_CONFLICT = program(
    "Some training records may be this person's, but their ids or names leave doubt."
    " The district will confirm whose they are; until then they count for nobody."
)


def _changes(
    state: str, standings: Sequence[ReportedStanding], before: StoredPerson | None
) -> tuple[PartnerText, ...]:
    """Return what changed since the last report; `state` in words, with since when it is in doubt."""
    if before is None:
        return (fill("new on this report: {}", law_text(days_written(state))),)
    was = state_words(before.state, doubted_since(before.requirements))
    changes = (
        [fill("state: {} → {}", law_text(days_written(was)), law_text(days_written(state)))] if was != state else []
    )
    old = {requirement.id: requirement for requirement in before.requirements}
    changes += [
        fill("{}: {}", named_first([standing.requirement]), change)
        for standing in standings
        if (change := _change(standing, old.get(standing.requirement)))
    ]
    gone = old.keys() - {standing.requirement for standing in standings}
    return tuple(
        changes + [fill("{}: no longer required", named_first([requirement])) for requirement in sorted(gone)]
    )


def _change(standing: ReportedStanding, was: StoredRequirement | None) -> PartnerText:
    """Return what changed of one requirement, as a sentence's end; empty for nothing."""
    if was is None:
        return program("now required")
    if was.met_by is None and not standing.open:
        doubt = fill(", in doubt since {}", standing.doubted) if standing.doubted else NOTHING
        return fill("met on {}{}", standing.on, doubt) if standing.on else fill("met{}", doubt)
    if was.met_by is not None and standing.open:
        return program("no longer counted as met")
    if standing.open and was.have != standing.have:
        return fill("{} → {} of {}", was.have, standing.have, standing.need)
    if standing.doubted and was.doubted is None:
        return fill("met, in doubt since {}", standing.doubted)
    return program("no longer in doubt") if was.doubted and not standing.doubted else NOTHING


def _ages(
    snapshot: Snapshot, judged: Judged, partner: Partner, *, people: Collection[str], gate: Gate
) -> tuple[SourceAge, ...]:
    """Return how old the partner's sources are, and those that may tell of its people and were never read whole."""
    holding = {source for person_id in people for source in judged.sources[person_id]}
    named = {source.name for source in snapshot.settings.sources if partner.partner_id in source.partners}
    unread = tuple(
        SourceAge(gate.source(source.name), None, None, _UNREAD[how_unread(source, snapshot)])
        for source in never_read(snapshot)
        if source.name not in holding and concerns(source, partner.partner_id, snapshot)
    )
    read = {source for source in named if snapshot.pulls.get(source, (None, None))[0]}
    return (*_ages_of(holding | read, snapshot, judged, gate), *unread)


def source_ages(snapshot: Snapshot, judged: Judged, people: Collection[str], gate: Gate) -> tuple[SourceAge, ...]:
    """Return how old the sources are that hold evidence of any of `people`, by name."""
    return _ages_of({source for person_id in people for source in judged.sources[person_id]}, snapshot, judged, gate)


def _ages_of(sources: Collection[str], snapshot: Snapshot, judged: Judged, gate: Gate) -> tuple[SourceAge, ...]:
    zone = ZoneInfo(snapshot.settings.zone)
    ages = []
    for source in sorted(sources):
        stored, attempt = snapshot.pulls.get(source, (None, None))
        ages.append(
            SourceAge(
                source=gate.source(source),
                pulled=stored.pulled_at if stored else None,
                newest=judged.newest.get(source),
                trouble=_TROUBLE[attempt.outcome] if attempt else NOTHING,
                read_on=stored.pulled_at.astimezone(zone).date() if stored else None,
            )
        )
    return tuple(ages)


_UNREAD = {
    NEVER_READ: program("it has never been read in full"),
    SAYS_NOTHING: program("it says nothing of anybody yet"),
}
_TROUBLE = {
    "stored": NOTHING,
    "incomplete": program("one of its files could not be read"),
    EMPTY: program("nothing of anybody stood in it"),
    "failed": program("could not be read"),
    "safety stop": program("looked broken and was not used"),
}
