"""documents request, requests, answered: ask an ESD to document what people have finished."""

import json
from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import all_option, by_option, format_option, output_folder, pass_folder
from lms_sync.cli.show import print_table, print_text
from lms_sync.documents.request.decide import (
    RecordedRequest,
    RequestDraft,
    RequestStatus,
    answer,
    esd_to_ask,
    listed_requests,
    make_requests,
    request_reason,
    unanswer,
)
from lms_sync.documents.request.status import unasked
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.course_map import requirement_words
from lms_sync.model.roster import Person
from lms_sync.operations.night import open_issuer
from lms_sync.store.known.registers import REQUESTS
from lms_sync.store.known.snapshot import read_roster
from lms_sync.text import written_day


@click.command(
    epilog="""\b
Examples:
  lms-sync documents request 100417 100422 --esd "ESD 113" -o to-send
  lms-sync documents request --all -o to-send             everybody who is complete and was not asked for
  lms-sync documents request 100417 --again -o to-send    though an open request asks for the same
""",
)
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="Everybody who has finished the whole series.")
@click.option("--esd", default="", help="The ESD to ask. [default: the one that was asked last]")
@output_folder("Write the packets here.")
@click.option(
    "--remind-after",
    type=click.IntRange(min=1, max=3650),
    metavar="DAYS",
    help="Remind after this many days without an answer. [default: as in lms_sync.toml]",
)
@click.option("--again", is_flag=True, help="Ask again for what an open request already asks for.")
@by_option
@pass_folder
def request(
    folder: str,
    *,
    people: tuple[str, ...],
    everybody: bool,
    esd: str,
    output: str,
    remind_after: int | None,
    again: bool,
    by: str,
) -> None:
    """Record a request for each PERSON and write its packet, a PDF: what was finished, when, by what evidence.

    It asks for each component that is finished and not documented. It is done for everybody named, or for nobody.
    """
    if everybody == bool(people):
        raise UsageError("name the people, or --all", hint="lms-sync documents request 100417 -o to-send")
    with open_workspace(folder) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        chosen = people or tuple(unasked(issuer.snapshot, issuer.judged, REQUESTS.read(workspace.store)))
        if not chosen:
            click.echo("Everybody who is complete is documented or was asked for.")
            return
        days = remind_after or workspace.config.settings.documents.remind_after_days
        draft = RequestDraft(tuple(chosen), esd_to_ask(workspace.store, esd), days, again)
        author = Author(who(by), request_reason(draft.esd), workspace.clock())
        recorded_requests = make_requests(workspace, author, issuer=issuer, draft=draft, folder=Path(output))
    for recorded_request in recorded_requests:
        _tell(recorded_request, Path(output))
    them = "it" if len(recorded_requests) == 1 else "them"
    click.echo(f"Send {them} to {recorded_requests[0].request.esd}; nothing was mailed.")


def _tell(recorded_request: RecordedRequest, folder: Path) -> None:
    asked = recorded_request.request
    print_text(
        f"{asked.request_id}  {asked.person_id}: {requirement_words(asked.components)} → {folder / asked.packet.name}"
    )
    for line in recorded_request.not_asked:
        print_text(f"    {line}")


@click.command(
    epilog="""\b
Examples:
  lms-sync documents requests                 those that wait
  lms-sync documents requests --all --format json
""",
)
@all_option("Also those that were answered.")
@format_option
@pass_folder
def requests(folder: str, *, everything: bool, form: str) -> None:
    """List requests without an answer, the next reminder first."""
    with open_workspace(folder, writes=False) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        found = [
            listed_request
            for listed_request in listed_requests(workspace.store, issuer.snapshot)
            if everything or not listed_request.settled
        ]
        today, people = workspace.today(), issuer.snapshot.roster.people
    if form == "json":
        click.echo(json.dumps([_plain(status) for status in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("No request was made yet." if everything else "No request waits for an answer.")
    rows = [
        [
            status.request.request_id,
            _whose(people.get(status.request.person_id), status.request.person_id),
            status.request.esd,
            requirement_words(status.request.components),
            status.request.requested_on.isoformat(),
            _state(status, overdue=status.request.remind_on <= today),
        ]
        for status in found
    ]
    print_table(["Request", "Person", "ESD", "Components", "Asked on", "Answer"], rows)


def _whose(person: Person | None, person_id: str) -> str:
    return f"{person.name} ({person_id})" if person else person_id


def _state(status: RequestStatus, *, overdue: bool) -> str:
    if status.settled:
        return f"✓ {written_day(status.settled.on)}: {status.settled.answer}"
    return (
        f"! none; call the ESD (since {written_day(status.request.remind_on)})"
        if overdue
        else f"by {written_day(status.request.remind_on)}"
    )


def _plain(status: RequestStatus) -> dict[str, object]:
    fields = REQUESTS.plain(status.request)
    named = {name: fields[name] for name in ("request_id", "person_id", "components", "esd", "requested_on")}
    return {
        **named,
        "requested_by": fields["requested_by"],
        "remind_on": fields["remind_on"],
        "packet": fields["packet"]["name"],
        "sha256": fields["packet"]["sha256"],
        "answered_on": status.settled.on.isoformat() if status.settled else None,
        "answered_by": status.settled.by if status.settled else "",
        "answer": status.settled.answer if status.settled else "",
    }


@click.command(
    epilog="""\b
Examples:
  lms-sync documents answered Q-2026-0001 --note "refused: the sign-in sheet of 3 October is missing"
  lms-sync documents answered Q-2026-0001 --undo --reason "that was the answer to Q-2026-0002"
""",
)
@click.argument("request_id", metavar="REQUEST")
@click.option("--note", default="", help="What the ESD said, in your words.")
@click.option("--undo", is_flag=True, help="Take a recorded answer back: the request is open again.")
@click.option("--reason", default="", help="Why it is taken back; kept with the decision.")
@by_option
@pass_folder
def answered(folder: str, *, request_id: str, note: str, undo: bool, reason: str, by: str) -> None:
    """Record an answer that is not a document, such as a refusal. A document that is filed is an answer by itself."""
    _check_words(note, undo=undo, reason=reason)
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason if undo else note, workspace.clock())
        if undo:
            asked = unanswer(workspace, author, request_id=request_id)
            click.echo(f"{asked.request_id} waits for an answer again, by the word of {author.by}.")
            return
        issuer = open_issuer(workspace, as_of=workspace.today())
        asked = answer(workspace, author, snapshot=issuer.snapshot, request_id=request_id)
        on_roster = asked.person_id in read_roster(workspace.store).people
    click.echo(f"{asked.request_id} is answered, by the word of {author.by}. Take it back: documents answered --undo")
    if on_roster:
        click.echo(
            f"{asked.person_id} has no document on file: find out what the ESD decided, then ask again or file the"
            " document."
        )


def _check_words(note: str, *, undo: bool, reason: str) -> None:
    if undo and (note.strip() or not reason.strip()):
        raise UsageError("--undo takes a reason and no note", hint='Add --reason "…" and leave --note out.')
    if not undo and (reason.strip() or not note.strip()):
        raise UsageError("an answer needs a note", hint='Add --note "what the ESD said".')
