"""agreements confirm, plan, send, verify, withdraw: clause C's document, from the draft to the withdrawal."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from lms_sync.agreements.clause_c.issue import draft_document, issue_document, issue_reason, read_clause
from lms_sync.agreements.clause_c.send import WITHDRAWN, send_document, withdraw_document
from lms_sync.agreements.clause_c.verify import Verification, verify_code, verify_file
from lms_sync.cli.opening import day, open_workspace, who
from lms_sync.cli.options import as_of_option, by_option, output_file, pass_folder, reason_option
from lms_sync.cli.second_person import asked
from lms_sync.cli.show import print_table, print_text
from lms_sync.documents.vault import open_vault
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, NeedsSecond, UsageError
from lms_sync.files import id_in_name, write_new
from lms_sync.law.standing import State
from lms_sync.mail.outbox import sending_code
from lms_sync.mail.send import send as send_queued
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.known import known_agreement
from lms_sync.model.second_person import AskedAct, SecondAct
from lms_sync.model.stored.judgement import StoredCovered, StoredDocument
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.words import ISSUED_WORDS
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, written_day, written_minute

output_option = output_file("The PDF to write. [default: its number, here]")
draft_option = click.option(
    "--draft", is_flag=True, help="Only show how it would look: nothing is issued, and each page says so."
)


@dataclass(frozen=True, slots=True)
class IssueOptions:
    """How a document is wanted."""

    output: str | None
    draft: bool
    as_of: date | None
    by: str


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements confirm HERON-26 --draft -o draft.pdf    look at it first
  lms-sync agreements confirm HERON-26                         writes TC-2026-0001.pdf
  lms-sync agreements confirm HERON-26 --as-of 2026-08-31
""",
)
@click.argument("agreement", metavar="AGREEMENT")
@output_option
@draft_option
@as_of_option
@by_option
@pass_folder
def confirm(folder: str, agreement: str, *, output: str | None, draft: bool, as_of: str | None, by: str) -> int:
    """Issue the training confirmation of AGREEMENT, a PDF to sign: the ESD documented everybody it covers.

    Refused, naming each person and what is lacking, unless everybody is documented on that day. It gets a number and
    a verification code, and is kept as it was issued. Where the settings ask for
    a second person, this only asks.
    """
    return _make(
        folder, agreement, IssuedKind.CONFIRMATION, IssueOptions(output, draft, day(as_of, option="--as-of"), by)
    )


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements plan HERON-26 --draft -o draft.pdf
  lms-sync agreements plan HERON-26 -o plan.pdf --by "A. Roe"
""",
)
@click.argument("agreement", metavar="AGREEMENT")
@output_option
@draft_option
@as_of_option
@by_option
@pass_folder
def plan(folder: str, agreement: str, *, output: str | None, draft: bool, as_of: str | None, by: str) -> int:
    """Issue the training plan of AGREEMENT, a PDF to sign: how the people it covers complete the series.

    It says for each person what, how and by when, and what is already late. It gets a number and a verification code.
    """
    return _make(folder, agreement, IssuedKind.PLAN, IssueOptions(output, draft, day(as_of, option="--as-of"), by))


def _make(folder: str, agreement_id: str, kind: IssuedKind, options: IssueOptions) -> int:
    with open_workspace(folder, writes=not options.draft) as workspace:
        issuer = open_issuer(workspace, as_of=options.as_of or workspace.today())
        if options.draft:
            clause = read_clause(issuer, known_agreement(issuer.snapshot.roster, agreement_id))
            name = options.output or f"draft-{id_in_name(clause.agreement.agreement_id)}.pdf"
            _write(name, draft_document(issuer, clause, kind))
            click.echo(f"A draft: nothing was issued. {_lacking(len(clause.undocumented), len(clause.people))}")
            return EXIT_DONE
        return _issue(workspace, issuer, agreement_id, kind, options)


def _issue(workspace: Workspace, issuer: Issuer, agreement_id: str, kind: IssuedKind, options: IssueOptions) -> int:
    author = Author(who(options.by), issue_reason(issuer, agreement_id), workspace.clock())
    try:
        issue_result = issue_document(workspace, author, issuer=issuer, agreement_id=agreement_id, kind=kind)
    except NeedsSecond:
        name = known_agreement(issuer.snapshot.roster, agreement_id).agreement_id
        return asked(workspace, author, AskedAct(SecondAct.CONFIRM, name, options.as_of))
    number, code = issue_result.issued.number, issue_result.issued.code
    if not issue_result.new:
        click.echo(f"Nothing has changed since {number}, which is in force; no second one is issued.")
    click.echo(f"{ISSUED_WORDS[kind].capitalize()} {number}, verification code {code}")
    _write(options.output or f"{issue_result.issued.number}.pdf", issue_result.content)
    click.echo(f"Send it to the partner with: {command_line('agreements send', issue_result.issued.number)}")
    return EXIT_DONE


def _lacking(lacking: int, total: int) -> str:
    return f"{lacking} of {total} people are not documented." if lacking else "Everybody is documented."


def _write(output: str, content: bytes) -> None:
    write_new(Path(output), content)
    click.echo(f"Wrote {output}")


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements send TC-2026-0001
  lms-sync agreements send TC-2026-0001 --again      though it was mailed before
""",
)
@click.argument("number")
@click.option("--again", is_flag=True, help="Mail it though it was mailed before.")
@by_option
@pass_folder
def send(folder: str, number: str, *, again: bool, by: str) -> int:
    """Mail the document NUMBER, as it was issued, to the agreement's partner: to the addresses of its reports."""
    with open_workspace(folder) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        issued = workspace.store.issued.get(number)
        author = Author(who(by), f"mailed {issued.number} to its partner", workspace.clock())
        send_document(workspace, author, issuer=issuer, number=issued.number, again=again)
        return _carry(workspace, issued, issued.number)


