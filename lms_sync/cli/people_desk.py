"""people match, link, unlink, links, merge: who a learner is, decided by a person."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from lms_sync.cli.night import by_option
from lms_sync.cli.opening import open_workspace, pass_folder, who
from lms_sync.cli.show import print_table, print_text
from lms_sync.cli.worklist import reason_option
from lms_sync.compliance.judge import book_of
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.files import write_whole
from lms_sync.model.author import Author
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.night import open_issuer
from lms_sync.people import decide as decide
from lms_sync.people.cases import Case, cases
from lms_sync.people.workbook import DECIDE, people_workbook
from lms_sync.store.known.snapshot import read_links, read_merges
from lms_sync.store.workspace import Workspace
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.tables.read import Unreadable, read_sheets


def desk_of(workspace: Workspace, by: str, reason: str) -> decide.DecisionContext:
    """Return where a decision is recorded. Raises: UsageError when the reason is blank."""
    return decide.DecisionContext(
        workspace.store, workspace.pseudonyms, Author(who(by), reason, workspace.clock()), workspace.today()
    )


@contextmanager
def deciding(folder: str, by: str, reason: str) -> Iterator[decide.DecisionContext]:
    """Open the workspace for one decision, kept whole or not at all."""
    with open_workspace(folder) as workspace, workspace.store.transaction():
        yield desk_of(workspace, by, reason)


@click.command(
    short_help="Go through the learners that only a person can tell.",
    epilog="""\b
Examples:
  lms-sync people match                    one after the other, at a terminal
  lms-sync people match -o who.xlsx        as a workbook to fill in
  lms-sync people match --read who.xlsx    and to read back: all of it, or nothing
""",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write a workbook to fill in.")
@click.option("--read", "filled", type=click.Path(dir_okay=False), help="Read a workbook that was filled in.")
@by_option
@pass_folder
def match(folder: str, *, output: str | None, filled: str | None, by: str) -> int:
    """Go through learners with candidates and conflicts, with what speaks for and against each candidate.

    At a terminal each is asked for: a number for a candidate, n for none of them, s to skip, q to stop. Each answer
    is kept at once. Without a terminal the open cases are listed.
    """
    if output and filled:
        raise UsageError("-o and --read together", hint="Write the workbook first; read it when it is filled in.")
    with open_workspace(folder, writes=output is None) as workspace:
        waiting = _cases(workspace)
        if filled is not None:
            return _read_back(workspace, Path(filled), by)
        if output is not None:
            roster = open_issuer(workspace, as_of=workspace.today()).snapshot.roster
            write_whole(Path(output), people_workbook(waiting, roster.people, roster.employers()))
            click.echo(f"Wrote {output}: {len(waiting)} learners to decide")
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


def _words(pro: Iterable[str], contra: Iterable[str]) -> str:
    return "\n".join([*(f"+ {word}" for word in pro), *(f"- {word}" for word in contra)])


def _ask_all(workspace: Workspace, waiting: Sequence[Case], by: str) -> int:
    people = open_issuer(workspace, as_of=workspace.today()).snapshot.roster.people
    decided = 0
    for number, case in enumerate(waiting, start=1):
        click.echo(f"\n{number} of {len(waiting)}  {case.handle}  {case.name}")
        told = [*case.emails, case.employer, f"{case.completions} completions wait"]
        print_text(f"  {' · '.join(word for word in told if word)}\n  {case.why}")
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
        if answer in {"n", "s", "q"} or (answer.isdigit() and 1 <= int(answer) <= most):
            return answer
        click.echo("  Type a number of the list, n, s or q.")


def _keep(workspace: Workspace, case: Case, answer: str, by: str) -> None:
    chosen = case.candidates[int(answer) - 1] if answer.isdigit() else None
    reason = click.prompt("Why?", default="; ".join(chosen.speaks_for) if chosen else "none of the candidates")
    with workspace.store.transaction():
        desk = desk_of(workspace, by, reason)
        if chosen is None:
            decide.refuse(desk, case.handle, tuple(candidate.person_id for candidate in case.candidates))
        else:
            decide.link(desk, case.handle, chosen.person_id)


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a workbook says of one learner."""

    handle: str
    yes: tuple[Entry, ...]
    no: tuple[Entry, ...]


def _read_back(workspace: Workspace, path: Path, by: str) -> int:
    """Record every decision of a workbook, or none when anything in it is wrong."""
    try:
        reader = FormReader(path.name, Area.PERSON, read_sheets(path))
    except Unreadable as error:
        raise UsageError(f"{path.name}: {error.found}", hint=error.remedy) from error
    read = reader.read(DECIDE)
    filled = _by_learner(read.entries)
    open_now = {case.handle: case for case in _cases(workspace)}
    wrong = [*(f for f in read.findings if f.blocks), *(f for one in filled for f in _wrong(reader, one, open_now))]
    if wrong:
        for finding in wrong:
            click.echo(f"✗ {finding}")
        raise UsageError(f"{path.name} was not taken in", hint="Mend these cells, then read it again.")
    done = [one for one in filled if one.handle in open_now]
    with workspace.store.transaction():
        for one in done:
            _record(workspace, one, by)
    click.echo(f"{len(done)} learners decided, {len(filled) - len(done)} were decided before.")
    return EXIT_DONE


def _by_learner(entries: Iterable[Entry]) -> list[_Filled]:
    found: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.text("Decision"):
            found[entry.text("Learner")][entry.text("Decision")].append(entry)
    return [_Filled(handle, tuple(said["yes"]), tuple(said["no"])) for handle, said in found.items()]


