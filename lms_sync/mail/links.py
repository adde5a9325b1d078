"""The link in a report's mail that leads to the partner's page: made with the message, ended by a person's word."""

import hashlib
import secrets
from datetime import timedelta

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.carrier import Envelope
from lms_sync.model.log import DecisionKind
from lms_sync.model.partner_page import PartnerLink
from lms_sync.model.roster import Partner
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import PARTNER_LINKS
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

PATH = "/l/"
"""What stands between the outer app's address and the secret."""
BYTES = 32


def new_link(store: Store, issuer: Issuer, partner: Partner, envelope: Envelope) -> str:
    """Return a new link for the addresses of one message, and keep its hash; the caller holds the transaction.

    Empty where the settings name no address under which the outer app is reached.
    """
    outer = issuer.config.settings.web.outer
    if not outer.url:
        return ""
    secret = secrets.token_urlsafe(BYTES)
    last = issuer.today + timedelta(days=outer.link_days)
    link = PartnerLink(partner.partner_id, envelope.recipients, envelope.delivery_id, issuer.today, last)
    PARTNER_LINKS.put(store, hash_of(secret), link, now=issuer.now)
    return f"{outer.url}{PATH}{secret}"


def hash_of(secret: str) -> str:
    """Return the key under which a link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def end_links(workspace: Workspace, author: Author, *, partner_id: str) -> int:
    """Let no link of a partner work any longer, and return how many did.

    Raises: UsageError when none does.
    """
    store, today = workspace.store, workspace.day(author.at)
    with store.transaction():
        links = PARTNER_LINKS.read(store)
        working = {key: link for key, link in links.items() if link.partner_id == partner_id and link.works(today)}
        if not working:
            raise UsageError(
                f"{partner_id}: no link of this partner works", hint="The next report's mail carries a new one."
            )
        for key, link in working.items():
            ended = PartnerLink(
                link.partner_id, link.addresses, link.delivery_id, link.issued_on, link.expires_on, author.by, today
            )
            PARTNER_LINKS.put(store, key, ended, now=author.at)
        after = {"ended": sorted(link.delivery_id for link in working.values())}
        store.audit.add(DecisionKind.LINK_ENDED, partner_id, author, before=None, after=after)
    return len(working)
