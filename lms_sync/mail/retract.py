"""Retract a message that was sent: everybody who has it, or may have it, is told so and why."""

from dataclasses import replace

from lms_sync.compliance.audience import OF_SOME
from lms_sync.compliance.disputed import WHY_IT_WAITS, release_waits
from lms_sync.compliance.for_whom import others_named
from lms_sync.compliance.gate import reason_for_readers
from lms_sync.compliance.open_gate import names_of_partners
from lms_sync.errors import UsageError
from lms_sync.mail.issue import ready_in_thread
from lms_sync.mail.posting import Draft, move, post
from lms_sync.mail.posting import stop as end_unsent
from lms_sync.model.author import Author
from lms_sync.model.delivery import (
    STOPPED,
    Delivery,
    DeliveryKind,
    DeliveryState,
    RecipientState,
    new_delivery_id,
)
from lms_sync.model.log import DecisionKind
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.notice import notice_email
from lms_sync.reports.partner.retraction import Retraction, retraction_notice
from lms_sync.store.known.registers import PARTNER_LINKS
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line

_HAVE_IT = (RecipientState.ACCEPTED, RecipientState.UNKNOWN, RecipientState.BOUNCED)


def retract(workspace: Workspace, author: Author, *, issuer: Issuer, delivery_id: str) -> Delivery:
    """Record that a message is retracted, and queue word of it, with the reason, to whoever has it or may have it.

    Its page's link works no longer, and it is not tried again for those who have not taken it.
    Raises: UsageError for what was never sent, was retracted before, is of a kind that is not retracted, and for a
    reason that names somebody whom its readers may not read of.
    """
    store = workspace.store
    with store.transaction():
        before = store.deliveries.get(delivery_id)
        _expect_sent(store, before)
        _expect_fit(author.reason, issuer, before)
        to = _addresses(before)
        end_unsent(store.deliveries, [before], "it was retracted", at=author.at)
        if before.state is DeliveryState.SENT:
            move(
                store.deliveries, before, replace(before, detail=f"{STOPPED}retracted by {author}", next_try_at=None)
            )
        _end_link(store, author, before, workspace=workspace)
        word = _post(store, issuer, before, to, reason=author.reason)
        was = {"partner": before.partner_id, "state": before.state.value}
        after = {"partner": before.partner_id, "state": "retracted", "sent by": word.delivery_id}
        store.audit.add(DecisionKind.DELIVERY, delivery_id, author, before=was, after=after)
    return word


def release_retraction(store: Store, issuer: Issuer, released: Delivery) -> Delivery:
    """Build the released word of a retraction anew and queue it; its reason stands in the log."""
    before = store.deliveries.get(released.about)
    entries = [e for e in store.audit.entries() if e.kind == DecisionKind.DELIVERY.value and not e.purged]
    reasons = [e.decision.reason for e in entries if e.decision.subject == released.about]
    to = tuple(recipient.address for recipient in released.recipients)
    with store.transaction():
        return _post(store, issuer, before, to, reason=reasons[-1] if reasons else "")


def _expect_sent(store: Store, delivery: Delivery) -> None:
    number = delivery.delivery_id
    if delivery.kind is DeliveryKind.AGREEMENT:
        named = delivery.about.partition(" ")[0]
        raise UsageError(
            f"{number} carries {named}, which has a number of its own",
            hint=f"Withdraw that: `{command_line('agreements withdraw', named, reason=...)}`; that notifies them.",
        )
    if delivery.kind in (DeliveryKind.NIGHT, DeliveryKind.RETRACTION):
        raise UsageError(f"{number} is no report: nobody outside has it", hint="Nothing was done.")
    if store.deliveries.of(DeliveryKind.RETRACTION, delivery.partner_id, number):
        raise UsageError(
            f"{number} was retracted before", hint=f"`{command_line('outbox show', number)}` shows by whom."
        )
    if delivery.may_have_arrived:
        return
    remedies = {
        DeliveryState.HELD: "It is held and goes out only when released: leave it held.",
        DeliveryState.QUEUED: f"Hold it before it is sent: `{command_line('outbox hold', number, reason=...)}`.",
    }
    raise UsageError(
        f"{number} was never sent: it is {delivery.state}, and nobody has it",
        hint=remedies.get(delivery.state, "There is nobody to notify."),
    )


def _expect_fit(reason: str, issuer: Issuer, delivery: Delivery) -> None:
    # Contacts of some buildings read of some of a partner's people only, so a reason names none of them.
    reader = "" if OF_SOME.search(delivery.about) else delivery.partner_id
    whom = others_named(reason, issuer.snapshot.roster, names_of_partners(issuer.snapshot), reader)
    if whom:
        raise UsageError(
            f"the reason names {whom}, and its readers would read it",
            hint="Leave names out: they read the reason as you write it.",
        )


def _addresses(delivery: Delivery) -> tuple[str, ...]:
    """Return who has a message or may have it; of one that is on its way everybody."""
    on_its_way = delivery.state is DeliveryState.SENDING
    return tuple(r.address for r in delivery.recipients if r.state in _HAVE_IT or (on_its_way and r.waiting))


def _end_link(store: Store, author: Author, delivery: Delivery, *, workspace: Workspace) -> None:
    today = workspace.day(author.at)
    for key, link in PARTNER_LINKS.read(store).items():
        if link.delivery_id == delivery.delivery_id and link.works(today):
            PARTNER_LINKS.put(store, key, replace(link, revoked_by=author.by, revoked_on=today), now=author.at)


def _post(store: Store, issuer: Issuer, about: Delivery, to: tuple[str, ...], *, reason: str) -> Delivery:
    settings = issuer.snapshot.settings
    sent_on = about.changed_at.astimezone(issuer.templates.zone).date()
    retraction = Retraction(about.subject, sent_on, reason_for_readers(reason), settings.district, settings.contact)
    email = notice_email(retraction_notice(retraction), issuer.templates)
    draft = Draft(
        delivery_id=new_delivery_id(issuer.judged.as_of, issuer.mint()),
        kind=DeliveryKind.RETRACTION,
        partner_id=about.partner_id,
        sender=about.sender,
        to=to,
        about=about.delivery_id,
        stop=WHY_IT_WAITS if release_waits(issuer.snapshot, about.partner_id) else "",
    )
    return post(
        store.deliveries,
        draft,
        build=lambda envelope: ready_in_thread(issuer, email, envelope, earlier=about.message_id, is_answer=False),
        at=issuer.now,
    )
