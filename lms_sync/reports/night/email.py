"""The night's summary for HR: what to do first, what was read, what waits for a person, what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from lms_sync.model.finding import Area, Finding
from lms_sync.model.finding_groups import together
from lms_sync.reports import words
from lms_sync.reports.templates import EmailParts, Templates, fill_text, render, template_environment

KEEPS_ALL = ("shipped-value", "no-evidence")
"""Codes of findings that keep everything from being issued."""
ROWS_REFUSED = "rows-refused"
"""Code of the finding about a file of which so much was refused that partners wait."""
SHOWN_OF_AN_AREA = 15
"""More findings of one area than this are counted, and listed by `lms-sync worklist`."""

_OUTCOMES = (
    *("added", "corrected", "withdrawn", "unchanged", "superseded", "not a completion", "refused", "skipped"),
)

_AREAS: dict[Area, str] = {
    Area.CONFIG: "Configuration",
    Area.SOURCE: "Sources",
    Area.ROSTER: "Roster",
    Area.MAPPING: "Course map",
    Area.LAYOUT: "Layouts",
    Area.DELIVERY: "Deliveries",
    Area.CLAIM: "Claims: only a person decides them",
    Area.DOUBT: "Completions in doubt: keep or end",
    Area.PERSON: "People",
    Area.AGREEMENT: "Agreements",
    Area.COURSE: "Unmapped courses, those of most people first",
    Area.OFFERING: "Gaps that no offering closes",
    Area.FILE: "Files",
    Area.ROW: "Rows and cells",
}
"""Area → heading, in the order in which a person should take them up."""

State = Literal["held", "queued", "sending", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class FileNight:
    """What became of the items of one file, or of one API pull."""

    name: str
    outcomes: Mapping[str, int]
    """Outcome → items: `added`, `corrected` … `skipped`; their sum is the number of items."""
    dropped: tuple[str, ...] = ()
    """Headings of columns that were dropped before anything was kept."""
    unchanged: bool = False
    """True when it was not read again, because nothing about it had changed."""


@dataclass(frozen=True, slots=True)
class SourceNight:
    """How one source's pull went."""

    source: str
    files: tuple[FileNight, ...]
    trouble: str = ""
    """Why nothing of it was stored; empty when it was."""
    remedy: str = ""
    stopped: bool = False
    """True for a safety stop: the data look broken, so partners with people in it are held."""


@dataclass(frozen=True, slots=True)
class MessageNight:
    """One delivery of tonight, or one that still waits."""

    delivery_id: str
    """Empty where a dry run made it, so that there is nothing to release."""
    to: str
    """The partner's name, or `HR`."""
    state: State
    why: str = ""
    """Why it is held, failed or unknown: unreleased addresses, a safety stop, the server's words."""


@dataclass(frozen=True, slots=True)
class UnsentSummary:
    """The summary of an earlier night that HR did not get."""

    day: date
    file: str
    """Where it lies, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class NightSummary:
    """What HR is told about one night."""

    district: str
    as_of: date
    known_at: datetime
    sources: tuple[SourceNight, ...]
    new: tuple[Finding, ...]
    """Findings that were not there on the last night."""
    waiting: tuple[Finding, ...]
    """Findings of earlier nights that still wait; none of `new`."""
    not_ours: int
    """Learners of the sources who are not on the roster; they are counted, never named."""
    messages: tuple[MessageNight, ...]
    states: tuple[tuple[str, int], ...] = ()
    """(state, people in it) of those assigned on `as_of`; none of them is 0."""
    moved: tuple[str, ...] = ()
    """Whose state is another than on the last night, in sentences; those newly overdue first."""
    newly_overdue: int = 0
    unsent: tuple[UnsentSummary, ...] = ()
    """Summaries that HR did not get since the last that it got, the oldest first."""
    log_head: str = ""
    """Number and beginning of the hash of the audit log's newest entry, `17:3f29c0d1aa77b0e2`; empty for none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one area."""

    heading: str
    findings: tuple[Finding, ...]
    """At most `SHOWN_OF_AN_AREA`."""
    more: int


