"""A new roster: what is wrong in it, who comes, who goes, whose state changes; and taking it over."""

from dataclasses import dataclass, replace
from pathlib import Path

from lms_sync.compliance.judge import judge_roster
from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.author import Author
from lms_sync.model.finding import Finding
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Person, Roster
from lms_sync.operations.intake import take_roster
from lms_sync.operations.roster_before import known_ids
from lms_sync.operations.summary import Move, moves, words_of
from lms_sync.operations.take_over.version import ReadFile, expect_unchanged, read_file
from lms_sync.operations.take_over.version import replace as replace_file
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.roster.check import RosterCheck, check_roster_content


@dataclass(frozen=True, slots=True)
class NewRoster:
    """A roster that is not in force yet."""

    findings: tuple[Finding, ...]
    roster: Roster | None
    """None where a finding blocks."""
    come: tuple[Person, ...] = ()
    go: tuple[Person, ...] = ()
    changed: tuple[Person, ...] = ()
    """Whose row says something else; as they would be."""
    moved: tuple[Move, ...] = ()
    """Whose state changes."""
    same: bool = False
    """It says what the roster in force says."""


@dataclass(frozen=True, slots=True)
class RosterTakenOver:
    """A roster that is in force now."""

    people: int
    kept: Path | None
    """Where the version before is kept."""


def roster_file(workspace: Workspace) -> ReadFile:
    """Return roster.xlsx as it is now."""
    return read_file(workspace.config.path(workspace.config.settings.roster.path))


def look_at_roster(workspace: Workspace, issuer: Issuer | None, content: bytes) -> NewRoster:
    """Return what a workbook would change if it were the roster; `issuer` None while nobody was ever judged.

    Raises: UsageError for what is no workbook.
    """
    found = _checked(workspace, content)
    if found.roster is None:
        return NewRoster(found.findings, None)
    before, after = read_roster(workspace.store), found.roster
    return NewRoster(
        found.findings,
        after,
        come=tuple(after.people[i] for i in sorted(after.people.keys() - before.people.keys())),
        go=tuple(before.people[i] for i in sorted(before.people.keys() - after.people.keys())),
        changed=tuple(after.people[i] for i in _changed(before, after)),
        moved=tuple(_moved(issuer, after)) if issuer else (),
        same=_facts(before) == _facts(after),
    )


def _checked(workspace: Workspace, content: bytes) -> RosterCheck:
    dates = workspace.config.settings.district.dates
    return check_roster_content(
        content,
        file=roster_file(workspace).path.name,
        dates=dates,
        known=known_ids(workspace.store),
        today=workspace.today(),
    )


def _changed(before: Roster, after: Roster) -> list[str]:
    """Return the Person IDs of both of which the row, or an assignment, says something else."""
    was, now = _rows(before), _rows(after)
    return [person_id for person_id in sorted(was.keys() & now.keys()) if was[person_id] != now[person_id]]


def _rows(roster: Roster) -> dict[str, tuple[Person, list[str]]]:
    assigned: dict[str, list[str]] = {person_id: [] for person_id in roster.people}
    for assignment in roster.assignments:
        assigned.setdefault(assignment.person_id, []).append(repr(assignment))
    return {i: (replace(person, linked_as=()), sorted(assigned[i])) for i, person in roster.people.items()}


def _moved(issuer: Issuer, after: Roster) -> list[Move]:
    then = replace(issuer.snapshot, roster=after)
    judged = judge_roster(then, issuer.pseudonyms, as_of=issuer.judged.as_of)
    return moves(replace(issuer, snapshot=then, judged=judged), words_of(issuer.judged))


def _facts(roster: Roster) -> tuple[object, ...]:
    people = {key: replace(person, linked_as=()) for key, person in roster.people.items()}
    return dict(roster.partners), dict(roster.agreements), people, sorted(map(repr, roster.assignments))


def take_over_roster(workspace: Workspace, author: Author, *, content: bytes, seen: str) -> RosterTakenOver:
    """Make a workbook the roster: the file is written whole, its version before kept, and it counts at once.

    `seen` is the hash of the file as it was when somebody looked at the new one. Raises: UsageError when the file is
    another one meanwhile, or says nothing new; WrongCells where it can't be used.
    """
    path = roster_file(workspace).path
    expect_unchanged(path, seen)
    found = _checked(workspace, content)
    if found.roster is None:
        wrong = [str(finding) for finding in found.findings if finding.blocks]
        raise WrongCells(
            f"{path.name} was not taken over", hint="Correct these cells, then send it again.", cells=wrong
        )
    store = workspace.store
    with store.transaction():
        before = read_roster(store)
        if _facts(before) == _facts(found.roster) and roster_file(workspace).content:
            raise UsageError("it says what the roster in force says", hint="Nothing was written.")
        were, are = before.people.keys(), found.roster.people.keys()
        after = {"come": sorted(are - were), "gone": sorted(were - are), "people": len(are)}
        store.audit.add(DecisionKind.ROSTER, path.name, author, before=None, after=after)
        take_roster(store, found.roster, now=author.at)
        kept = replace_file(path, content, at=author.at)
    return RosterTakenOver(len(found.roster.people), kept)
