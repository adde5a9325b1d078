"""A night → what HR is told about it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.errors import ConfigError
from lms_sync.files import private_folder, write_private
from lms_sync.law.standing import IN_DOUBT, STATE_GROUPS, State
from lms_sync.mail.newest import newest
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.finding import Finding, OpenFinding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.run import Pulled
from lms_sync.operations.once_a_day import earlier_nights
from lms_sync.operations.upgrade import standings
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.night.email import night_text
from lms_sync.reports.night.summary import (
    DUE_DAYS,
    FileNight,
    MessageNight,
    NightSummary,
    SourceNight,
    UnsentSummary,
)
from lms_sync.store.known.judged_people import JudgedInShort
from lms_sync.store.known.readers import read_partners
from lms_sync.store.known.roster_in_force import RosterInForce
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import days_written, without_place

T = TypeVar("T")
UNSENT = "state/unsent"
"""Where a summary lies that could not be sent, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class NightStanding:
    """How everybody stands, as far as HR is told of it."""

    states: tuple[tuple[str, int], ...]
    """(state, how many of those assigned are in it), the most pressing first, without empty ones."""
    not_ours: int
    """Learners of the sources who are not on the roster."""
    moved: tuple[str, ...] = ()
    """Whose state is another than on the last night, in sentences; those newly overdue first."""
    newly_overdue: int = 0
    due: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Partner ID → who is overdue, or due within `DUE_DAYS` days, the most pressing first: each by the number that it
    has among all on the roster by Person ID."""


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """What a night came to, as far as HR is told of it."""

    pulled: tuple[Pulled, ...]
    waiting: tuple[OpenFinding, ...]
    """All that waits, the longest first."""
    new: tuple[Finding, ...]
    """Those findings that were not there on the last night."""
    deliveries: frozenset[str]
    """Ids of the deliveries that were posted or tried tonight."""
    standing: NightStanding
    as_of: date
    known_at: datetime
    began: datetime
    """When the night began."""
    roster: RosterInForce
    known: AbstractSet[str] = frozenset()
    """Ids of the deliveries that were there before tonight; a dry run tells no others."""


def summarise(workspace: Workspace, outcome: NightOutcome) -> NightSummary:
    """Return what HR is told."""
    store, standing = workspace.store, outcome.standing
    ids = {finding.id for finding in outcome.new}
    return NightSummary(
        district=workspace.config.settings.district.name,
        as_of=outcome.as_of,
        known_at=outcome.known_at,
        sources=tuple(_source_night(pulled) for pulled in outcome.pulled),
        new=outcome.new,
        waiting=tuple(waits.finding for waits in outcome.waiting if waits.finding.id not in ids),
        not_ours=standing.not_ours,
        messages=tuple(_messages(store, outcome, zone=workspace.zone)),
        states=standing.states,
        moved=standing.moved,
        newly_overdue=standing.newly_overdue,
        earlier=earlier_nights(workspace, outcome.began),
        log_head="" if store.rehearsal else _head(store),
        unsent=_unsent(workspace),
    )


def standing_tonight(issuer: Issuer, before: Mapping[str, str]) -> NightStanding:
    """Return how everybody stands; `before` is Person ID → state in words as judged on the last night."""
    moved = moves(issuer, before)
    return NightStanding(
        states(issuer),
        issuer.judged.not_ours,
        tuple(move.sentence for move in moved),
        sum(move.state is State.OVERDUE for move in moved),
        _due_soon(issuer),
    )


def _due_soon(issuer: Issuer) -> dict[str, tuple[int, ...]]:
    """Return Partner ID → those of its people who are overdue or will soon be, as `NightStanding` has them."""
    judged, roster = issuer.judged, issuer.snapshot.roster
    limit = judged.as_of + timedelta(days=DUE_DAYS)
    due: dict[str, list[tuple[date, str, int]]] = {partner_id: [] for partner_id in roster.partners}
    numbers = {person_id: number for number, person_id in enumerate(sorted(roster.people))}
    first_due = _of_those_alike(judged, _first_lawful_day)
    for person_id, assignments in roster.people_on(judged.as_of).items():
        day = first_due(person_id)
        if day is not None and day <= limit:
            for partner_id in {assignment.partner_id for assignment in assignments}:
                due[partner_id].append((day, roster.people[person_id].name, numbers[person_id]))
    return {partner_id: tuple(number for *_, number in sorted(people)) for partner_id, people in due.items()}


def _first_lawful_day(short: JudgedInShort) -> date | None:
    """Return the first day by which something that is missing is due; None where nothing is."""
    return min((gap.last_lawful_day for gap in short.gaps if gap.last_lawful_day), default=None)


def _of_those_alike(judged: Judged, look: Callable[[JudgedInShort], T]) -> Callable[[str], T]:
    """Return what is told of a person by state and standings alone: once of all who have them in common."""
    known: dict[tuple[int, State], T] = {}

    def of_person(person_id: str) -> T:
        short = judged.short[person_id]
        alike = id(short.standings), short.state
        if alike not in known:
            known[alike] = look(short)
        return known[alike]

    return of_person


def _names_due(outcome: NightOutcome, partner_id: str) -> tuple[str, ...] | None:
    """Return the names of those of a partner who are overdue or will soon be; None where nobody knows."""
    numbers = outcome.standing.due.get(partner_id)
    people = outcome.roster.at().people if numbers else {}
    ids = dict(enumerate(sorted(people)))
    if numbers is None or not ids.keys() >= set(numbers):
        return None
    return tuple(people[ids[number]].name for number in numbers)


def _unsent(workspace: Workspace) -> tuple[UnsentSummary, ...]:
    """Return the summaries that HR did not get since the last one that it got, the oldest first.

    That of a night that was killed is in no file; the next one tells again what was new in it.
    """
    zone, nights = workspace.zone, workspace.store.deliveries.of(DeliveryKind.NIGHT, "")
    since = max((i for i, night in enumerate(nights) if night.state is DeliveryState.SENT), default=-1)
    days = dict.fromkeys(night.created_at.astimezone(zone).date() for night in nights[since + 1 :])
    found = (UnsentSummary(day, f"{UNSENT}/{_file_name(day)}") for day in days)
    return tuple(summary for summary in found if (workspace.config.folder / summary.file).is_file())


def new_since(waiting: Sequence[OpenFinding], last: datetime | None) -> tuple[Finding, ...]:
    """Return what was found since the last night that came to its end: also by one that was stopped, or by a pull."""
    return tuple(waits.finding for waits in waiting if last is None or waits.first_seen > last)


def keep_unsent(workspace: Workspace, summary: NightSummary) -> Path:
    """Write a summary that could not be sent into a file that only its owner can read, and return its path.

    Raises: ConfigError where there is no room for it either.
    """
    folder = workspace.config.folder / UNSENT
    path = folder / _file_name(summary.as_of)
    try:
        private_folder(folder)
        write_private(path, night_text(summary, zone=workspace.zone).encode())
    except OSError as error:
        raise ConfigError(
            f"the night's summary could neither be sent nor kept ({path}: {error.strerror})",
            hint="Is the disk full? `lms-sync status` and `lms-sync worklist` show how the night went.",
        ) from error
    return path


def _file_name(day: date) -> str:
    return f"night-{day.isoformat()}.txt"


def _head(store: Store) -> str:
    number, head = store.audit.head()
    return f"{number}:{head[:16]}" if number else ""


def words_before(store: Store, kept: Mapping[str, str], pseudonyms: Pseudonyms, *, zone: ZoneInfo) -> dict[str, str]:
    """Return Person ID → state in words, as the last night that came to its end judged it; empty before the first.

    Earlier versions did not keep the words: then that night's judgement is made again.
    """
    ended = store.runs.last_finished("nightly")
    words = standings.words(kept) if ended else {}
    if ended is None or words is not None:
        return words or {}
    snapshot = read_snapshot(store, ended)
    judged = judge_roster(snapshot, pseudonyms, as_of=ended.astimezone(zone).date()) if snapshot else None
    return words_of(judged)


def words_of(judged: Judged | None) -> dict[str, str]:
    """Return Person ID → state in words; empty where nobody was judged."""
    return {person_id: judgement.words for person_id, judgement in judged.short.items()} if judged else {}


@dataclass(frozen=True, slots=True)
class Move:
    """One person whose state is another one than before."""

    person_id: str
    state: State
    sentence: str


def moves(issuer: Issuer, before: Mapping[str, str]) -> list[Move]:
    """Return whose state is another than before, those newly overdue first, then by name."""
    judged, people = issuer.judged, issuer.snapshot.roster.people
    assigned = issuer.snapshot.roster.people_on(judged.as_of)
    words = _of_those_alike(judged, lambda short: short.words)
    moved = (people[i] for i in assigned if i in before and before[i] != words(i))
    found = []
    for person in sorted(moved, key=lambda p: (p.name, p.person_id)):
        new = judged.short[person.person_id]
        change = f"{before[person.person_id]} → {new.words}"
        found.append(Move(person.person_id, new.state, days_written(f"{person.name} ({person.person_id}): {change}")))
    return sorted(found, key=lambda move: move.state is not State.OVERDUE)


def states(issuer: Issuer) -> tuple[tuple[str, int], ...]:
    """Return (state, how many of those assigned today are in it), the most pressing first, without empty ones."""
    judged = issuer.judged
    assigned = issuer.snapshot.roster.people_on(judged.as_of)
    counts = Counter(map(_of_those_alike(judged, lambda short: short.group), assigned))
    pressing = (State.OVERDUE, State.UNDETERMINED, State.ON_PLAN)
    order = dict.fromkeys((*pressing, IN_DOUBT, State.COMPLETE, *STATE_GROUPS))
    return tuple((str(group), counts[group]) for group in order if counts[group])


def _source_night(pulled: Pulled) -> SourceNight:
    return SourceNight(
        source=pulled.source,
        files=tuple(FileNight(f.name, f.outcomes, f.dropped, unchanged=f.unchanged) for f in pulled.files),
        trouble=without_place(str(pulled.error), f"source {pulled.source}") if pulled.error else "",
        remedy=pulled.error.hint if pulled.error else "",
        stopped=pulled.stopped,
    )


def _messages(store: Store, outcome: NightOutcome, *, zone: ZoneInfo) -> Iterator[MessageNight]:
    """Yield tonight's deliveries with those of a night that was broken off, and those that still wait."""
    partners = read_partners(store)
    last = store.runs.last_finished("nightly")
    untold = _broken_off(store, outcome, last)
    for delivery in newest(store.deliveries.listed(*DeliveryState)):
        tonight = delivery.delivery_id in outcome.deliveries or delivery.delivery_id in untold
        if tonight or delivery.state is not DeliveryState.SENT:
            partner = partners.get(delivery.partner_id)
            to = "HR" if delivery.kind is DeliveryKind.NIGHT else partner.name if partner else delivery.partner_id
            known = not store.rehearsal or delivery.delivery_id in outcome.known
            yield MessageNight(
                delivery_id=delivery.delivery_id if known else "",
                to=to,
                state=delivery.state.value,
                why=delivery.detail,
                since=_held_since(delivery, last, zone=zone),
                due=_names_due(outcome, delivery.partner_id) if delivery.state is DeliveryState.HELD else None,
            )


def _broken_off(store: Store, outcome: NightOutcome, last: datetime | None) -> frozenset[str]:
    """Return the ids of what was sent since a night that was broken off began: no summary has told HR of it."""
    begun = store.runs.since("nightly", last or datetime.min.replace(tzinfo=UTC))
    first = min(begun, default=outcome.began)
    sent = store.deliveries.listed(DeliveryState.SENT) if first < outcome.began else ()
    return frozenset(d.delivery_id for d in sent if d.changed_at >= first and d.kind is not DeliveryKind.NIGHT)


def _held_since(delivery: Delivery, last: datetime | None, *, zone: ZoneInfo) -> date | None:
    """Return since when a delivery is held that was held on the last night already; None for any other."""
    held = delivery.state is DeliveryState.HELD and last is not None and delivery.created_at <= last
    return delivery.created_at.astimezone(zone).date() if held else None