def _wrong(reader: FormReader, filled: _Filled, waiting: dict[str, Case]) -> Iterable[Finding]:
    case = waiting.get(filled.handle)
    if len(filled.yes) > 1:
        wrong = Wrong("a second yes for this learner", "one person", "Leave yes beside the right one only.")
        yield reader.finding("two-people", filled.yes[1].where("Decision"), wrong)
    for entry in (*filled.yes, *filled.no):
        if not entry.text("Reason"):
            wrong = Wrong("no reason", "why, in words that stand up later", "Write it beside the decision.")
            yield reader.finding("reason-missing", entry.where("Reason"), wrong)
        if case is not None and entry.text("Person ID") not in {c.person_id for c in case.candidates}:
            wrong = Wrong(
                entry.text("Person ID"), "a candidate of this learner", "Write the workbook anew: this changed."
            )
            yield reader.finding("candidate-gone", entry.where("Person ID"), wrong)


def _record(workspace: Workspace, filled: _Filled, by: str) -> None:
    if filled.yes:
        entry = filled.yes[0]
        decide.link(desk_of(workspace, by, entry.text("Reason")), filled.handle, entry.text("Person ID"))
    else:
        people = tuple(entry.text("Person ID") for entry in filled.no)
        decide.refuse(desk_of(workspace, by, filled.no[0].text("Reason")), filled.handle, people)


@click.command(
    short_help="Say that a learner is a person on the roster.",
    epilog="""\b
Examples:
  lms-sync people link moodle:emp00040 100417 --reason "asked him; same badge number"
""",
)
@click.argument("learner")
@click.argument("person_id", metavar="PERSON")
@reason_option
@by_option
@pass_folder
def link(folder: str, *, learner: str, person_id: str, reason: str, by: str) -> None:
    """Say that LEARNER (source:key, as the worklist shows it) is PERSON; all its completions count from now on."""
    with deciding(folder, by, reason) as desk:
        made = decide.link(desk, learner, person_id)
    click.echo(f"{learner} ({made.shown}) is {person_id}, by the word of {made.by}. Take it back: people unlink")


@click.command(
    short_help="Take a link, or a refusal, back.",
    epilog="""\b
Examples:
  lms-sync people unlink moodle:emp00040 --reason "it was his brother"
  lms-sync people unlink vector:00417 --not 00417 --reason "John Smith, who had the number before"
""",
)
@click.argument("learner")
@click.option("--not", "person_id", metavar="PERSON", help="LEARNER is not PERSON, also where its id or e-mail is.")
@reason_option
@by_option
@pass_folder
def unlink(folder: str, *, learner: str, person_id: str | None, reason: str, by: str) -> None:
    """Take back what was decided about LEARNER; the ordinary rules count again, for all its completions.

    With --not it is recorded that LEARNER is not PERSON, also for a match that nobody made but the ids; that holds
    for LEARNER until it is taken back in its turn.
    """
    with deciding(folder, by, reason) as desk:
        if person_id:
            denied = decide.deny(desk, learner, person_id)
            click.echo(f"{learner} ({denied.shown}) is not {person_id}, by the word of {denied.by}.")
            click.echo("Nothing of it is credited to this person any more. Take it back: people unlink")
            return
        before = decide.unlink(desk, learner)
    said = f"no longer linked to {before.person_id}" if before.person_id else "open again"
    click.echo(f"{learner} is {said}, by the word of {desk.author.by}.")


@click.command(
    short_help="List what was decided about learners and Person IDs.",
    epilog="""\b
Examples:
  lms-sync people links
""",
)
@pass_folder
def links(folder: str) -> None:
    """List the links, refusals and merges in force; `lms-sync log show` has those that were taken back, too."""
    with open_workspace(folder, writes=False) as workspace:
        rows = [
            [
                link.source,
                link.shown,
                link.person_id or f"not {', '.join(link.refused)}",
                str(link.on),
                link.by,
                link.reason,
            ]
            for link in read_links(workspace.store)
        ]
        rows += [
            [
                "(roster)",
                merge.former,
                merge.person_id,
                str(merge.on),
                merge.by,
                merge.reason,
            ]
            for merge in read_merges(workspace.store)
        ]
    if not rows:
        click.echo("Nothing was decided yet.")
    print_table(["Source", "Learner or former ID", "Is", "Since", "By", "Why"], rows)


@click.command(
    short_help="Say that a Person ID that left the roster is one on it.",
    epilog="""\b
Examples:
  lms-sync people merge 100417 200417 --reason "new badge number after the transfer"
  lms-sync people merge 100417 --undo --reason "two different people after all"
""",
)
@click.argument("former", metavar="FORMER")
@click.argument("person_id", metavar="[PERSON]", required=False)
@click.option("--undo", is_flag=True, help="Take the merge back.")
@reason_option
@by_option
@pass_folder
def merge(folder: str, *, former: str, person_id: str | None, undo: bool, reason: str, by: str) -> None:
    """Say that FORMER, which left the roster, is PERSON: its records, links and ESD documents go on counting."""
    if undo == bool(person_id):
        raise UsageError("name the person, or --undo", hint="lms-sync people merge FORMER PERSON --reason …")
    with deciding(folder, by, reason) as desk:
        if person_id:
            decide.merge(desk, former, person_id)
        else:
            decide.unmerge(desk, former)
    click.echo(f"{former} {'is ' + person_id if person_id else 'stands for nobody again'}, by {desk.author.by}.")
