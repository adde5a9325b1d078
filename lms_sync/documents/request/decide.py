"""Ask an ESD to document what people have finished, and record what it answered.

Each act opens its own transaction, and keeps and logs all of it or nothing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from lms_sync.compliance.person_record import build_record
from lms_sync.documents.file_kinds import MediaKind
from lms_sync.documents.request.pdf import Request, not_asked_words, request_pdf
from lms_sync.documents.request.status import RequestAnswer, ask_of, pending, settled
from lms_sync.documents.vault import Vault, open_vault
from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, write_whole
from lms_sync.model.agreement import EsdRequest
from lms_sync.model.author import Author
from lms_sync.model.known import known_person
from lms_sync.model.log import DecisionKind
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import REQUESTS
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import did_you_mean_id, written_day

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What is asked of an ESD, and how."""

    people: tuple[str, ...]
    """Person IDs."""
    esd: str
    """As `esd_to_ask` gives it."""
    remind_after: int
    """Days without an answer after which it is a finding."""
    again: bool
    """Ask again for what an open request already asks for."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request as it was recorded."""

    request: EsdRequest
    packet: bytes
    not_asked: tuple[str, ...]
    """Why the other components are not asked for, in words."""


def make_requests(
    workspace: Workspace, author: Author, *, issuer: Issuer, draft: RequestDraft, folder: Path
) -> tuple[RecordedRequest, ...]:
    """Record a request for each person, and write its packet into `folder`: all of them, or none.

    Raises: UsageError that names everybody for whom there is nothing to ask, and why.
    """
    store, vault = workspace.store, open_vault(*workspace.config.kept_files)
    with store.transaction():
        numbers = _Numbers.of(store, issuer.judged.as_of)
        planned = _planned(issuer, REQUESTS.read(store), draft, numbers=numbers)
        recorded = tuple(_recorded(request, issuer, draft, vault, by=author.by) for request in planned)
        for recorded_request in recorded:
            _record(store, author, recorded_request.request)
        shared_folder(folder)
        for recorded_request in recorded:
            write_whole(folder / recorded_request.request.packet.name, recorded_request.packet)
        for recorded_request in recorded:
            vault.keep(recorded_request.request.packet, recorded_request.packet)
    return recorded


def _record(store: Store, author: Author, request: EsdRequest) -> None:
    REQUESTS.put(store, request.request_id, request, now=author.at)
    store.audit.add(DecisionKind.REQUEST, request.person_id, author, before=None, after=REQUESTS.plain(request))


def request_reason(esd: str) -> str:
    """Return why requests are recorded: the reason of their entries in the log."""
    return f"asked {esd} for documentation"


def esd_to_ask(store: Store, named: str) -> str:
    """Return the ESD that is named, else the one that was asked last. Raises: UsageError when there is neither."""
    if named.strip():
        return " ".join(named.split())
    requests = REQUESTS.read(store).values()
    last = max(requests, key=lambda request: (request.requested_on, request.request_id), default=None)
    if last is None:
        raise UsageError("no ESD was ever asked here", hint='Name the one to ask: --esd "ESD 113".')
    return last.esd


@dataclass(slots=True)
class _Numbers:
    """Gives request ids; one that was ever given is not given again."""

    year: int
    given: int

    @classmethod
    def of(cls, store: Store, day: date) -> "_Numbers":
        ever = {version.key for version in store.facts.history(REQUESTS.kind)}
        given = [int(key.rpartition("-")[2]) for key in ever if key.startswith(f"Q-{day.year}-")]
        return cls(day.year, max(given, default=0))

    def next(self) -> str:
        self.given += 1
        return f"Q-{self.year}-{self.given:04}"


def _planned(
    issuer: Issuer, requests: Mapping[str, EsdRequest], draft: RequestDraft, *, numbers: _Numbers
) -> list[Request]:
    planned, refused = [], []
    waiting = {} if draft.again else pending(requests, issuer.snapshot)
    for person_id in dict.fromkeys(draft.people):
        person = known_person(issuer.snapshot.roster, person_id)
        record = build_record(issuer.snapshot, issuer.judged, person.person_id)
        ask = ask_of(record, waiting.get(person_id, {}))
        if ask.asked:
            planned.append(Request(numbers.next(), draft.esd, record, ask))
        else:
            refused.append(f"{person_id}: {'; '.join(map(not_asked_words, ask.not_asked))}")
    if refused:
        raise UsageError(
            "there is nothing to ask for:\n" + "\n".join(f"  {line}" for line in refused),
            hint="Nothing was recorded for anybody. Leave them out"
            + (", or ask again with --again." if any("asked for in Q-" in line for line in refused) else "."),
        )
    return planned


