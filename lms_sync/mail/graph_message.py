"""A message, and whom it is for, in Microsoft Graph's own words. Pure."""

from email.message import EmailMessage
from typing import Any

from lms_sync.model.carrier import Envelope


def recipients_of(envelope: Envelope) -> dict[str, Any]:
    """Return whom an envelope is for, as Graph takes it."""

    def listed(addresses: tuple[str, ...]) -> list[dict[str, Any]]:
        return [{"emailAddress": {"address": address}} for address in addresses]

    copies = tuple(address for address in envelope.copy if address not in envelope.to)
    return {"toRecipients": listed(envelope.to), "ccRecipients": listed(copies)}


def as_json(message: EmailMessage, envelope: Envelope) -> dict[str, Any]:
    """Return a message too large to be handed over whole, in Graph's own words. Only headers `X-…` can be named."""
    html = message.get_body(("html",))
    body = html.get_content() if html else ""
    ours = [{"name": name, "value": str(value)} for name, value in message.items() if name.lower().startswith("x-")]
    draft: dict[str, Any] = {"subject": str(message["Subject"]), "body": {"contentType": "html", "content": body}}
    if reply_to := message["Reply-To"]:
        draft |= {"replyTo": [{"emailAddress": {"address": address.addr_spec}} for address in reply_to.addresses]}
    return draft | recipients_of(envelope) | ({"internetMessageHeaders": ours} if ours else {})
