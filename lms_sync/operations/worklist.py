"""What can be answered to a finding that waits, and the act that answers it, for the command line and for pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from lms_sync.compliance.decide import decide_claim
from lms_sync.compliance.decide_doubts import DoubtsDecided, end_completions, keep_completions, undo_decision
from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.mail.before_issuing import issue_without
from lms_sync.model.author import Author
from lms_sync.model.doubt import Verdict
from lms_sync.model.finding import Area, Finding
from lms_sync.model.links import NameAnswer
from lms_sync.model.log import DecisionKind
from lms_sync.operations.agreed.decide import database_is_right, find_difference, log_is_right
from lms_sync.operations.pull.waiting import accept_refused
from lms_sync.operations.upgrade.decide import accept_rules
from lms_sync.people.name_answer import answer_question, find_question
from lms_sync.people.outdated import CODE as NEW_NAME
from lms_sync.reports.words import count
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day


class Answer(StrEnum):
    """What a person answers."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    KEEP = "keep"
    END = "end"
    UNDO = "undo"


Choices = Mapping[Answer, str]
"""Answer → what it says on a button."""
BY_CODE: Mapping[str, Choices] = {
    NEW_NAME: {Answer.ACCEPT: "One person with a new name", Answer.REFUSE: "Another person now"},
    "claim-day": {Answer.ACCEPT: "It counts on this day", Answer.REFUSE: "It does not count"},
    "log-differs": {Answer.ACCEPT: "The database is right", Answer.REFUSE: "The log is right: put it back"},
    "rules-changed": {Answer.ACCEPT: "I have looked at it"},
    "rows-refused": {Answer.ACCEPT: "Reports may go out without these rows"},
    "never-read": {Answer.ACCEPT: "Reports may go out without this source"},
}
BY_AREA: Mapping[Area, Choices] = {
    Area.CLAIM: {Answer.ACCEPT: "It counts", Answer.REFUSE: "It does not count"},
    Area.DOUBT: {Answer.KEEP: "It was done: keep it", Answer.END: "It was not done: end it"},
}


def choices(finding: Finding) -> Choices:
    """Return what can be answered to a finding here; nothing where a file or a sheet must be mended."""
    found = BY_CODE.get(finding.code)
    if found is None and (finding.area is not Area.CLAIM or finding.code == "claim"):
        found = BY_AREA.get(finding.area)
    return found or {}