def _recorded(planned: Request, issuer: Issuer, draft: RequestDraft, vault: Vault, *, by: str) -> RecordedRequest:
    pdf = request_pdf(planned, issuer.templates)
    if pdf.trouble:
        log.warning("%s does not claim PDF/UA-1: %s", planned.request_id, pdf.trouble)
    day = issuer.judged.as_of
    packet = vault.of_kind(f"request-{planned.request_id}.pdf", pdf.content, MediaKind.PDF)
    request = EsdRequest(
        request_id=planned.request_id,
        person_id=planned.record.person.person_id,
        components=tuple(finished_component.component.id for finished_component in planned.ask.asked),
        esd=planned.esd,
        requested_on=day,
        requested_by=by,
        remind_on=day + timedelta(days=draft.remind_after),
        packet=packet,
    )
    return RecordedRequest(request, pdf.content, tuple(map(not_asked_words, planned.ask.not_asked)))


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """A request and how it stands."""

    request: EsdRequest
    settled: RequestAnswer | None


def listed_requests(store: Store, snapshot: Snapshot) -> tuple[RequestStatus, ...]:
    """Return every request with its answer, those that wait first, each by the day of its reminder."""
    every = [RequestStatus(request, settled(request, snapshot)) for request in REQUESTS.read(store).values()]
    return tuple(
        sorted(every, key=lambda o: (o.settled is not None, o.request.remind_on, o.request.request_id)),
    )


def answer(workspace: Workspace, author: Author, *, snapshot: Snapshot, request_id: str) -> EsdRequest:
    """Record the ESD's answer of today, in the words of `author.reason`; `snapshot` is what is known now.

    Raises: UsageError for an unknown request, and for one that is answered.
    """
    store, on = workspace.store, workspace.day(author.at)
    with store.transaction():
        before = known_request(REQUESTS.read(store).values(), request_id)
        if done := settled(before, snapshot):
            raise UsageError(
                f"{before.request_id} was answered on {written_day(done.on)}: {done.answer}",
                hint='A mistaken record is taken back with --undo --reason "…".'
                if before.answered_on
                else "The document on file is the answer; `lms-sync documents withdraw` takes a document back.",
            )
        after = replace(before, answered_on=on, answered_by=author.by, answer=author.reason)
        return _change(store, author, before, after)


def unanswer(workspace: Workspace, author: Author, *, request_id: str) -> EsdRequest:
    """Take a recorded answer back: the request is open again. Raises: UsageError where none was recorded."""
    store = workspace.store
    with store.transaction():
        before = known_request(REQUESTS.read(store).values(), request_id)
        if before.answered_on is None:
            raise UsageError(
                f"{before.request_id}: no answer was recorded; a document that is filed answers it by itself",
                hint="`lms-sync documents requests --all` lists them; to take a document back: `documents withdraw`.",
            )
        return _change(store, author, before, replace(before, answered_on=None, answered_by="", answer=""))


def _change(store: Store, author: Author, before: EsdRequest, after: EsdRequest) -> EsdRequest:
    was, becomes = REQUESTS.plain(before), REQUESTS.plain(after)
    REQUESTS.put(store, after.request_id, after, now=author.at)
    store.audit.add(DecisionKind.REQUEST, after.person_id, author, before=was, after=becomes)
    return after


def known_request(requests: Iterable[EsdRequest], request_id: str) -> EsdRequest:
    """Return a request, its id in any case. Raises: UsageError when there is none of this id."""
    every: Sequence[EsdRequest] = tuple(requests)
    for request in every:
        if request.request_id.casefold() == request_id.strip().casefold():
            return request
    raise UsageError(
        f"{request_id}: there is no such request",
        hint=f"{did_you_mean_id(request_id, [request.request_id for request in every])}"
        "`lms-sync documents requests --all` lists them.",
    )
