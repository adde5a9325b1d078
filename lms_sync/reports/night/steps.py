"""A night → what HR should do, the most urgent first, each step with its command: at most seven."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lms_sync.model.delivery import HELD_BY
from lms_sync.model.finding import Finding
from lms_sync.reports import words
from lms_sync.reports.night.counted import KEEPS_ALL, NextStep, StepKind, counted
from lms_sync.reports.night.summary import DUE_DAYS, MessageNight, NightSummary, SourceNight
from lms_sync.text import command_line, without_place

MOST_STEPS = 7
ROWS_REFUSED = "rows-refused"
"""Code of the finding about a file of which so much was refused that partners wait."""
LOST = ("failed", "unknown")
NAMED = 3
"""More names than this in one line are counted."""


def first_steps(summary: NightSummary) -> tuple[NextStep, ...]:
    """Return what HR should do, the most urgent first, at most `MOST_STEPS`; empty when nothing waits."""
    kinds = [kind for kind in _kinds(summary) if kind.alone]
    while sum(len(kind.alone) for kind in kinds) > MOST_STEPS:
        longest = max(kinds, key=lambda kind: len(kind.alone))
        if len(longest.alone) == 1:
            break
        kinds = [replace(kind, alone=(kind.together,)) if kind is longest else kind for kind in kinds]
    steps = tuple(step for kind in kinds for step in kind.alone)
    if len(steps) <= MOST_STEPS:
        return steps
    left = len(steps) - MOST_STEPS + 1
    return (*steps[: MOST_STEPS - 1], NextStep(f"And {left} more kinds of things wait.", "lms-sync worklist"))


def _kinds(summary: NightSummary) -> tuple[StepKind, ...]:
    return (
        _missing(summary),
        _leading(summary),
        _unsent(summary),
        _sources(summary.sources),
        _refused(summary),
        _lost(summary.messages),
        _held([message for message in summary.messages if message.state == "held"]),
        *counted(summary),
    )


def _missing(summary: NightSummary) -> StepKind:
    """Return what keeps everything from being issued; it stands before all else."""
    found = _of_code(summary, *KEEPS_ALL)
    whole = (
        f"Nothing is issued: {words.count(len(found), 'thing is', 'things are')} missing that must be there first."
    )
    return StepKind(
        tuple(_advised(f"Nothing is issued: {_place_and_found(f)}", f.remedy, "lms-sync check") for f in found),
        NextStep(whole, "lms-sync check"),
    )


def _leading(summary: NightSummary) -> StepKind:
    found = [finding for finding in (*summary.waiting, *summary.new) if finding.leads]
    whole = f"Decide {words.count(len(found), 'doubt', 'doubts')} first: they have waited for more than 14 days."
    return StepKind(
        tuple(_advised(f"Decide this first: {sentence(f.found)}", f.remedy, "lms-sync worklist") for f in found),
        NextStep(whole, "lms-sync worklist"),
    )


def _unsent(summary: NightSummary) -> StepKind:
    days = words.count(len(summary.unsent), "summary", "summaries")
    folder = words.clean(summary.unsent[0].file.rpartition("/")[0]) if summary.unsent else ""
    return StepKind(
        tuple(
            NextStep(
                f"The summary of {words.written(earlier.day)} could not be sent."
                f" It is in {words.clean(earlier.file)}: read it, and delete it.",
                "lms-sync doctor",
            )
            for earlier in summary.unsent
        ),
        NextStep(f"{days} could not be sent. They are in {folder}: read them, and delete them.", "lms-sync doctor"),
    )


def _sources(sources: Sequence[SourceNight]) -> StepKind:
    broken = sorted((source for source in sources if source.trouble), key=lambda source: not source.stopped)
    alone = tuple(
        _advised(
            f"{'Safety stop' if source.stopped else 'Not read'}: source {words.clean(source.source)}: "
            f"{sentence(without_place(source.trouble, f'source {source.source}'))}",
            source.remedy,
            "lms-sync doctor",
        )
        for source in broken
    )
    stopped = sum(source.stopped for source in broken)
    whole = f"{words.count(len(broken), 'source', 'sources')} not read"
    whole += f", {stopped} of them by a safety stop" if stopped else ""
    return StepKind(alone, NextStep(f"{whole}: {_names(source.source for source in broken)}.", "lms-sync doctor"))


def _refused(summary: NightSummary) -> StepKind:
    """Return a step for each file of which so much was refused that partners wait."""
    found = _of_code(summary, ROWS_REFUSED)
    whole = f"Of {words.count(len(found), 'file', 'files')} so much was refused that partners wait."
    return StepKind(
        tuple(_advised(_place_and_found(finding), finding.remedy, "lms-sync worklist") for finding in found),
        NextStep(whole, "lms-sync worklist"),
    )


def _lost(messages: Sequence[MessageNight]) -> StepKind:
    lost = [message for message in messages if message.state in LOST]
    return StepKind(
        tuple(
            NextStep(
                f"Message to {words.clean(message.to)} {message.state}: {sentence(message.why)}"
                " When that is settled:",
                retry_command(message),
                "/messages",
            )
            for message in lost
        ),
        NextStep(
            f"{len(lost)} messages were not sent: {_names(m.to for m in lost)}.", "lms-sync outbox list", "/messages"
        ),
    )


def _held(held: Sequence[MessageNight]) -> StepKind:
    """Return what is held: in full on the first night, as a line on each later one; the first night's first."""
    ordered = sorted(held, key=lambda message: message.since is not None)
    return StepKind(
        tuple(NextStep(hold_words(message), release_command(message), "/messages") for message in ordered),
        NextStep(_held_together(ordered), "lms-sync outbox list", "/messages"),
    )