def settle(
    workspace: Workspace, author: Author, *, finding_id: str, answer: Answer, training_day: date | None = None
) -> str:
    """Answer what waits, or take an answer back, and return in a sentence what is so now.

    `training_day` is for a claim whose source gives no day.
    Raises: UsageError for an id that nothing waits under, and for an answer that does not fit it.
    """
    if answer in _DOUBTS:
        return _doubts_words(_DOUBTS[answer](workspace, author, finding_id=finding_id))
    accepted = answer is Answer.ACCEPT
    store = workspace.store
    if find_question(store, finding_id) is not None:
        return _name_words(answer_question(workspace, author, question_id=finding_id, same=accepted))
    if find_difference(store, finding_id) is not None:
        act = database_is_right if accepted else log_is_right
        which = "The database" if accepted else "The log"
        return f"{act(workspace, author, difference_id=finding_id)}. {which} is right, by the word of {author.by}."
    if accepted and finding_id in RULE_CHANGES.read(store):
        change = accept_rules(workspace, author, finding_id=finding_id)
        return f"What the new rules of {change.rule} change is accepted by {author.by}. Reports that waited can go."
    waiting = next((o.finding for o in store.findings.open() if o.finding.id == finding_id), None)
    if accepted and waiting is not None and waiting.code in _READINGS:
        return _READINGS[waiting.code](workspace, author, waiting.source)
    decision = decide_claim(workspace, author, claim_id=finding_id, accepted=accepted, training_day=training_day)
    on = f", as done on {written_day(decision.training_day)}" if decision.training_day else ""
    after = f"It counts from the next judgement on{on}." if accepted else "It does not count."
    return f"{finding_id} {'accepted' if accepted else 'refused'} by {decision.decided_by}. {after}"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of several findings that one answer was given to."""

    done: tuple[str, ...]
    """A sentence each."""
    refused: Mapping[str, LmsSyncError]
    """Finding id → why it was not answered."""


def settle_each(
    workspace: Workspace,
    author: Author,
    *,
    answers: Mapping[str, Answer],
    training_days: Mapping[str, date] = MappingProxyType({}),
    as_waiting: bool = False,
) -> Settled:
    """Answer several with one reason; what can't be answered so stops no other.

    `training_days` are of claims whose source gives no day. With `as_waiting` all of them were shown as what waits:
    what somebody else has decided since is left so.
    Raises: UsageError when none is named.
    """
    if not answers:
        raise UsageError("nothing was chosen", hint="Tick at least one line.")
    done: list[str] = []
    refused: dict[str, LmsSyncError] = {}
    for finding_id, answer in answers.items():
        at, day = workspace.clock(), training_days.get(finding_id)
        try:
            if as_waiting:
                _expect_undecided(workspace, finding_id, by=author.by)
            word = Author(author.by, author.reason, at)
            done.append(settle(workspace, word, finding_id=finding_id, answer=answer, training_day=day))
        except LmsSyncError as error:
            refused[finding_id] = error
    return Settled(tuple(done), refused)


def _expect_undecided(workspace: Workspace, finding_id: str, *, by: str) -> None:
    """Raise UsageError with who decided it and how, where somebody else did and it waits no longer."""
    findings = workspace.store.findings
    if any(waiting.finding.id == finding_id for waiting in findings.open()):
        return
    finding = findings.known(finding_id)
    about = {finding_id, *(finding.people if finding else ())}
    entries = (e for e in reversed(workspace.store.audit.entries()) if e.kind in _SETTLES and not e.purged)
    decision = next((e.decision for e in entries if e.decision.subject in about), None)
    if decision is not None and decision.by != by:
        verdict = str((decision.after or {}).get("verdict", "decided"))
        raise UsageError(
            f"{finding_id}: somebody was quicker: {verdict} by {decision.by}, “{decision.reason}”",
            hint="Load the page again. What was decided stands at its end, and can be changed there.",
        )


_SETTLES = (DecisionKind.CLAIM, DecisionKind.DOUBT, DecisionKind.NAME)


def _without_rows(workspace: Workspace, author: Author, source: str) -> str:
    files = accept_refused(workspace, author, source=source)
    return f"Reports go out without the refused rows of {', '.join(rows.file for rows in files)}, and say so."


def _without_source(workspace: Workspace, author: Author, source: str) -> str:
    issue_without(workspace, author, source=source)
    return f"Reports go out without {source} until it has been read in full, and say so."


_READINGS: Mapping[str, Callable[[Workspace, Author, str], str]] = {
    "rows-refused": _without_rows,
    "never-read": _without_source,
}
_DOUBTS: Mapping[Answer, Callable[..., DoubtsDecided]] = {
    Answer.KEEP: keep_completions,
    Answer.END: end_completions,
    Answer.UNDO: undo_decision,
}


def _doubts_words(decided: DoubtsDecided) -> str:
    number = count(decided.completions, "completion", "completions")
    they = "It counts" if decided.completions == 1 else "They count"
    after = {
        Verdict.KEEP: f"kept. {they} until the source says done and then no again.",
        Verdict.END: "ended. What was wrong no longer counts.",
        Verdict.OPEN: "in doubt again.",
    }
    return f"{decided.finding_id} {decided.course}: {number} {after[decided.verdict]}"


def _name_words(answer: NameAnswer) -> str:
    if answer.same:
        return (
            f"{answer.person_id} is one person with a new name, by the word of {answer.by}. What was decided counts."
        )
    return (
        f"{answer.person_id} is another person now, by the word of {answer.by}."
        " What was decided for the one before counts for nobody."
    )


@dataclass(frozen=True, slots=True)
class RecentDecision:
    """A decision of the last days that can be taken back or turned."""

    at: datetime
    finding_id: str
    verdict: str
    found: str
    """What the finding said."""
    by: str
    reason: str
    choices: Choices


RECENT = timedelta(days=30)


def recently_decided(workspace: Workspace) -> tuple[RecentDecision, ...]:
    """Return the decisions about claims and doubts of the last thirty days that still stand, the newest first."""
    since = workspace.clock() - RECENT
    found: dict[str, RecentDecision] = {}
    for entry in reversed(workspace.store.audit.entries()):
        if entry.at < since:
            break
        if entry.kind in _TURNED and not entry.purged and entry.decision.subject not in found:
            decision = entry.decision
            verdict = str((decision.after or {}).get("verdict", ""))
            offered = _TURNED[entry.kind].get(verdict, {})
            finding = workspace.store.findings.known(decision.subject) if offered else None
            if finding is not None:
                about = (decision.subject, verdict, finding.found, decision.by, decision.reason)
                found[decision.subject] = RecentDecision(entry.at, *about, offered)
    return tuple(found.values())


_TURNED: Mapping[str, Mapping[str, Choices]] = {
    DecisionKind.CLAIM: {
        "accepted": {Answer.REFUSE: "It does not count after all"},
        "refused": {Answer.ACCEPT: "It counts after all"},
    },
    DecisionKind.DOUBT: {
        Verdict.KEEP.value: {Answer.UNDO: "Take it back"},
        Verdict.END.value: {Answer.UNDO: "Take it back"},
    },
}
"""Kind of a decision → its verdict → what turns it."""
