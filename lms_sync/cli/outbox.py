"""outbox: what goes out, what is held, and a person's word that lets it go."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial

import click

from lms_sync.cli.opening import expect_known, open_workspace, who
from lms_sync.cli.options import all_option, by_option, format_option, pass_folder, reason_option
from lms_sync.cli.show import print_listing, print_table
from lms_sync.errors import EXIT_DONE, UsageError, worst
from lms_sync.mail import decide
from lms_sync.mail.before_issuing import issue_without
from lms_sync.mail.outbox import sending_code
from lms_sync.mail.send import send as send_queued
from lms_sync.model.author import Author
from lms_sync.model.delivery import STOPPED, Delivery, DeliveryState
from lms_sync.operations.release import rebuild_held, release_held
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line

Act = Callable[..., tuple[Delivery, ...]]
"""Hold, retry or settle deliveries."""

HEADINGS = ("Delivery", "Partner", "To", "State", "Since", "Why")

ids_argument = click.argument("delivery_ids", metavar="DELIVERY…", nargs=-1)


@click.command(
    "list",
    epilog="""\b
Examples:
  lms-sync outbox list
  lms-sync outbox list --all
""",
)
@all_option("Also what was sent.")
@format_option
@pass_folder
def list_(folder: str, *, everything: bool, form: str) -> None:
    """Show the deliveries that are not sent."""
    with open_workspace(folder, writes=False) as workspace:
        states = [s for s in DeliveryState if everything or s is not DeliveryState.SENT]
        rows = [_row(workspace, delivery) for delivery in workspace.store.deliveries.listed(*states)]
    print_listing(HEADINGS, rows, form=form, nothing="Nothing waits in the outbox.")


def _row(workspace: Workspace, delivery: Delivery) -> list[str]:
    return [
        delivery.delivery_id,
        delivery.partner_id or "(night summary)",
        "\n".join(recipient.address for recipient in delivery.recipients),
        delivery.state.value,
        f"{delivery.changed_at.astimezone(workspace.zone):%Y-%m-%d %H:%M}",
        delivery.detail,
    ]


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox show 20261123-0f3a9c
"""
)
@click.argument("delivery_id", metavar="DELIVERY")
@pass_folder
def show(folder: str, *, delivery_id: str) -> None:
    """Show one delivery, its recipients and its message."""
    with open_workspace(folder, writes=False) as workspace:
        delivery = workspace.store.deliveries.get(delivery_id)
        body = workspace.store.deliveries.body(delivery_id)
        print_table(HEADINGS, [_row(workspace, delivery)])
        rows = [[r.address, r.state.value, r.detail] for r in delivery.recipients]
        print_table(["Recipient", "State", "The server's words"], rows)
    if not body:
        click.echo("It has no message: one is built when it is released.")
        return
    message = message_from_bytes(body, policy=default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    click.echo(f"\nSubject: {message['Subject']}\n\n{text.get_content() if text else ''}")


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox send
"""
)
@pass_folder
def send(folder: str) -> int:
    """Send what is queued and due."""
    with open_workspace(folder) as workspace:
        return _send(workspace)


def _send(workspace: Workspace) -> int:
    batch = send_queued(workspace)
    for delivery in (*batch.abandoned, *batch.tried):
        click.echo(_outcome(delivery))
    if not batch.tried:
        click.echo("Nothing was due.")
    if batch.trouble:
        raise batch.trouble
    return sending_code((*batch.tried, *batch.abandoned))


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox release 20261123-0f3a9c --reason "addresses checked against the agreement"
  lms-sync outbox release --all --reason "addresses checked" --by "A. Roe, HR"
  lms-sync outbox release --without esd-moodle --reason "the ESD opens it in January"
""",
)
@ids_argument
@all_option("Everything that is held.")
@click.option(
    "--without",
    "unread",
    metavar="SOURCE",
    help="What waits for a source that was never read in full; every report says so until it is.",
)
@reason_option
@by_option
@pass_folder
def release(
    folder: str, *, delivery_ids: tuple[str, ...], everything: bool, unread: str | None, reason: str, by: str
) -> int:
    """Release held deliveries: their addresses are released for good, their reports are built again and sent."""
    if unread is not None:
        if everything or delivery_ids:
            raise UsageError(
                "--without cannot be combined with deliveries",
                hint="Let go of the source first, then of the deliveries.",
            )
        return _release_without(folder, unread, reason=reason, by=by)
    with open_workspace(folder) as workspace:
        ids = _chosen(workspace, delivery_ids, everything=everything)
        if everything and not ids:
            click.echo("Nothing is held.")
            return EXIT_DONE
        released = release_held(workspace, Author(who(by), reason, workspace.clock()), delivery_ids=ids)
        for delivery in released.built:
            if delivery.state is not DeliveryState.QUEUED or delivery.stopped:
                click.echo(_outcome(delivery))
        for error in released.refused:
            click.echo(f"lms-sync: {error}\n  → {error.hint}", err=True)
        return worst({_send(workspace), *(error.exit_code for error in released.refused)})


