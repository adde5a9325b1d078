"""What a person says of a sheet's columns, by an option or a question: its layout needs no TOML by hand."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import click

from lms_sync.errors import UsageError
from lms_sync.sources.propose.answers import ASKED, MEANINGS, PARTS, with_columns, with_states
from lms_sync.sources.propose.columns import KnownValues
from lms_sync.sources.propose.draft import Proposal
from lms_sync.sources.spreadsheet.layout_rules import Role
from lms_sync.text import did_you_mean, fold

WHO: frozenset[Role] = frozenset(("learner", "person_id", "email", "name", "last_name"))
COURSE: frozenset[Role] = frozenset(("course", "course_title"))


def stated_columns(known: KnownValues, written: Sequence[str], course: str) -> KnownValues:
    """Return what is known of the file, with `PART=HEADING` as people type it. Raises: UsageError."""
    columns: dict[str, str] = {}
    for text in written:
        part, equals, heading = text.partition("=")
        if not (equals and heading.strip() and part.strip() in PARTS):
            hint = did_you_mean(part.strip(), PARTS)
            raise UsageError(
                f"--column {text}: not PART=HEADING",
                hint=f"{hint}PART is one of: {', '.join(PARTS)}. Such as: --column day='Date of class'",
            )
        columns[part.strip()] = heading
    return with_columns(known, columns, course)


def asked_columns(proposal: Proposal, known: KnownValues, headings: Sequence[str]) -> KnownValues:
    """Return what a person at the terminal says of the columns that the layout lacks; unchanged for no answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return known
    there = {*proposal.draft.columns, *(rule.role for rule in proposal.draft.stated), *known.columns}
    columns, course = dict(known.columns), known.course
    click.echo(f"The columns are: {', '.join(headings)}")
    if not there & WHO:
        columns |= _answer("Which column names the person, by number, address or name?", headings, _role_of_person)
    if "completed_on" not in there:
        columns |= _answer("Which column holds the day of completion?", headings, lambda heading: "completed_on")
    if not there & COURSE and not course:
        columns |= _answer("Which column names the course?", headings, lambda heading: "course_title")
        if not columns.keys() & COURSE:
            course = click.prompt(
                "Then the whole file is about one course. Its title", default="", show_default=False
            )
    return replace(known, columns=columns, course=course.strip())


def _answer(question: str, headings: Sequence[str], role_of: Callable[[str], Role]) -> dict[Role, str]:
    by_name = {fold(heading): heading for heading in headings}
    while True:
        typed = click.prompt(f"{question} (blank: none)", default="", show_default=False).strip()
        if not typed:
            return {}
        if heading := by_name.get(fold(typed)):
            return {role_of(heading): heading}
        click.echo(f"No column is called {typed}. {did_you_mean(typed, headings)}".rstrip())


def _role_of_person(heading: str) -> Role:
    words = fold(heading)
    if "mail" in words:
        return "email"
    return "person_id" if any(word in words.split() for word in ("id", "number", "no", "badge", "#")) else "name"


def sorted_states(proposal: Proposal, written: Sequence[str]) -> Proposal:
    """Return the proposal with its unknown status words sorted, by `WORD=MEANING` or at the terminal.

    Raises: UsageError for a meaning that is none.
    """
    meant = dict(_state(text) for text in written)
    if sys.stdin.isatty() and sys.stdout.isatty():
        for word in proposal.status_unknown[:ASKED]:
            if fold(word) not in meant:
                meant[fold(word)] = click.prompt(f"What does “{word}” mean?", type=click.Choice(list(MEANINGS)))
    return with_states(proposal, meant)


def _state(text: str) -> tuple[str, str]:
    word, equals, meaning = text.rpartition("=")
    if not (equals and word.strip() and meaning.strip() in MEANINGS):
        raise UsageError(
            f"--status {text}: not WORD=MEANING",
            hint=f"MEANING is one of: {', '.join(MEANINGS)}. Such as: --status attended=done",
        )
    return fold(word), meaning.strip()
