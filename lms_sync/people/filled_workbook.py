"""What a filled-in workbook says of the learners that only a person can tell: a decision each, or what is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.finding import Area, Finding
from lms_sync.people.cases import Case
from lms_sync.people.workbook import DECIDE
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.tables.read import Unreadable, read_sheets


@dataclass(frozen=True, slots=True)
class LearnerDecision:
    """What a person decided about one learner."""

    handle: str
    person_id: str
    """Who the learner is; empty for none of `refused`."""
    refused: tuple[str, ...]
    reason: str
    where: str
    """The cell of the decision."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """The rows of one learner that say something."""

    handle: str
    yes: tuple[Entry, ...]
    no: tuple[Entry, ...]


def read_decisions(path: Path, waiting: Sequence[Case]) -> tuple[LearnerDecision, ...]:
    """Return a decision for each learner that the workbook speaks of, also for one that was decided before.

    Raises: WrongCells that names every cell that can't be taken as it stands; UsageError for what is no workbook.
    """
    try:
        reader = FormReader(path.name, Area.PERSON, read_sheets(path))
    except Unreadable as error:
        raise UsageError(f"{path.name}: {error.found}", hint=error.remedy) from error
    read = reader.read(DECIDE)
    filled = _by_learner(read.entries)
    open_now = {case.handle: case for case in waiting}
    wrong = [finding for finding in read.findings if finding.blocks]
    wrong += [finding for learner in filled for finding in _wrong(reader, learner, open_now)]
    wrong += [finding for entry in read.entries for finding in _half(reader, entry)]
    if wrong:
        raise WrongCells(
            f"{path.name} was not taken in", hint="Correct these cells, then read it again.", cells=map(str, wrong)
        )
    return tuple(map(_decision, filled))


def _by_learner(entries: Iterable[Entry]) -> list[_Filled]:
    found: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.text("Decision"):
            found[entry.text("Learner")][entry.text("Decision")].append(entry)
    return [_Filled(handle, tuple(answers["yes"]), tuple(answers["no"])) for handle, answers in found.items()]


def _wrong(reader: FormReader, filled: _Filled, waiting: Mapping[str, Case]) -> Iterable[Finding]:
    case = waiting.get(filled.handle)
    if len(filled.yes) > 1:
        wrong = Wrong("a second yes for this learner", "one person", "Leave yes beside the right one only.")
        yield reader.finding("two-people", filled.yes[1].where("Decision"), wrong)
    for entry in (*filled.yes, *filled.no):
        if not entry.text("Reason"):
            wrong = Wrong("no reason", "why, in words that make sense years later", "Write it beside the decision.")
            yield reader.finding("reason-missing", entry.where("Reason"), wrong)
        if case is not None and entry.text("Person ID") not in {c.person_id for c in case.candidates}:
            wrong = Wrong(
                entry.text("Person ID"), "a candidate of this learner", "Write a new workbook: this changed since."
            )
            yield reader.finding("candidate-gone", entry.where("Person ID"), wrong)


def _half(reader: FormReader, entry: Entry) -> Iterable[Finding]:
    if entry.text("Reason") and not entry.text("Decision") and "Decision" not in entry.wrong:
        wrong = Wrong("a reason without a decision", "yes or no", "Write it beside the reason, or clear the reason.")
        yield reader.finding("decision-missing", entry.where("Decision"), wrong)


def _decision(filled: _Filled) -> LearnerDecision:
    if filled.yes:
        (entry,) = filled.yes
        return LearnerDecision(
            filled.handle, entry.text("Person ID"), (), entry.text("Reason"), entry.where("Decision")
        )
    first, people = filled.no[0], tuple(entry.text("Person ID") for entry in filled.no)
    return LearnerDecision(filled.handle, "", people, first.text("Reason"), first.where("Decision"))
