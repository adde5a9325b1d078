"""What HR sees first in the morning: who is past the law's deadline, what changed, what waits, what is due."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms_sync.agreements.year.calendar_pages import CalendarPage
from lms_sync.agreements.year.entry import DaySpan, DueKind
from lms_sync.agreements.year.read_calendar import calendar_page
from lms_sync.compliance.build import build_report
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.law.standing import State
from lms_sync.mail.before_issuing import banner
from lms_sync.mail.documents import make_plan
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.model.finding import Area, Finding, OpenFinding
from lms_sync.model.roster import Partner
from lms_sync.operations.summary import Move, moves, states, words_of
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.pressing import PressingRow, pressing_rows
from lms_sync.store.known.snapshot import Snapshot, read_snapshot
from lms_sync.store.workspace import Workspace

AHEAD = timedelta(days=30)
PRESSING = (State.OVERDUE, State.UNDETERMINED, State.ON_PLAN, State.COMPLETE, State.DOCUMENTED, State.NOT_STARTED)
"""The order in which states are told: the most pressing first."""
URGENT_AREAS = (
    *(Area.CLAIM, Area.DOUBT, Area.PERSON, Area.COURSE, Area.ROSTER, Area.AGREEMENT, Area.SOURCE, Area.FILE),
    *(Area.ROW, Area.MAPPING, Area.LAYOUT, Area.DELIVERY, Area.OFFERING, Area.CONFIG),
)
"""The order in which what waits is told: what lets most people's training count first."""


@dataclass(frozen=True, slots=True)
class PastDeadline:
    """Somebody of a partner who is past the law's last day, and what is planned."""

    partner_id: str
    partner: str
    row: PressingRow


@dataclass(frozen=True, slots=True)
class SourceState:
    """How fresh one source is."""

    name: str
    read: datetime | None
    """When it was last read to its end; None for never."""
    outcome: str
    """What became of the last attempt."""
    newest: date | None
    """The newest completion of anybody on the roster."""
    fresh: bool
    """The last attempt was stored."""


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How much of one kind waits for a person."""

    area: Area
    number: int
    first: Finding
    """The one whose settlement does most good."""


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything of one morning."""

    banner: tuple[str, ...]
    past: tuple[PastDeadline, ...]
    """The earliest last day first, by partner's name."""
    night: datetime | None
    """When the last night came to its end."""
    moved: tuple[Move, ...]
    sources: tuple[SourceState, ...]
    waiting: tuple[WaitingCount, ...]
    leading: tuple[Finding, ...]
    """What has waited for too long."""
    held: tuple[Delivery, ...]
    stuck: tuple[Delivery, ...]
    """Failed, or perhaps sent."""
    due: CalendarPage
    states: tuple[tuple[str, int], ...]
    people: int


def morning(workspace: Workspace, issuer: Issuer, *, words_then: Callable[[datetime], Mapping[str, str]]) -> Morning:
    """Return what HR sees first today; `words_then` gives what `words_at` gives, and may keep it."""
    store = workspace.store
    open_findings = store.findings.open()
    nights = store.runs.finished("nightly", 2)
    return Morning(
        banner=banner(issuer),
        past=past_deadline(issuer),
        night=nights[0] if nights else None,
        moved=tuple(moves(issuer, words_then(nights[1]))) if len(nights) > 1 else (),
        sources=_sources(workspace, issuer),
        waiting=waiting_areas(open_findings),
        leading=tuple(o.finding for o in open_findings if o.finding.leads),
        held=store.deliveries.listed(DeliveryState.HELD),
        stuck=tuple(d for d in store.deliveries.listed(DeliveryState.FAILED, DeliveryState.UNKNOWN) if not d.stopped),
        due=_due(workspace, issuer),
        states=states(issuer),
        people=len(issuer.snapshot.roster.people_on(issuer.judged.as_of)),
    )


def words_at(workspace: Workspace, instant: datetime) -> Mapping[str, str]:
    """Return Person ID → state in words, as judged at an instant by what was known then; empty where nothing was."""
    snapshot = read_snapshot(workspace.store, instant)
    return words_of(judge_roster(snapshot, workspace.pseudonyms, as_of=workspace.day(instant)) if snapshot else None)