def _carry(workspace: Workspace, issued: Issued, about: str) -> int:
    """Send what is queued, and say what became of the newest message about a document."""
    trouble = send_queued(workspace).trouble
    (*_, newest) = workspace.store.deliveries.of(DeliveryKind.AGREEMENT, issued.partner_id, about)
    print_table(["Delivery", "To", "State", "Why"], [_row(newest)])
    if newest.state is DeliveryState.HELD:
        click.echo(f"Let it go with: {command_line('outbox release', newest.delivery_id, reason=...)}")
    if trouble:
        raise trouble
    return sending_code([newest])


def _row(delivery: Delivery) -> list[str]:
    to = "\n".join(recipient.address for recipient in delivery.recipients)
    return [delivery.delivery_id, to, delivery.state.value, delivery.detail]


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements withdraw TC-2026-0001 --reason "the ESD revoked its letter of 3 March"
""",
)
@click.argument("number")
@reason_option
@by_option
@pass_folder
def withdraw(folder: str, number: str, *, reason: str, by: str) -> int:
    """Retract the document NUMBER. Everybody who received it is mailed that it no longer counts.

    It stays on file as withdrawn, with your reason, which they do not read.
    """
    with open_workspace(folder) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        issued = workspace.store.issued.get(number)
        author = Author(who(by), reason, workspace.clock())
        delivery = withdraw_document(workspace, author, issuer=issuer, number=issued.number)
        click.echo(f"{issued.number} is withdrawn. Inform everybody who has it on paper.")
        if delivery is None:
            click.echo("It was mailed to nobody from here.")
            return EXIT_DONE
        return _carry(workspace, issued, issued.number + WITHDRAWN)


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements verify TC-2026-0001.pdf                     as issued, or with signatures behind it
  lms-sync agreements verify TC-2026-0001 7K3M-9QPD-2WXF-04TB     typed from paper
  lms-sync agreements verify copy.pdf -o as-issued.pdf            0 it stands · 1 it does not
""",
)
@click.argument("what", metavar="FILE|NUMBER")
@click.argument("code", required=False, default="")
@output_file("Write the document as it was issued.")
@pass_folder
def verify(folder: str, what: str, code: str, *, output: str | None) -> int:
    """Check whether a document was issued here, by its file (signed or not) or by its number and code.

    Whether a signer's certificate can be trusted is not judged here; a PDF program does that.
    """
    with open_workspace(folder, writes=False) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        verdict = _verdict(workspace, issuer, what, code)
        issued = verdict.issued
        click.echo(f"{'✓' if verdict.sound else '✗'} {verdict.how}")
        for sentence in verdict.troubles:
            print_text(f"  ✗ {sentence}")
        for sentence in verdict.remarks:
            print_text(f"  {sentence}")
        if issued is None:
            if output is not None:
                click.echo("Nothing was written: name the document by its number and code, from paper or your file.")
            return EXIT_FINDINGS
        _tell(workspace, issued)
        if output is not None:
            _write_issued(workspace, issued, output)
        return EXIT_DONE if verdict.sound else EXIT_FINDINGS


def _verdict(workspace: Workspace, issuer: Issuer, what: str, code: str) -> Verification:
    if code:
        return verify_code(workspace.store, what, code, issuer)
    if not Path(what).exists() and not Path(what).suffix:
        raise UsageError(f"{what}: there is no such file", hint="For a number from paper add its verification code.")
    return verify_file(workspace.store, open_vault(*workspace.config.kept_files).read(Path(what)), issuer)


def _tell(workspace: Workspace, issued: Issued) -> None:
    """Print what the document says, and what was known when it was issued."""

    def local(moment: datetime) -> str:
        return written_minute(moment.astimezone(workspace.zone))

    click.echo(f"\n{ISSUED_WORDS[issued.kind].capitalize()} {issued.number} for {issued.agreement_id}")
    click.echo(f"Judged as of {written_day(issued.as_of)}, by what was known on {local(issued.known_at)}")
    click.echo(f"Issued on {local(issued.issued_at)} by {issued.issued_by}, program {issued.program}")
    click.echo(f"Law {issued.law}, course map {issued.map_version}, SHA-256 {issued.sha256}")
    if issued.purged:
        click.echo(f"What it said was purged on {written_day(issued.purged_on)}; number, code and hash are kept.")
        return
    rows = [
        [person.id, person.name, _state(person), ", ".join(map(_document, person.documents))]
        for person in issued.clause.people
    ]
    print_table(["Person", "Name", "State then", "Documents then"], rows)
    then = issued.known_at.astimezone(workspace.zone).isoformat()
    click.echo("To see the partner's people as known then:")
    click.echo(f"  {command_line('gaps', issued.partner_id, as_of=str(issued.as_of), known_at=then)}")


def _state(person: StoredCovered) -> str:
    """Return where somebody stood; who is documented before the first day is so all the same."""
    early = person.state == State.NOT_STARTED.value and not person.lacks
    return f"documented, starts {written_day(person.first_day)}" if early else person.state


def _document(document: StoredDocument) -> str:
    number = f" no. {document.number}" if document.number else ""
    return f"{document.component} {document.kind} by {document.esd}{number} on {written_day(document.day)}"


def _write_issued(workspace: Workspace, issued: Issued, output: str) -> None:
    if issued.purged:
        raise UsageError(f"{issued.number}: its file was purged", hint="See `lms-sync log show --kind purge`.")
    _write(output, workspace.store.issued.content(issued.number))