def night_email(summary: NightSummary, templates: Templates) -> EmailParts:
    """Return the e-mail to HR. Raises: UsageError when a template can't be filled."""
    return render(templates, "night", night_subject(summary), **_values(summary, templates.instant(summary.known_at)))


def night_text(summary: NightSummary, *, zone: ZoneInfo) -> str:
    """Return the same as plain text for a terminal, always by the shipped template."""
    templates = Templates(template_environment(None), {}, zone)
    values = _values(summary, templates.instant(summary.known_at))
    return fill_text(templates, "night", {**values, "subject": night_subject(summary)})


def night_subject(summary: NightSummary) -> str:
    """Return one line that tells whether a person is needed; it names nobody."""
    held, failed = (sum(message.state in states for message in summary.messages) for states in (("held",), _LOST))
    broken = sum(bool(source.trouble) for source in summary.sources)
    parts = [
        f"{summary.newly_overdue} newly overdue" if summary.newly_overdue else "",
        words.count(len(summary.new), "new finding", "new findings") if summary.new else "",
        words.count(broken, "source not read", "sources not read") if broken else "",
        words.count(failed, "message not sent", "messages not sent") if failed else "",
        words.count(held, "message held", "messages held") if held else "",
    ]
    news = ", ".join(part for part in parts if part) or "nothing new"
    return f"Training records, night of {words.written(summary.as_of)}: {news}"


_LOST = ("failed", "unknown")


def first_steps(summary: NightSummary) -> tuple[str, ...]:
    """Return what HR should do, the most urgent first; empty when nothing waits."""
    return (
        *_missing_steps(summary),
        *_leading_steps(summary),
        *_unsent_steps(summary.unsent),
        *_source_steps(summary.sources),
        *_refused_steps(summary),
        *_message_steps(summary.messages),
        *_finding_steps(summary),
    )


def _missing_steps(summary: NightSummary) -> list[str]:
    """Return what keeps everything from being issued; it stands before all else."""
    return [
        f"Nothing is issued: {words.clean(finding.where)}: {_sentence(finding.found)} {words.clean(finding.remedy)}"
        for finding in (*summary.new, *summary.waiting)
        if finding.code in KEEPS_ALL
    ]


def _unsent_steps(unsent: Sequence[UnsentSummary]) -> list[str]:
    return [
        f"The summary of {words.written(earlier.day)} could not be sent. It lies in {words.clean(earlier.file)}: read"
        " it, and delete it."
        for earlier in unsent
    ]


def _refused_steps(summary: NightSummary) -> list[str]:
    """Return a step for each file of which so much was refused that partners wait."""
    return [
        f"{words.clean(finding.where)}: {_sentence(finding.found)} {words.clean(finding.remedy)}"
        for finding in (*summary.new, *summary.waiting)
        if finding.code == ROWS_REFUSED
    ]


