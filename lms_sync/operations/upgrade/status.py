"""What the program's rules change by themselves: the last recorded day judged again by what was known then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms_sync.compliance.judge import judge_roster
from lms_sync.model.finding import Area, Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.upgrade import rules, standings
from lms_sync.operations.upgrade.standings import ShortStanding
from lms_sync.store.known.snapshot import read_roster, read_snapshot
from lms_sync.store.store import Store

CODE = "rules-changed"
JUDGED_ANEW, READ_ANEW = "matching and judging", "reading"


@dataclass(frozen=True, slots=True)
class _Compared:
    """Standings as recorded under the old rules, and by the new ones from the same facts."""

    day: date
    before: Mapping[str, ShortStanding]
    after: Mapping[str, ShortStanding]


def judged_anew(store: Store, pseudonyms: Pseudonyms, *, zone: ZoneInfo) -> RuleChange | None:
    """Return whose standing this program's rules change by themselves.

    None when the rules of matching and judging are those of the last night, when there was none, or when they change
    nothing and everybody's standing was recorded.
    """
    ended = store.runs.last_finished("nightly")
    names = set(rules.changed(rules.recorded(store), rules.present()))
    if ended is None or not names & {"matching", "judging"}:
        return None
    compared = _compare(store, pseudonyms, ended, zone)
    found = standings.differences(compared.before, compared.after)
    roster = read_roster(store, ended)
    assigned = {a.person_id for a in roster.assignments if a.covers(compared.day)}
    unrecorded = tuple(sorted(assigned - compared.before.keys()))
    if not found and not unrecorded:
        return None
    people = tuple(difference.person_id for difference in found)
    lines = tuple(_named(str(difference), roster.people[difference.person_id].name) for difference in found)
    return RuleChange(_id_of(JUDGED_ANEW), JUDGED_ANEW, compared.day, lines, people, unrecorded)


def read_anew(items: Mapping[str, Iterable[str]], *, as_of: date) -> RuleChange | None:
    """Return what new rules of reading changed: `items` are place → Person IDs, from files that did not change."""
    if not items:
        return None
    people = tuple(sorted({person for found in items.values() for person in found}))
    return RuleChange(_id_of(READ_ANEW), READ_ANEW, as_of, tuple(sorted(items)), people)


def findings(changes: Iterable[RuleChange]) -> tuple[Finding, ...]:
    """Return one finding for each kind of rule that changed something and waits for HR."""
    return tuple(_finding(change) for change in changes)


def _finding(change: RuleChange) -> Finding:
    what = "; ".join(change.lines) or "nothing that was recorded"
    unrecorded = f"; nothing was recorded of {', '.join(change.unrecorded)}" if change.unrecorded else ""
    return Finding(
        Area.CONFIG,
        CODE,
        where=f"rules of {change.rule}, as of {change.as_of}",
        found=f"the program's new rules change, by the same facts: {what}{unrecorded}",
        expected="differences that HR has looked at, before a partner reads of them",
        remedy="Look at each. Then let the reports of these people's partners go:"
        f' lms-sync worklist accept {change.finding_id} --reason "…".',
        people=change.people,
        handle=change.finding_id,
        weight=1,
    )


def _compare(store: Store, pseudonyms: Pseudonyms, ended: datetime, zone: ZoneInfo) -> _Compared:
    before, day = standings.recorded(store), ended.astimezone(zone).date()
    if not before:
        return _by_reports(store, pseudonyms, day)
    snapshot = read_snapshot(store, ended)
    after = standings.in_short(judge_roster(snapshot, pseudonyms, as_of=day)) if snapshot else {}
    return _Compared(day, before, after)


def _by_reports(store: Store, pseudonyms: Pseudonyms, day: date) -> _Compared:
    """Compare by the reports that an earlier program issued: it kept no other standing of anybody."""
    before: dict[str, ShortStanding] = {}
    after: dict[str, ShortStanding] = {}
    for partner_id in read_roster(store).partners:
        issued = store.reports.last(partner_id)
        snapshot = read_snapshot(store, issued.known_at) if issued else None
        if issued is not None and snapshot is not None:
            reported = standings.of_report(issued)
            short = standings.in_short(judge_roster(snapshot, pseudonyms, as_of=issued.as_of))
            before |= reported
            after |= {person_id: short[person_id] for person_id in reported.keys() & short.keys()}
    return _Compared(day, before, after)


def _named(difference: str, name: str) -> str:
    return f"{name} ({difference.partition(':')[0]}){difference[len(difference.partition(':')[0]) :]}"


def _id_of(rule: str) -> str:
    """Return the id of the finding: the same for one kind of rule at one set of versions."""
    versions = "-".join(rules.present().values())
    return f"rules-{rule.split()[0]}-{versions}"