def past_deadline(issuer: Issuer) -> tuple[PastDeadline, ...]:
    """Return everybody who is past a last lawful day, by partner, with what is planned for them."""
    found = []
    for partner in sorted(issuer.snapshot.roster.partners.values(), key=lambda p: p.name.casefold()):
        if _somebody_late(issuer, partner):
            report = build_report(issuer.snapshot, issuer.judged, partner, last=None)
            found += [PastDeadline(partner.partner_id, partner.name, row) for row in _pressing(report, issuer)]
    return tuple(found)


def _somebody_late(issuer: Issuer, partner: Partner) -> bool:
    """Tell whether a partner's report has to be built to say who is late."""
    assigned = issuer.snapshot.roster.assigned(partner.partner_id, issuer.judged.as_of)
    standings = (standing for a in assigned for standing in issuer.judged.people[a.person_id].standings)
    return any(standing.open and standing.late for standing in standings)


def _pressing(report: GapReport, issuer: Issuer) -> tuple[PressingRow, ...]:
    plan: TrainingPlan = make_plan(report, issuer)
    plans = {person.person_id: person for person in plan.people}
    return pressing_rows(report, plans, issuer.templates.names, wanted="overdue")


def waiting_areas(waiting: Sequence[OpenFinding]) -> tuple[WaitingCount, ...]:
    """Return how much of each kind waits, the most useful first."""
    found = []
    for area in URGENT_AREAS:
        here = sorted((o.finding for o in waiting if o.finding.area is area), key=lambda f: -f.weight)
        if here:
            found.append(WaitingCount(area, len(here), here[0]))
    return tuple(found)


def _sources(workspace: Workspace, issuer: Issuer) -> tuple[SourceState, ...]:
    pulls = workspace.store.runs.pulls()
    names = dict.fromkeys((*(source.name for source in workspace.config.settings.source), *pulls))
    found = []
    for name in names:
        stored, attempt = pulls.get(name, (None, None))
        outcome = attempt.outcome if attempt else "never tried"
        read = stored.pulled_at if stored else None
        found.append(SourceState(name, read, outcome, issuer.judged.newest.get(name), fresh=outcome == "stored"))
    return tuple(found)


def _due(workspace: Workspace, issuer: Issuer) -> CalendarPage:
    """Return what is due within thirty days, but for each person's training, which stands above by itself."""
    today = workspace.today()
    page = calendar_page(workspace, issuer, DaySpan(today, today + AHEAD), names=True, done=False)
    entries = tuple(entry for entry in page.entries if entry.kind is not DueKind.TRAINING or entry.due)
    late_training = [e for e in entries if e.kind is DueKind.TRAINING and (e.last_day or e.due or today) < today]
    chosen = tuple(entry for entry in entries if entry not in late_training)
    return CalendarPage(page.district, page.district_id, chosen, page.names, page.today, page.now)


@dataclass(frozen=True, slots=True)
class StatesThen:
    """How many people stood where on one day, by what was known then."""

    day: date
    counts: tuple[tuple[State, int], ...]
    """Every state, in the order of `PRESSING`."""

    @property
    def total(self) -> int:
        """Return how many people were assigned then."""
        return sum(number for _, number in self.counts)


def month_ends(today: date, months: int = 12) -> tuple[date, ...]:
    """Return the last days of the last months, the oldest first."""
    ends, first = [], today.replace(day=1)
    for _ in range(months):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return tuple(reversed(ends))


def states_then(workspace: Workspace, day: date) -> StatesThen | None:
    """Return how everybody stood at the end of a day, replayed; None where nothing was recorded by then."""
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=workspace.zone)
    snapshot = read_snapshot(workspace.store, min(end, workspace.clock()))
    if snapshot is None:
        return None
    return states_on(snapshot, judge_roster(snapshot, workspace.pseudonyms, as_of=day))


def states_on(snapshot: Snapshot, judged: Judged) -> StatesThen:
    """Return how everybody assigned on the day judged stands."""
    counts = Counter(judged.people[person_id].state for person_id in snapshot.roster.people_on(judged.as_of))
    return StatesThen(judged.as_of, tuple((state, counts[state]) for state in PRESSING))
