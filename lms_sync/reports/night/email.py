"""The night's summary for HR, on one screen: what to do first, what is new, the figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lms_sync.model.finding import AREA_HEADINGS, Area, Finding, kind_words
from lms_sync.model.finding_groups import together
from lms_sync.reports import words
from lms_sync.reports.night.steps import (
    LOST,
    due_words,
    first_steps,
    place_and_found,
    release_command,
    retry_command,
    sentence,
)
from lms_sync.reports.night.summary import FileNight, MessageNight, NightSummary, State
from lms_sync.reports.templates import EmailParts, Templates, fill_text, render, template_environment

SHOWN_OF_AN_AREA = 15
"""Of more findings of one area than this the others are counted, in a workspace's own template that lists them."""
NEWS = 7
"""At most as many kinds of findings are new in the summary's words; the others are counted."""
MOVED = 5
"""At most as many people who stand otherwise than on the last night are named."""
LONGEST_NEWS = 140
"""Characters of one new finding; the page tells it whole."""

_OUTCOMES = (
    *("added", "corrected", "withdrawn", "unchanged", "superseded", "not a completion", "refused", "skipped"),
)


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
    held, failed = (sum(message.state in states for message in summary.messages) for states in (("held",), LOST))
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


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of tonight, or one that waits, in full."""

    to: str
    what: str
    """Its state, why, and for a held one since when and who of theirs is due soon."""
    command: str


def message_lines(summary: NightSummary) -> tuple[MessageLine, ...]:
    """Return the messages, those that wait for a person first."""
    ranked = sorted(summary.messages, key=lambda message: (message.state not in LOST, message.state != "held"))
    return tuple(MessageLine(message.to, _message_words(message), _message_command(message)) for message in ranked)


def _message_words(message: MessageNight) -> str:
    why = f"{message.state}: {sentence(message.why)}" if message.why else f"{message.state}."
    if message.state == "held":
        since = f"held since {words.written(message.since)}" if message.since else "held tonight"
        why = f"{since}: {sentence(message.why)}"
    return f"{why}{due_words(message)} {message.delivery_id}".rstrip()


def _message_command(message: MessageNight) -> str:
    return release_command(message) if message.state == "held" else retry_command(message)


def news(summary: NightSummary) -> tuple[str, ...]:
    """Return what is new in one line for each kind, at most `NEWS`: how many, and the first of them."""
    lines = []
    for group in grouped(summary.new):
        number = len(group.findings) + group.more
        first = group.findings[0]
        line = place_and_found(first)
        short = line if len(line) <= LONGEST_NEWS else f"{line[: LONGEST_NEWS - 1].rstrip()}…"
        count = f" ({number}, the first of them)" if number > 1 else ""
        lines.append(f"{kind_words(group.heading)}{count}: {short}")
    more = len(lines) - NEWS
    return tuple(lines) if more <= 0 else (*lines[: NEWS - 1], f"{more + 1} more kinds: lms-sync worklist")


def still_waiting(summary: NightSummary) -> str:
    """Return how much of earlier nights waits still, by kind; empty for nothing."""
    counts = Counter(finding.area for finding in summary.waiting)
    return "; ".join(f"{kind_words(AREA_HEADINGS[area])}: {counts[area]}" for area in AREA_HEADINGS if counts[area])


def read_words(summary: NightSummary) -> str:
    """Return what was read, all sources together."""
    if not summary.sources:
        return "no source is set up"
    items: Counter[str] = Counter()
    for source in summary.sources:
        for file in source.files:
            items.update(file.outcomes)
    read = sum(not source.trouble for source in summary.sources)
    return f"{read} of {words.count(len(summary.sources), 'source', 'sources')}; {ledger(FileNight('', items))}"


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
    return tuple(_group(AREA_HEADINGS[area], by_area[area]) for area in AREA_HEADINGS if area in by_area)


def _group(heading: str, findings: Sequence[Finding]) -> Group:
    lines = (group.as_one for group in together(findings))
    ranked = sorted(lines, key=lambda f: (not f.leads, not f.blocks, -len(f.people)))
    return Group(heading, tuple(ranked[:SHOWN_OF_AN_AREA]), max(0, len(ranked) - SHOWN_OF_AN_AREA))


def _after(earlier: Sequence[datetime]) -> str:
    """Return that the night is not the first of its day, as the end of a line; empty for the first."""
    return f" · night {len(earlier) + 1} of this day, the first began at {earlier[0]:%H:%M}" if earlier else ""


def _values(summary: NightSummary, known_at: str) -> dict[str, object]:
    return {
        "summary": summary,
        "district": words.clean(summary.district),
        "known_at": known_at + _after(summary.earlier),
        "steps": first_steps(summary),
        "ledger": ledger,
        "clean": words.clean,
        "sentence": sentence,
        "new": grouped(summary.new),
        "waiting": grouped(summary.waiting),
        "totals": _totals(summary.messages),
        "news": news(summary),
        "still": still_waiting(summary),
        "read": read_words(summary),
        "moved": summary.moved[:MOVED],
        "moved_more": max(0, len(summary.moved) - MOVED),
        "people": ", ".join(f"{number} {state}" for state, number in summary.states) or "nobody is assigned today",
    }


def _totals(messages: Sequence[MessageNight]) -> str:
    states: tuple[State, ...] = ("sent", "queued", "sending", "held", "failed", "unknown")
    counts = [(sum(message.state == state for message in messages), state) for state in states]
    return ", ".join(f"{number} {state}" for number, state in counts if number) or "none"
