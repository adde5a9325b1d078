"""What the program's rules change by themselves: the last recorded day judged again by what was known then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms_sync.compliance.judge import judge_roster
from lms_sync.law.series import load
from lms_sync.law.standing import State
from lms_sync.model.finding import Area, Finding, short_hash
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.rule_change import STORED_JUDGEMENTS, RuleChange
from lms_sync.operations.upgrade import rule_versions, standings
from lms_sync.operations.upgrade.standings import ShortStanding
from lms_sync.store.known.judged_people import JudgedPerson
from lms_sync.store.known.snapshot import read_roster, read_snapshot
from lms_sync.store.store import Store
from lms_sync.text import command_line, written_day

CODE, DIFFERED = "rules-changed", "judgement-differed"
JUDGED_ANEW, READ_ANEW, RECORD_KEYS = "matching and judging", "reading", "record keys"


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
    names = set(rule_versions.changed(rule_versions.recorded(store), rule_versions.present()))
    if ended is None or not names & {"matching", "judging", "law"}:
        return None
    compared = _compare(store, pseudonyms, ended, zone)
    roster = read_roster(store, ended)
    differences = standings.differences(compared.before, compared.after)
    found = {
        difference.person_id: str(difference) for difference in differences if difference.person_id in roster.people
    }
    assigned = {a.person_id for a in roster.assignments if a.covers(compared.day)}
    unrecorded = tuple(sorted(assigned - compared.before.keys()))
    # Nobody is told overdue by an upgrade alone: nor is anybody of whom nothing tells that they were it before.
    late = [
        i
        for i in unrecorded
        if i in compared.after and i in roster.people and compared.after[i].state == State.OVERDUE
    ]
    found |= {i: f"{i}: overdue, and nothing was recorded before" for i in late}
    if not found and not unrecorded:
        return None
    lines = tuple(_named(found[i], roster.people[i].name) for i in sorted(found))
    return RuleChange(id_of(JUDGED_ANEW), JUDGED_ANEW, compared.day, lines, tuple(sorted(found)), unrecorded)


def read_anew(items: Mapping[str, Iterable[str]], *, as_of: date) -> RuleChange | None:
    """Return what new rules of reading changed: `items` are place → Person IDs, from files that did not change."""
    if not items:
        return None
    people = tuple(sorted({person for found in items.values() for person in found}))
    return RuleChange(id_of(READ_ANEW), READ_ANEW, as_of, tuple(sorted(items)), people)


def stored_otherwise(
    stored: Mapping[str, JudgedPerson],
    judged: Mapping[str, JudgedPerson],
    people: Mapping[str, Person],
    *,
    as_of: date,
) -> RuleChange | None:
    """Return whose stored judgement is another one than the new one, by the same facts; None where `stored` is empty.

    Both are by Person ID, and of the same people.
    """
    if not stored:
        return None
    short = {i: (standings.short(stored[i].judgement), standings.short(judged[i].judgement)) for i in sorted(stored)}
    same = "other details of the same standing"
    lines = [
        _named(str(standings.Rejudged(i, *pair)) if pair[0] != pair[1] else f"{i}: {same}", people[i].name)
        for i, pair in short.items()
    ]
    finding_id = short_hash(DIFFERED, as_of.isoformat(), *short)
    return RuleChange(finding_id, STORED_JUDGEMENTS, as_of, tuple(lines), tuple(short))


def findings(changes: Iterable[RuleChange]) -> tuple[Finding, ...]:
    """Return one finding for each kind of rule that changed something and waits for HR."""
    return tuple(_finding(change) for change in changes)


def _finding(change: RuleChange) -> Finding:
    if change.rule == STORED_JUDGEMENTS:
        return _differed(change)
    what = "; ".join(change.lines) or "nothing that was recorded"
    unrecorded = f"; nothing was recorded of {', '.join(change.unrecorded)}" if change.unrecorded else ""
    look = "Look at each."
    found = f"the program's new rules change, by the same facts: {what}{unrecorded}"
    if change.rule.startswith(RECORD_KEYS):
        look = "It stays evidence as it is; see whether the source still has it, or has it twice now."
        found = f"the files of the source hold no row that is known to be the same as what was read at {what}"
    return Finding(
        Area.CONFIG,
        CODE,
        where=f"rules of {change.rule}, as of {written_day(change.as_of)}",
        found=found,
        expected="differences that HR has looked at, before a partner reads of them",
        remedy=f"{look} Then let the reports of these people's partners go:"
        f" {command_line('worklist accept', change.finding_id, reason=...)}.",
        people=change.people,
        handle=change.finding_id,
        weight=1,
    )


def _differed(change: RuleChange) -> Finding:
    found = f"judged again by the same facts, these differ from what the program had kept: {'; '.join(change.lines)}"
    look = "The new judgement counts. Look at each, and at what the partners were sent since the last full judging."
    release = f"Then let the reports go: {command_line('worklist accept', change.finding_id, reason=...)}."
    return Finding(
        Area.CONFIG,
        DIFFERED,
        where=f"judgements stored before {change.as_of}",
        found=found,
        expected="the same judgements: this is a fault of the program, or somebody has changed the database",
        remedy=f"{look} {release}",
        people=change.people,
        handle=change.finding_id,
        weight=1,
    )


def _compare(store: Store, pseudonyms: Pseudonyms, ended: datetime, zone: ZoneInfo) -> _Compared:
    before, day = standings.recorded(store), ended.astimezone(zone).date()
    after = _judged(store, pseudonyms, ended, day)
    return _Compared(day, before, after) if before else _by_reports(store, pseudonyms, _Compared(day, {}, after))


def _judged(store: Store, pseudonyms: Pseudonyms, known_at: datetime, day: date) -> dict[str, ShortStanding]:
    """Return everybody's standing by this program's rules and law, and by what was known then."""
    snapshot = read_snapshot(store, known_at)
    if snapshot is None:
        return {}
    return standings.in_short(judge_roster(replace(snapshot, law=load()), pseudonyms, as_of=day))


def _by_reports(store: Store, pseudonyms: Pseudonyms, ended: _Compared) -> _Compared:
    """Compare by the reports that an earlier program issued, each on its day: it kept no other standing."""
    before: dict[str, ShortStanding] = {}
    after = dict(ended.after)
    for partner_id in read_roster(store).partners:
        issued = store.reports.last(partner_id)
        reported = standings.of_report(issued) if issued else {}
        if issued is not None and reported:
            short = _judged(store, pseudonyms, issued.known_at, issued.as_of)
            before |= reported
            after |= {person_id: short[person_id] for person_id in reported.keys() & short.keys()}
    return _Compared(ended.day, before, after)


def _named(difference: str, name: str) -> str:
    return f"{name} ({difference.partition(':')[0]}){difference[len(difference.partition(':')[0]) :]}"


def id_of(rule: str) -> str:
    """Return the id of the finding: the same for one kind of rule at one set of versions."""
    return short_hash(CODE, rule, *rule_versions.present().values())
