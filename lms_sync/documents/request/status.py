"""Requests to an ESD: what there is to ask for, what an answer is, and what HR must chase. Pure.

Source: RCW 28A.310.515(4), by which an ESD documents each verified component on request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.person_record import PersonRecord
from lms_sync.law.series import Component
from lms_sync.law.standing import State, doubted_since
from lms_sync.model.agreement import EsdRequest
from lms_sync.model.course_map import requirement_words
from lms_sync.model.evidence import Documentation
from lms_sync.model.finding import Area, Finding
from lms_sync.model.links import IdHolders
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import command_line, written_day


@dataclass(frozen=True, slots=True)
class FinishedComponent:
    """A component that is finished and not documented."""

    component: Component
    have: int
    """Topics of the classroom; days or check-ins of the others. Under `need` where a waiver was accepted."""
    need: int
    finished_on: date | None
    """The day on which its last requirement was met."""
    evidence: tuple[RecordEntry, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A component that the ESD is not asked for, and why."""

    component: Component
    have: int
    need: int
    document: Documentation | None
    """The ESD's document; None where the component is not finished, or was asked for before."""
    pending: str
    """The open request that asks for it; empty where there is none."""
    doubted: date | None = None
    """Since when it is finished only with doubted training: HR decides first; None where it is not."""


@dataclass(frozen=True, slots=True)
class RequestCandidate:
    """What an ESD can be asked about one person."""

    asked: tuple[FinishedComponent, ...]
    """In the order of the series; empty when there is nothing to ask for."""
    not_asked: tuple[NotAsked, ...]


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """How a request was answered."""

    on: date
    by: str
    """Who recorded it, or filed the document."""
    answer: str


def ask_of(record: PersonRecord, waiting: Mapping[str, str]) -> RequestCandidate:
    """Return what the ESD can be asked to document; `waiting` is component → the open request that asks for it."""
    asked, not_asked = [], []
    for component in record.components:
        standings = [standing for standing in record.standings if standing.component == component.id]
        met = sum(not standing.open for standing in standings)
        documents = [d for d in record.documents if d.component == component.id and d.day <= record.as_of]
        have, need = (met, len(standings)) if component.topics else (standings[0].have, standings[0].need)
        doubted = doubted_since(standings) if met == len(standings) else None
        if documents or component.id in waiting or met < len(standings) or doubted:
            documentation = documents[0] if documents else None
            request = "" if documentation else waiting.get(component.id, "")
            not_asked.append(NotAsked(component, have, need, documentation, request, doubted))
        else:
            finished = max((standing.on for standing in standings if standing.on), default=None)
            evidence = tuple(e for e in record.counted if set(e.requirements) & {s.requirement for s in standings})
            asked.append(FinishedComponent(component, have, need, finished, evidence))
    return RequestCandidate(tuple(asked), tuple(not_asked))


def settled(request: EsdRequest, snapshot: Snapshot) -> RequestAnswer | None:
    """Return how a request was answered; None while it waits.

    A recorded answer goes first. Otherwise documents that together cover every component asked for are the answer.
    """
    if request.answered_on:
        return RequestAnswer(request.answered_on, request.answered_by, request.answer)
    documents = snapshot.documents.get(person_of(request, snapshot), ())
    telling = [documentation for documentation in documents if documentation.component in request.components]
    if {documentation.component for documentation in telling} != set(request.components):
        return None
    filed = [snapshot.filed[d] for d in dict.fromkeys(o.document_id for o in telling) if d in snapshot.filed]
    which = (
        ", ".join(f"document {document.document_id} of {document.esd}" for document in filed) or "a document on file"
    )
    last = max(filed, key=lambda document: document.filed_on, default=None)
    day = last.filed_on if last else max(documentation.day for documentation in telling)
    return RequestAnswer(day, last.filed_by if last else "", f"{which} is on file")


def pending(requests: Mapping[str, EsdRequest], snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Return Person ID → component → the open request that asks for it; of several the last one."""
    found: dict[str, dict[str, str]] = {}
    for request in requests.values():
        if settled(request, snapshot) is None:
            asked = found.setdefault(person_of(request, snapshot), {})
            asked |= dict.fromkeys(request.components, request.request_id)
    return found


def person_of(request: EsdRequest, snapshot: Snapshot) -> str:
    """Return whom a request is about now: a Person ID may have been merged since."""
    bearers = IdHolders.of(snapshot.merges, snapshot.roster.people)
    return bearers.now(request.person_id, request.requested_on)


def request_findings(snapshot: Snapshot, judged: Judged, requests: Mapping[str, EsdRequest]) -> tuple[Finding, ...]:
    """Return what HR must do: requests without an answer in time, and people who are complete and not asked for.

    Only people on the roster are chased, and only those with an assignment on the day judged are to be asked for.
    """
    return (
        *_unanswered(snapshot, requests, on=judged.as_of),
        *_unrequested(snapshot, judged, requests),
    )


def _unanswered(snapshot: Snapshot, requests: Mapping[str, EsdRequest], *, on: date) -> Iterator[Finding]:
    for request in requests.values():
        person = snapshot.roster.people.get(person_of(request, snapshot))
        if person is None or on < request.remind_on or settled(request, snapshot):
            continue
        yield Finding(
            Area.PERSON,
            "request-unanswered",
            where=f"request {request.request_id}",
            found=f"{person.name} ({person.person_id}): {request.esd} was asked on"
            f" {written_day(request.requested_on)} to document {requirement_words(request.components)},"
            " and no answer is on file",
            expected=f"an answer by {written_day(request.remind_on)}",
            remedy=f"Call {request.esd}. File the document (lms-sync documents add), or record what they said:"
            f" {command_line('documents answered', request.request_id, note=...)}.",
            people=(person.person_id,),
        )


def unasked(snapshot: Snapshot, judged: Judged, requests: Mapping[str, EsdRequest]) -> dict[str, tuple[str, ...]]:
    """Return Person ID → components finished without doubt, not documented and not asked for, in the series' order.

    Of everybody who is assigned on the day judged and complete; nobody stands there without a component.
    """
    assigned = snapshot.roster.people_on(judged.as_of)
    waiting = pending(requests, snapshot)
    found = {}
    for person_id in sorted(assigned.keys() & snapshot.roster.people.keys()):
        if judged.short[person_id].state is not State.COMPLETE:
            continue
        documented = {d.component for d in snapshot.documents.get(person_id, ()) if d.day <= judged.as_of}
        standings = judged.short[person_id].standings
        finished = dict.fromkeys(standing.component for standing in standings)
        doubted = {standing.component for standing in standings if standing.doubted}
        known = documented | doubted | waiting.get(person_id, {}).keys()
        if open_ones := tuple(component for component in finished if component not in known):
            found[person_id] = open_ones
    return found


def _unrequested(snapshot: Snapshot, judged: Judged, requests: Mapping[str, EsdRequest]) -> Iterator[Finding]:
    for person_id, components in unasked(snapshot, judged, requests).items():
        name = snapshot.roster.people[person_id].name
        yield Finding(
            Area.PERSON,
            "document-not-requested",
            where=f"person {person_id}",
            found=f"{name} has finished {requirement_words(components)}; no ESD was asked to document it",
            expected="a request: only an ESD's document makes the person documented",
            remedy=command_line("documents request", person_id, esd=..., o="requests"),
            people=(person_id,),
        )