def _held_together(held: Sequence[MessageNight]) -> str:
    """Return whose messages are held, those first of whose people somebody is overdue or due soon."""
    pressing = sum(bool(message.due) for message in held)
    names = _names(message.to for message in sorted(held, key=lambda message: not message.due))
    about = f"{pressing} of them {'is' if pressing == 1 else 'are'} about people who are overdue"
    due = f" {about}, or due within {DUE_DAYS} days." if pressing else ""
    oldest = min((message.since for message in held if message.since is not None), default=None)
    since = f", the oldest since {words.written(oldest)}" if oldest else ""
    return f"{len(held)} messages are held{since}: {names}.{due}"


def hold_words(message: MessageNight) -> str:
    """Return whose message is held: why, where that is new; since when, and who of theirs is due soon."""
    to = words.clean(message.to)
    due = due_words(message)
    if message.since is None:
        why = message.why if message.why.startswith(HELD_BY) else f"held: {message.why}"
        return f"Message to {to} {sentence(why)}{due} To let it go:"
    return f"Message to {to} held since {words.written(message.since)}.{due}"


def due_words(message: MessageNight) -> str:
    """Return who of the partner's people is due soon, as a sentence after a blank; empty where nobody knows."""
    if message.due is None or message.state != "held":
        return ""
    return f" Overdue, or due within {DUE_DAYS} days: {_names(message.due, 'nobody')}."


def retry_command(message: MessageNight) -> str:
    """Return what settles a lost message, or sends it again; empty for one that is not lost."""
    if message.state not in LOST:
        return ""
    number = message.delivery_id or "DELIVERY"
    if message.state == "unknown":
        return f"{command_line('outbox settle', number, arrived=True, reason=...)} (or --not-arrived)"
    return command_line("outbox retry", number, reason=...)


def release_command(message: MessageNight) -> str:
    """Return what lets a held message go."""
    return command_line("outbox release", message.delivery_id or "DELIVERY", reason=...)


def _of_code(summary: NightSummary, *codes: str) -> list[Finding]:
    return [finding for finding in (*summary.new, *summary.waiting) if finding.code in codes]


def _advised(what: str, remedy: str, command: str) -> NextStep:
    """Return a step with its remedy; `command` stands beside it where the remedy names none."""
    advice = words.clean(remedy)
    return NextStep(f"{what} {advice}".rstrip(), "" if "lms-sync " in advice else command)


def place_and_found(finding: Finding) -> str:
    """Return where something was found and what, the place once."""
    where, found = words.clean(finding.where), words.clean(finding.found)
    return found if found.startswith(f"{where}: ") else f"{where}: {found}"


def _place_and_found(finding: Finding) -> str:
    return sentence(place_and_found(finding))


def _names(names: Iterable[str], nobody: str = "") -> str:
    several = list(dict.fromkeys(map(words.clean, names)))
    more = len(several) - NAMED
    return "; ".join(several[:NAMED]) + (f" and {more} more" if more > 0 else "") or nobody


def sentence(text: str) -> str:
    """Return text on one line, with a full stop where it has no end."""
    line = words.clean(text)
    return line if not line or line.endswith((".", "!", "?")) else f"{line}."
