"""Send an issued document to its partner, withdraw it, and tell those who have it."""

from collections.abc import Iterable
from dataclasses import replace

from lms_sync.agreements.clause_c.email import document_email, withdrawal_email
from lms_sync.agreements.clause_c.intact import record_troubles
from lms_sync.agreements.clause_c.issue import expect_current
from lms_sync.agreements.clause_c.watch import contradictions
from lms_sync.compliance.disputed import WHY_IT_WAITS, release_waits
from lms_sync.errors import UsageError
from lms_sync.mail.documents import PDF
from lms_sync.mail.issue import ready
from lms_sync.mail.message import Attachment
from lms_sync.mail.posting import Draft, Ready, post, stop
from lms_sync.model.author import Author
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery, DeliveryKind, RecipientState, new_delivery_id
from lms_sync.model.issued import Issued
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Partner
from lms_sync.reports.issuer import Issuer
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, written_minute

WITHDRAWN = " withdrawn"
"""What stands behind the number in `Delivery.about` of a message that a document is withdrawn."""


def send_document(
    workspace: Workspace, author: Author, *, issuer: Issuer, number: str, again: bool = False
) -> Delivery:
    """Put a document as issued into the outbox for its partner, queued or held; `again` though it was mailed before.

    Raises: UsageError for a number that there is none of, for a document that was withdrawn or purged, whose record
    was changed, or that is a confirmation and not true by what is known now; for a partner who is no longer on the
    roster; and when the roster or the map was changed since the last night.
    """
    store = workspace.store
    with store.transaction():
        expect_current(store, workspace.config)
        issued = store.issued.get(number)
        if not again:
            _expect_unsent(workspace, issued)
        delivery = _post_document(store, issuer, issued)
        after = {"number": issued.number, "sha256": issued.sha256, "delivery": delivery.delivery_id}
        store.audit.add(DecisionKind.SENDING, issued.agreement_id, author, before=None, after=after)
    return delivery


def _expect_unsent(workspace: Workspace, issued: Issued) -> None:
    for delivery in workspace.store.deliveries.of(DeliveryKind.AGREEMENT, issued.partner_id, issued.number):
        if not delivery.may_have_arrived or delivery.stopped:
            continue
        when = written_minute(delivery.changed_at.astimezone(workspace.zone))
        if delivery.addresses(RecipientState.ACCEPTED):
            raise UsageError(f"{issued.number} was mailed on {when}", hint="To mail it once more: --again.")
        raise UsageError(
            f"{issued.number} may have been mailed on {when}; nobody knows whether it arrived",
            hint="Ask. It arrived, or it did not: "
            f"`{command_line('outbox settle', delivery.delivery_id, arrived=True, reason=...)}` (or --not-arrived). "
            "To mail it in any case: --again.",
        )


def _post_document(store: Store, issuer: Issuer, issued: Issued) -> Delivery:
    if not issued.stands:
        raise UsageError(
            f"{issued.number} was withdrawn: {issued.withdrawn_because}", hint="Issue a new one, and send that."
        )
    if issued.purged:
        raise UsageError(
            f"{issued.number} was purged: its file is gone", hint="See `lms-sync log show --kind purge`."
        )
    if why := contradictions(issued, issuer):
        raise UsageError(
            f"{issued.number} is not true by what is known now:\n" + "\n".join(f"  {reason}" for reason in why),
            hint=f"Withdraw it (`{command_line('agreements withdraw', issued.number, reason=...)}`),"
            " and issue a new one.",
        )
    partner = _partner(issuer, issued)
    content = store.issued.content(issued.number)
    if changed := record_troubles(store, issuer.pseudonyms).get(issued.number):
        raise UsageError(f"{issued.number} is not sent: {changed}", hint="Compare with a backup of the database.")

    def build(envelope: Envelope) -> Ready:
        email = document_email(issued, partner, issuer.snapshot.settings, issuer.templates)
        attachment = Attachment(f"{issued.number}.pdf", content, PDF)
        return ready(issuer, email, envelope, attachments=(attachment,))

    draft = _draft(issuer, issued, partner.report_to, partner.copy_to, about=issued.number)
    named = issued.clause.partner.name
    if named != partner.name:
        draft = replace(draft, stop=f"it was made for {named}, and {partner.partner_id} is now called {partner.name}")
    return post(store.deliveries, draft, build=build, at=issuer.now)


