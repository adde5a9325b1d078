"""A night → what HR is told about it."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.files import private_folder, write_private
from lms_sync.law.standing import IN_DOUBT, STATE_GROUPS, State
from lms_sync.mail.outbox import newest
from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.model.finding import Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.run import Pulled
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.night.email import (
    FileNight,
    MessageNight,
    NightSummary,
    SourceNight,
    UnsentSummary,
    night_text,
)
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

UNSENT = "state/unsent"
"""Where a summary lies that could not be sent, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """What a night came to, as far as HR is told of it."""

    pulled: tuple[Pulled, ...]
    new: tuple[Finding, ...]
    """Findings that were not there on the last night."""
    deliveries: frozenset[str]
    """Ids of the deliveries that were posted or tried tonight."""
    before: Judged | None
    """Everybody as judged on the last night; None on the first."""
    known: AbstractSet[str] = frozenset()
    """Ids of the deliveries that were there before tonight; a dry run tells no others."""


def summarise(store: Store, issuer: Issuer, night_outcome: NightOutcome) -> NightSummary:
    """Return what HR is told."""
    ids = {finding.id for finding in night_outcome.new}
    moved = moves(issuer, night_outcome.before)
    return NightSummary(
        district=issuer.snapshot.settings.district,
        as_of=issuer.judged.as_of,
        known_at=issuer.snapshot.known_at,
        sources=tuple(_source_night(pulled) for pulled in night_outcome.pulled),
        new=night_outcome.new,
        waiting=tuple(
            open_finding.finding for open_finding in store.findings.open() if open_finding.finding.id not in ids
        ),
        not_ours=issuer.judged.not_ours,
        messages=tuple(_messages(store, issuer, night_outcome)),
        states=states(issuer),
        moved=tuple(move.sentence for move in moved),
        newly_overdue=sum(move.state is State.OVERDUE for move in moved),
        log_head="" if store.rehearsal else _head(store),
        unsent=_unsent(store, issuer.templates.zone),
    )


def _unsent(store: Store, zone: ZoneInfo) -> tuple[UnsentSummary, ...]:
    """Return the summaries that HR did not get since the last one that it got, the oldest first."""
    nights = store.deliveries.of(DeliveryKind.NIGHT, "")
    since = max((i for i, night in enumerate(nights) if night.state is DeliveryState.SENT), default=-1)
    days = dict.fromkeys(night.created_at.astimezone(zone).date() for night in nights[since + 1 :])
    return tuple(UnsentSummary(day, f"{UNSENT}/{_file_name(day)}") for day in days)


def keep_unsent(workspace: Workspace, summary: NightSummary) -> Path:
    """Write a summary that could not be sent into a file that only its owner can read, and return its path."""
    folder = workspace.config.folder / UNSENT
    private_folder(folder)
    path = folder / _file_name(summary.as_of)
    write_private(path, night_text(summary, zone=workspace.zone).encode())
    return path


def _file_name(day: date) -> str:
    return f"night-{day.isoformat()}.txt"


def _head(store: Store) -> str:
    number, head = store.audit.head()
    return f"{number}:{head[:16]}" if number else ""


def last_judgement(store: Store, pseudonyms: Pseudonyms, *, zone: ZoneInfo) -> Judged | None:
    """Return everybody as the last night that came to its end judged them; None when there was none."""
    ended = store.runs.last_finished("nightly")
    snapshot = read_snapshot(store, ended) if ended else None
    if ended is None or snapshot is None:
        return None
    return judge_roster(snapshot, pseudonyms, as_of=ended.astimezone(zone).date())


@dataclass(frozen=True, slots=True)
class Move:
    """One person whose state is another one than before."""

    person_id: str
    state: State
    sentence: str


def moves(issuer: Issuer, before: Judged | None) -> list[Move]:
    """Return whose state is another than before, those newly overdue first, then by name."""
    if before is None:
        return []
    judged, people = issuer.judged, issuer.snapshot.roster.people
    assigned = issuer.snapshot.roster.people_on(judged.as_of)
    found = []
    for person in sorted((people[i] for i in assigned if i in before.people), key=lambda p: (p.name, p.person_id)):
        old, new = before.people[person.person_id], judged.people[person.person_id]
        was, now = old.words, new.words
        if was != now:
            found.append(Move(person.person_id, new.state, f"{person.name} ({person.person_id}): {was} → {now}"))
    return sorted(found, key=lambda move: move.state is not State.OVERDUE)


def states(issuer: Issuer) -> tuple[tuple[str, int], ...]:
    """Return (state, how many of those assigned today are in it), the most pressing first, without empty ones."""
    judged = issuer.judged
    assigned = issuer.snapshot.roster.people_on(judged.as_of)
    counts = Counter(judged.people[person_id].group for person_id in assigned)
    pressing = (State.OVERDUE, State.UNDETERMINED, State.ON_PLAN)
    order = dict.fromkeys((*pressing, IN_DOUBT, State.COMPLETE, *STATE_GROUPS))
    return tuple((str(group), counts[group]) for group in order if counts[group])


def _source_night(pulled: Pulled) -> SourceNight:
    return SourceNight(
        source=pulled.source,
        files=tuple(FileNight(f.name, f.outcomes, f.dropped, unchanged=f.unchanged) for f in pulled.files),
        trouble=str(pulled.error) if pulled.error else "",
        remedy=pulled.error.hint if pulled.error else "",
        stopped=pulled.stopped,
    )


def _messages(store: Store, issuer: Issuer, outcome: NightOutcome) -> Iterator[MessageNight]:
    """Yield tonight's deliveries, and those of earlier nights that still wait."""
    partners = issuer.snapshot.roster.partners
    for delivery in newest(store.deliveries.listed(*DeliveryState)):
        if delivery.delivery_id in outcome.deliveries or delivery.state is not DeliveryState.SENT:
            partner = partners.get(delivery.partner_id)
            to = "HR" if delivery.kind is DeliveryKind.NIGHT else partner.name if partner else delivery.partner_id
            known = not store.rehearsal or delivery.delivery_id in outcome.known
            number = delivery.delivery_id if known else ""
            yield MessageNight(number, to, delivery.state.value, delivery.detail)
