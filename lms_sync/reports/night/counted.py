"""Findings that are many small things → one step for each kind, with how many there are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms_sync.law.standing import State
from lms_sync.model.finding import Area, Finding
from lms_sync.reports import words
from lms_sync.reports.night.summary import NightSummary

KEEPS_ALL = ("shipped-value", "no-evidence")
"""Codes of findings that keep everything from being issued."""
STARTER = "starter-not-ready"
NOT_REQUESTED = "document-not-requested"
UNDETERMINED = str(State.UNDETERMINED)
"""A state, and the code of the finding about somebody in it whose roster cells are filled in."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do."""

    what: str
    """In sentences."""
    command: str = ""
    """What to type, or what shows more."""
    page: str = ""
    """The desk's page on which the same is done, `/worklist`; empty for none."""

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.what} {self.command}".rstrip()


@dataclass(frozen=True, slots=True)
class StepKind:
    """Steps of one kind: each alone, and all of them in one."""

    alone: tuple[NextStep, ...]
    together: NextStep
    """Stands for all of them where there are too many."""


def counted(summary: NightSummary) -> tuple[StepKind, ...]:
    """Return a step for each kind of finding that is many small things: how many there are."""
    findings = (*summary.new, *summary.waiting)
    blocking = sum(finding.blocks and finding.code not in KEEPS_ALL for finding in findings)
    areas = {area: [finding for finding in findings if finding.area is area] for area in Area}
    doubts = sum(not finding.leads for finding in areas[Area.DOUBT])
    steps = (
        _many(
            blocking,
            "Correct {} first: until then the file in question is not used, but its last good version.",
            ("finding", "findings"),
            NextStep("", "lms-sync check", "/worklist"),
        ),
        *_about_people(summary, areas[Area.PERSON]),
        _many(
            len({finding.where for finding in areas[Area.AGREEMENT]}),
            "Look at {}: something is due, is not on record, or is no longer true.",
            ("agreement or document of one", "agreements or documents of theirs"),
            NextStep("", "lms-sync calendar", "/agreements"),
        ),
        _many(
            len(areas[Area.CLAIM]),
            "Decide {} of completed training: the worklist shows how each is accepted or refused.",
            ("claim", "claims"),
            _WORKLIST,
        ),
        _many(
            doubts,
            "Decide {} about completions, keep or end: the worklist shows what decides each.",
            ("doubt", "doubts"),
            _WORKLIST,
        ),
        _many(
            len(areas[Area.COURSE]),
            "Ask the trainer about {} to topics yet.",
            ("course that nobody has matched", "courses that nobody has matched"),
            NextStep("", "lms-sync mappings suggest", "/courses"),
        ),
    )
    return tuple(StepKind((step,), step) for step in steps if step)


def _about_people(summary: NightSummary, found: Sequence[Finding]) -> tuple[NextStep | None, ...]:
    """Return the steps about people: starters, the undetermined, records in question, who is to be documented.

    Of an undetermined person the roster's blank cells may be findings too; they are counted as people here.
    """
    codes = [finding.code for finding in found]
    starters, unasked = codes.count(STARTER), codes.count(NOT_REQUESTED)
    return (
        _many(
            starters,
            "Record {} about people who start soon: without it they may not start.",
            ("fact", "facts"),
            NextStep("", "lms-sync roster check", "/roster"),
        ),
        _many(
            dict(summary.states).get(UNDETERMINED, 0),
            "Record the class or the first day with students of {}: until then their status is not known.",
            ("person", "people"),
            NextStep("", "lms-sync roster check", "/roster"),
        ),
        _many(
            len(codes) - starters - unasked - codes.count(UNDETERMINED),
            "Settle {} in records about people, such as whose record one is: the worklist shows what settles each.",
            ("problem", "problems"),
            _WORKLIST,
        ),
        _many(unasked, "Ask an ESD to document the training of {}.", _FINISHED, _WORKLIST),
    )


_WORKLIST = NextStep("", "lms-sync worklist", "/worklist")
_FINISHED = ("person who has finished it", "people who have finished it")


def _many(number: int, text: str, noun: tuple[str, str], where: NextStep) -> NextStep | None:
    """Return `where` with the text and the number of things in it; None for none."""
    return replace(where, what=text.format(words.count(number, *noun))) if number else None