def withdraw_document(workspace: Workspace, author: Author, *, issuer: Issuer, number: str) -> Delivery | None:
    """Record that a document is withdrawn, and queue word of it to every address that has it, or may have it.

    What still waited to be sent is sent no more. Returns None where it was sent to nobody from here.
    Raises: UsageError for a number that there is none of, and when it is withdrawn already.
    """
    store = workspace.store
    with store.transaction():
        issued = store.issued.get(number)
        store.issued.withdraw(issued.number, author)
        before = {"number": issued.number, "sha256": issued.sha256}
        store.audit.add(DecisionKind.WITHDRAWAL, issued.agreement_id, author, before=before, after=None)
        return _tell_receivers(store, issuer, issued, author=author)


def _tell_receivers(store: Store, issuer: Issuer, issued: Issued, *, author: Author) -> Delivery | None:
    sent = store.deliveries.of(DeliveryKind.AGREEMENT, issued.partner_id, issued.number)
    stop(store.deliveries, sent, f"{issued.number} was withdrawn", at=author.at)
    addresses = receivers(store.deliveries.of(DeliveryKind.AGREEMENT, issued.partner_id, issued.number))
    if not addresses:
        return None
    withdrawn = store.issued.get(issued.number)
    email = withdrawal_email(withdrawn, issuer.snapshot.settings, issuer.templates)
    draft = _draft(issuer, withdrawn, addresses, (), about=issued.number + WITHDRAWN)
    return post(store.deliveries, draft, build=lambda envelope: ready(issuer, email, envelope), at=issuer.now)


def receivers(deliveries: Iterable[Delivery]) -> tuple[str, ...]:
    """Return every address that has taken one of the messages, or may have, sorted."""
    taken = (RecipientState.ACCEPTED, RecipientState.UNKNOWN, RecipientState.BOUNCED)
    return tuple(sorted({address for delivery in deliveries for address in delivery.addresses(*taken)}))


def release_agreement(store: Store, issuer: Issuer, released: Delivery) -> Delivery:
    """Build a released message about an agreement's document anew and queue it.

    Raises: UsageError for a document that was withdrawn meanwhile.
    """
    issued = store.issued.get(released.about.removesuffix(WITHDRAWN))
    with store.transaction():
        if not released.about.endswith(WITHDRAWN):
            return _post_document(store, issuer, issued)
        email = withdrawal_email(issued, issuer.snapshot.settings, issuer.templates)
        addresses = tuple(recipient.address for recipient in released.recipients)
        draft = _draft(issuer, issued, addresses, (), about=released.about)
        return post(store.deliveries, draft, build=lambda envelope: ready(issuer, email, envelope), at=issuer.now)


def _partner(issuer: Issuer, issued: Issued) -> Partner:
    partner = issuer.snapshot.roster.partners.get(issued.partner_id)
    if partner is None:
        raise UsageError(
            f"{issued.number}: partner {issued.partner_id} is no longer on the roster",
            hint="There is nobody to send to.",
        )
    return partner


def _draft(issuer: Issuer, issued: Issued, to: tuple[str, ...], copy: tuple[str, ...], *, about: str) -> Draft:
    return Draft(
        delivery_id=new_delivery_id(issuer.judged.as_of, issuer.mint()),
        kind=DeliveryKind.AGREEMENT,
        partner_id=issued.partner_id,
        sender=issuer.config.settings.mail.sender,
        to=to,
        copy=copy,
        about=about,
        stop=WHY_IT_WAITS if release_waits(issuer.snapshot, issued.partner_id) else "",
    )