def ledger(file: FileNight) -> str:
    """Return the file's balance: `12 items = 9 added + 1 refused + 2 skipped`."""
    names = [*_OUTCOMES, *sorted(set(file.outcomes) - set(_OUTCOMES))]
    parts = [f"{file.outcomes[name]:,} {name}" for name in names if file.outcomes.get(name)]
    items = words.count(sum(file.outcomes.values()), "item", "items")
    again = "not read again since nothing changed; then: " if file.unchanged else ""
    return f"{again}{items}{' = ' if parts else ''}{' + '.join(parts)}"


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return findings by area, in the order in which a person should take them up, most people first."""
    by_area: dict[Area, list[Finding]] = {}
    for finding in findings:
        by_area.setdefault(finding.area, []).append(finding)
    return tuple(_group(_AREAS[area], by_area[area]) for area in _AREAS if area in by_area)


def _group(heading: str, findings: Sequence[Finding]) -> Group:
    lines = (group.as_one for group in together(findings))
    ranked = sorted(lines, key=lambda f: (not f.leads, not f.blocks, -len(f.people)))
    return Group(heading, tuple(ranked[:SHOWN_OF_AN_AREA]), max(0, len(ranked) - SHOWN_OF_AN_AREA))


def _source_steps(sources: Sequence[SourceNight]) -> list[str]:
    broken = sorted((source for source in sources if source.trouble), key=lambda source: not source.stopped)
    return [
        f"{'Safety stop' if source.stopped else 'Not read'}: source {words.clean(source.source)}: "
        f"{_sentence(source.trouble)} {words.clean(source.remedy)}".rstrip()
        for source in broken
    ]


def _message_steps(messages: Sequence[MessageNight]) -> list[str]:
    steps = [
        f"Message to {words.clean(message.to)} {message.state}: {_sentence(message.why)} "
        f'When that is settled: lms-sync outbox retry {message.delivery_id or "DELIVERY"} --reason "…"'
        for message in messages
        if message.state in _LOST
    ]
    return steps + [
        f"Message to {words.clean(message.to)} held: {_sentence(message.why)} "
        f'To let it go: lms-sync outbox release {message.delivery_id or "DELIVERY"} --reason "…"'
        for message in messages
        if message.state == "held"
    ]


def _leading_steps(summary: NightSummary) -> list[str]:
    leading = [finding for finding in (*summary.waiting, *summary.new) if finding.leads]
    return [f"Decide this first: {_sentence(finding.found)} {words.clean(finding.remedy)}" for finding in leading]


def _finding_steps(summary: NightSummary) -> list[str]:
    findings = (*summary.new, *summary.waiting)
    blocking = sum(finding.blocks and finding.code not in KEEPS_ALL for finding in findings)
    claims = sum(finding.area is Area.CLAIM for finding in findings)
    doubts = sum(finding.area is Area.DOUBT for finding in findings)
    courses = sum(finding.area is Area.COURSE for finding in findings)
    starters = sum(finding.code == "starter-not-ready" for finding in findings)
    people = sum(finding.area is Area.PERSON for finding in findings) - starters
    agreements = sum(finding.area is Area.AGREEMENT for finding in findings)
    steps = [
        (
            blocking,
            "Mend {} first: the file in question does not come into force, and its last good version is used.",
            "finding",
        ),
        (starters, "Record {} about people who start soon: without it they may not start.", "fact"),
        (people, "Settle {} about people: until then nobody can say where they stand.", "finding"),
        (agreements, "Look at {} about agreements: something is due, or no longer true.", "finding"),
        (claims, "Decide {}: the command stands beside each.", "claim"),
        (doubts, "Decide {} about completions: keep or end, the commands stand beside each.", "doubt"),
        (courses, "Ask the trainer about {}.", "unmapped course"),
    ]
    return [sentence.format(words.count(number, noun, f"{noun}s")) for number, sentence, noun in steps if number]


def _sentence(text: str) -> str:
    line = words.clean(text)
    return line if not line or line.endswith((".", "!", "?")) else f"{line}."


def _values(summary: NightSummary, known_at: str) -> dict[str, object]:
    return {
        "summary": summary,
        "district": words.clean(summary.district),
        "known_at": known_at,
        "steps": first_steps(summary),
        "ledger": ledger,
        "clean": words.clean,
        "sentence": _sentence,
        "new": grouped(summary.new),
        "waiting": grouped(summary.waiting),
        "totals": _totals(summary.messages),
        "people": ", ".join(f"{number} {state}" for state, number in summary.states) or "nobody is assigned today",
    }


def _totals(messages: Sequence[MessageNight]) -> str:
    states: tuple[State, ...] = ("sent", "queued", "sending", "held", "failed", "unknown")
    counts = [(sum(message.state == state for message in messages), state) for state in states]
    return ", ".join(f"{number} {state}" for number, state in counts if number) or "none"
