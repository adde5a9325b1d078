"""people match: go through the learners that only a person can tell, at a terminal or in a workbook."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, format_option, output_file, pass_folder
from lms_sync.cli.show import print_json, print_table, print_text
from lms_sync.compliance.judge import book_of
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError, WrongCells
from lms_sync.files import write_whole
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer
from lms_sync.people import decide
from lms_sync.people.cases import Case, cases
from lms_sync.people.workbook import people_workbook
from lms_sync.store.workspace import Workspace


@click.command(
    epilog="""\b
Examples:
  lms-sync people match                    one after the other, at a terminal
  lms-sync people match -o who.xlsx        as a workbook to fill in
  lms-sync people match --read who.xlsx    and to read back: all of it, or nothing
""",
)
@output_file("Write a workbook to fill in.")
@click.option("--read", "filled", type=click.Path(dir_okay=False), help="Read a workbook that was filled in.")
@by_option
@format_option
@pass_folder
def match(folder: str, *, output: str | None, filled: str | None, by: str, form: str) -> int:
    """Go through the learners that a person must match, with what speaks for and against each candidate.

    At a terminal it asks about each: a number for a candidate, n for none of them, s to skip, q to stop. Each answer
    is saved at once. Without a terminal it lists the open cases.
    """
    if output and filled:
        raise UsageError("-o and --read together", hint="Write the workbook first; read it when it is filled in.")
    with open_workspace(folder, writes=output is None) as workspace:
        waiting = _cases(workspace)
        if filled is not None:
            return _read_back(workspace, waiting, Path(filled), by)
        if output is not None:
            roster = open_issuer(workspace, as_of=workspace.today()).snapshot.roster
            write_whole(Path(output), people_workbook(waiting, roster.people, roster.employers()))
            click.echo(f"Wrote {output}: {len(waiting)} learners to decide")
        elif form == "json":
            print_json([_json(case) for case in waiting])
        elif not waiting:
            click.echo("Every learner is settled.")
        elif sys.stdin.isatty() and sys.stdout.isatty():
            return _ask_all(workspace, waiting, by)
        else:
            _list(waiting)
    return EXIT_FINDINGS if waiting else EXIT_DONE


def _cases(workspace: Workspace) -> tuple[Case, ...]:
    issuer = open_issuer(workspace, as_of=workspace.today())
    book = book_of(issuer.snapshot, workspace.pseudonyms)
    return cases(issuer.snapshot, issuer.judged.matches, book, workspace.pseudonyms)


def _list(waiting: Sequence[Case]) -> None:
    rows = [
        [
            case.handle,
            case.name,
            str(case.completions),
            candidate.person_id,
            _words(candidate.speaks_for, candidate.speaks_against),
        ]
        for case in waiting
        for candidate in case.candidates
    ]
    print_table(["Learner", "Name", "Completions", "May be", "For and against"], rows)


def _json(case: Case) -> dict[str, Any]:
    candidates = [
        {"person_id": c.person_id, "for": list(c.speaks_for), "against": list(c.speaks_against)}
        for c in case.candidates
    ]
    return {"learner": case.handle, "name": case.name, "completions": case.completions, "candidates": candidates}


def _words(pro: Iterable[str], contra: Iterable[str]) -> str:
    return "\n".join([*(f"+ {word}" for word in pro), *(f"- {word}" for word in contra)])


def _ask_all(workspace: Workspace, waiting: Sequence[Case], by: str) -> int:
    people = open_issuer(workspace, as_of=workspace.today()).snapshot.roster.people
    decided = 0
    for number, case in enumerate(waiting, start=1):
        click.echo(f"\n{number} of {len(waiting)}  {case.handle}  {case.name}")
        facts = [*case.emails, case.employer, f"{case.completions} completions wait"]
        print_text(f"  {' · '.join(word for word in facts if word)}\n  {case.why}")
        for place, candidate in enumerate(case.candidates, start=1):
            best = "  (best)" if candidate.person_id == case.best else ""
            name = people[candidate.person_id].name if candidate.person_id in people else ""
            print_text(f"  {place}  {name} ({candidate.person_id}){best}")
            print_text(
                "\n".join(f"       {x}" for x in _words(candidate.speaks_for, candidate.speaks_against).split("\n"))
            )
        answer = _ask(len(case.candidates))
        if answer == "q":
            break
        if answer != "s":
            _keep(workspace, case, answer, by)
            decided += 1
    click.echo(f"\n{decided} decided; they count from the next judgement on.")
    return EXIT_DONE if decided == len(waiting) else EXIT_FINDINGS


def _ask(most: int) -> str:
    while True:
        answer: str = click.prompt(f"Which? 1-{most}, n none of them, s skip, q stop").strip().lower()
        if answer in {"n", "s", "q"} or (answer.isdecimal() and 1 <= int(answer) <= most):
            return answer
        click.echo("  Type a number of the list, n, s or q.")


def _keep(workspace: Workspace, case: Case, answer: str, by: str) -> None:
    chosen = case.candidates[int(answer) - 1] if answer.isdecimal() else None
    reason = click.prompt("Why?", default="; ".join(chosen.speaks_for) if chosen else "none of the candidates")
    author = Author(who(by), reason, workspace.clock())
    if chosen is None:
        people = [candidate.person_id for candidate in case.candidates]
        decide.refuse(workspace, author, handle=case.handle, people=people)
    else:
        decide.link(workspace, author, handle=case.handle, person_id=chosen.person_id)


def _read_back(workspace: Workspace, waiting: Sequence[Case], path: Path, by: str) -> int:
    """Record every decision of a workbook, or none when anything in it is wrong."""
    author = Author(who(by), f"decided in {path.name}", workspace.clock())
    try:
        decided, before = decide.decide_all(workspace, author, waiting=waiting, path=path)
    except WrongCells as error:
        for sentence in error.cells:
            click.echo(f"✗ {sentence}")
        raise
    click.echo(f"{decided} learners decided, {before} were decided so before.")
    return EXIT_DONE
