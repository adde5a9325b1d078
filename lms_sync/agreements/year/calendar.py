"""Everything that is due: by the roster, the law, the settings and what was recorded. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.agreements.review.due import adopted_on, next_review_due, review_due, reviewed_on
from lms_sync.agreements.year.entry import DaySpan, DueItem, DueKind
from lms_sync.compliance.judge import Judged
from lms_sync.documents.request.status import person_of, settled
from lms_sync.law.school_year import SchoolYear, school_years
from lms_sync.law.series import Component
from lms_sync.law.standing import MetBy, Standing, doubted_since
from lms_sync.law.yearly import Duty
from lms_sync.model.agreement import Adoption, DutyDone, EsdRequest
from lms_sync.model.roster import Agreement, Roster
from lms_sync.store.known.registers import joined
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.yearly import YearSettings


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What a calendar is made from."""

    snapshot: Snapshot
    judged: Judged
    """On the day for which it is made."""
    settings: YearSettings
    adoptions: Mapping[str, Adoption]
    """By Agreement ID."""
    requests: Mapping[str, EsdRequest]
    """By request id."""
    done: Mapping[str, DutyDone]
    """By `joined(duty, school_year, building)`."""


def entries_of(facts: CalendarFacts, span: DaySpan) -> Iterator[DueItem]:
    """Yield everything that is due, open or done; the yearly duties of each school year that `span` touches."""
    roster = facts.snapshot.roster
    for agreement in roster.agreements.values():
        yield from _agreement(agreement, facts)
    for year in school_years(min(span.first, span.last), span.last, facts.settings.begins):
        yield from _yearly(year, facts)
    yield from _requests(facts)
    yield from _training(facts)


def _agreement(agreement: Agreement, facts: CalendarFacts) -> Iterator[DueItem]:
    """Yield the review and the adoption of one agreement, and those of the next round once it is adopted."""
    roster, adoptions = facts.snapshot.roster, facts.adoptions
    due, closed = review_due(agreement, roster, adoptions), reviewed_on(agreement, roster, adoptions)
    adopted, following = adopted_on(agreement, adoptions), next_review_due(agreement, roster, adoptions)
    ended = agreement.ended(facts.judged.as_of)
    if closed or not ended:
        yield _of_agreement(DueKind.REVIEW, agreement, facts, due=due, done_on=closed)
    if adopted or not ended:
        by = adopted if adopted and not closed else due
        yield _of_agreement(DueKind.ADOPTION, agreement, facts, due=by, done_on=adopted)
    if following:
        if closed:
            yield _of_agreement(DueKind.REVIEW, agreement, facts, due=following, coming=True)
        yield _of_agreement(DueKind.ADOPTION, agreement, facts, due=following, coming=True)


def _of_agreement(
    kind: DueKind,
    agreement: Agreement,
    facts: CalendarFacts,
    *,
    due: date,
    done_on: date | None = None,
    coming: bool = False,
) -> DueItem:
    partner = facts.snapshot.roster.partners.get(agreement.partner_id)
    recorded = facts.adoptions.get(agreement.agreement_id)
    return DueItem(
        kind=kind,
        key=(f"{kind}-next" if coming else kind.value, agreement.agreement_id),
        due=due,
        last_day=due,
        done_on=done_on,
        subject=agreement.agreement_id,
        about=partner.name if partner else agreement.partner_id,
        school_year="" if coming else agreement.school_year,
        citation="RCW 28A.320.1242",
        note=recorded.note if recorded and done_on else "",
    )


def _yearly(year: SchoolYear, facts: CalendarFacts) -> Iterator[DueItem]:
    roster = facts.snapshot.roster
    posted = postings(roster, year)
    within = timedelta(days=facts.settings.duties_within_days)
    if not any(assignment.overlaps(year.first, year.last) for assignment in roster.assignments):
        return
    for duty in facts.snapshot.yearly.on(year.first).duties:
        if duty.each == "building":
            for building, first in posted.items():
                yield _of_year(duty, year, facts, building=building, due=first + within)
        elif duty.id == DueKind.OSPI:
            named = facts.settings.ospi_due
            due_item = _of_year(duty, year, facts, building="", due=year.day(named) if named else None)
            # Without a day it stands in the list of its own school year only.
            if due_item.due or due_item.done_on or year.contains(facts.judged.as_of):
                yield due_item
        else:
            yield _of_year(duty, year, facts, building="", due=year.first + within)


def postings(roster: Roster, year: SchoolYear) -> dict[str, date]:
    """Return building → the first day of the school year on which staff is posted there, by name."""
    found: dict[str, date] = {}
    for assignment in roster.assignments:
        if assignment.overlaps(year.first, year.last):
            for building, _ in assignment.buildings:
                first = max(assignment.starts, year.first)
                found[building] = min(first, found.get(building, first))
    return dict(sorted(found.items()))


def _of_year(duty: Duty, year: SchoolYear, facts: CalendarFacts, *, building: str, due: date | None) -> DueItem:
    record = facts.done.get(joined(duty.id, year.name, building))
    return DueItem(
        kind=DueKind(duty.id),
        key=tuple(part for part in (duty.id, year.name, building) if part),
        due=due,
        last_day=due,
        done_on=record.on if record else None,
        subject=building,
        about=duty.name,
        school_year=year.name,
        citation=duty.citation,
        note=record.note if record else "",
    )


def _requests(facts: CalendarFacts) -> Iterator[DueItem]:
    for request in facts.requests.values():
        answer, person_id = settled(request, facts.snapshot), person_of(request, facts.snapshot)
        if answer is None and person_id not in facts.snapshot.roster.people:
            continue
        yield DueItem(
            kind=DueKind.REQUEST,
            key=(DueKind.REQUEST.value, request.request_id),
            due=request.remind_on,
            last_day=request.remind_on,
            done_on=answer.on if answer else None,
            subject=request.request_id,
            about=request.esd,
            person_id=person_id,
            citation="RCW 28A.310.515(4)",
            note=answer.answer if answer else "",
        )


def _training(facts: CalendarFacts) -> Iterator[DueItem]:
    """Yield the deadlines of everybody who is assigned, or will be; those without a day are told elsewhere."""
    judged = facts.judged
    coming = {
        assignment.person_id for assignment in facts.snapshot.roster.assignments if not assignment.ended(judged.as_of)
    }
    components = facts.snapshot.law.on(judged.as_of).components
    for person_id in sorted(coming & judged.people.keys()):
        for component in components:
            standings = [
                standing for standing in judged.people[person_id].standings if standing.component == component.id
            ]
            if standings and standings[0].due:
                yield _deadline(person_id, standings, component)


def _deadline(person_id: str, standings: Sequence[Standing], component: Component) -> DueItem:
    met = [standing for standing in standings if not standing.open]
    first = standings[0]
    have, need = (len(met), len(standings)) if component.topics else (first.have, first.need)
    done = len(met) == len(standings)
    return DueItem(
        kind=DueKind.TRAINING,
        key=(DueKind.TRAINING.value, component.id, person_id),
        due=first.due,
        last_day=first.last_lawful_day,
        done_on=max((standing.on for standing in met if standing.on), default=None) if done else None,
        subject=person_id,
        about=component.id,
        person_id=person_id,
        citation=component.citation,
        have=have,
        need=need,
        documented=done and any(standing.met_by is not MetBy.CREDITS for standing in met),
        doubted=doubted_since(standings) if done else None,
    )