def _outcome(delivery: Delivery) -> str:
    """Return what became of a delivery, in one line."""
    named = f"{delivery.delivery_id} for {delivery.partner_id or 'HR'}"
    if delivery.stopped:
        return f"{named}: not sent, {delivery.detail.removeprefix(STOPPED)}"
    return f"{named}: {delivery.state.value} {delivery.detail}".rstrip()


def _release_without(folder: str, source: str, *, reason: str, by: str) -> int:
    """Let go of what waits for a source; addresses that nobody has released keep waiting."""
    with open_workspace(folder) as workspace:
        issue_without(workspace, Author(who(by), reason, workspace.clock()), source=source)
        click.echo(f"Reports go out without {source} until it has been read in full, and say so.")
        for delivery in rebuild_held(workspace):
            if delivery.state is not DeliveryState.QUEUED or delivery.stopped:
                click.echo(_outcome(delivery))
        return _send(workspace)


def _chosen(workspace: Workspace, delivery_ids: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    if everything == bool(delivery_ids):
        raise UsageError("name the deliveries, or --all", hint="`lms-sync outbox list` shows what is held.")
    held = workspace.store.deliveries.listed(DeliveryState.HELD)
    return tuple(delivery.delivery_id for delivery in held) if everything else delivery_ids


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox hold 20261123-0f3a9c --reason "the figures are being looked at"
  lms-sync outbox hold --partner QPD --reason "the agreement is being renegotiated"
"""
)
@ids_argument
@click.option("--partner", metavar="PARTNER", help="All reports of this partner, from now on.")
@reason_option
@by_option
@pass_folder
def hold(folder: str, *, delivery_ids: tuple[str, ...], partner: str | None, reason: str, by: str) -> None:
    """Hold queued deliveries, or all reports of a partner, until a person releases them."""
    if partner is None:
        _each(folder, delivery_ids, reason, by=by, act=decide.hold)
        return
    if delivery_ids:
        raise UsageError(
            "--partner cannot be combined with deliveries", hint="Hold the partner first, then other deliveries."
        )
    with open_workspace(folder) as workspace:
        partners = read_roster(workspace.store).partners
        expect_known([partner], partners, what="partner", where="Partners on the roster")
        author = Author(who(by), reason, workspace.clock())
        held = decide.hold_partner(workspace, author, partner=partners[partner])
        click.echo(f"{held.delivery_id} {held.state.value}: {held.detail}")
        click.echo(f"To let its reports go again: {command_line('outbox release', held.delivery_id, reason=...)}")


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox retry 20261123-0f3a9c --reason "the relay is back"
  lms-sync outbox retry 20261123-0f3a9c --unknown --reason "they say that they have not got it"
""",
)
@ids_argument
@click.option("--unknown", is_flag=True, help="Also those that may have arrived, and would then arrive twice.")
@reason_option
@by_option
@pass_folder
def retry(folder: str, *, delivery_ids: tuple[str, ...], unknown: bool, reason: str, by: str) -> None:
    """Queue failed or unknown deliveries again: the same message, to those who have not received it."""
    _each(folder, delivery_ids, reason, by=by, act=partial(decide.retry, unknown=unknown))


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox settle 20261123-0f3a9c --arrived --reason "the chief has it, by telephone"
  lms-sync outbox settle 20261123-0f3a9c --not-arrived --reason "the clerk looked, also among junk"
""",
)
@ids_argument
@click.option("--arrived/--not-arrived", default=None, help="What the recipients say.")
@reason_option
@by_option
@pass_folder
def settle(folder: str, *, delivery_ids: tuple[str, ...], arrived: bool | None, reason: str, by: str) -> None:
    """Record whether unknown deliveries arrived; nothing is sent."""
    if arrived is None:
        raise UsageError(
            "say --arrived or --not-arrived", hint="Ask the recipients; `lms-sync outbox show ID` names them."
        )
    _each(folder, delivery_ids, reason, by=by, act=partial(decide.settle, arrived=arrived))


def _each(folder: str, delivery_ids: tuple[str, ...], reason: str, *, by: str, act: Act) -> None:
    if not delivery_ids:
        raise UsageError("name at least one delivery", hint="`lms-sync outbox list` shows their ids.")
    with open_workspace(folder) as workspace:
        for after in act(workspace, Author(who(by), reason, workspace.clock()), delivery_ids=delivery_ids):
            click.echo(f"{after.delivery_id} {after.state.value}: {after.detail}")
