"""outbox retract: a message that was sent is taken back, as far as that can be done."""

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, pass_folder, reason_option
from lms_sync.mail.outbox import sending_code
from lms_sync.mail.retract import retract as retract_delivery
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer


@click.command(
    epilog="""\b
Examples:
  lms-sync outbox retract 20261123-0f3a9c --reason "it was made from last year's class list"
"""
)
@click.argument("delivery_id", metavar="DELIVERY")
@reason_option
@by_option
@pass_folder
def retract(folder: str, *, delivery_id: str, reason: str, by: str) -> int:
    """Mail everybody who has a message, or may have it, that it is retracted. They read your reason as written."""
    with open_workspace(folder) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        author = Author(who(by), reason, workspace.clock())
        word = retract_delivery(workspace, author, issuer=issuer, delivery_id=delivery_id)
        to = ", ".join(recipient.address for recipient in word.recipients)
        click.echo(f"{delivery_id} is retracted. {word.delivery_id} says so and why, to {to}.")
        if trouble := send(workspace).trouble:
            raise trouble
        after = workspace.store.deliveries.get(word.delivery_id)
        click.echo(f"{after.delivery_id} {after.state.value} {after.detail}".rstrip())
        return sending_code([after])
