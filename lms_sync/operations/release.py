"""Let held deliveries go: a person's release, and then each report built anew as of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms_sync.agreements.clause_c.send import release_agreement
from lms_sync.compliance.audience import OF_SOME, Audience, audiences
from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.mail.before_issuing import expect_complete
from lms_sync.mail.decide import release
from lms_sync.mail.heads_up import release_heads_up
from lms_sync.mail.issue import current_report, issue
from lms_sync.mail.own_records import release_own_record
from lms_sync.mail.partner_night import nothing_new, release_warning
from lms_sync.mail.posting import stop as end_held
from lms_sync.mail.reasons_to_hold import stopped_sources
from lms_sync.mail.receipts import release_receipt
from lms_sync.mail.retract import release_retraction
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.roster import Partner
from lms_sync.operations.counted_before import stops_of
from lms_sync.operations.night import open_issuer
from lms_sync.operations.upgrade.during_night import keep_judged_anew
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Released:
    """What became of held deliveries that a person let go."""

    built: tuple[Delivery, ...]
    refused: tuple[LmsSyncError, ...]
    """Why the others stay held; each names its delivery or document."""


def release_held(workspace: Workspace, author: Author, *, delivery_ids: Iterable[str]) -> Released:
    """Record the release, build each report anew as of today, and queue it; what must still wait stays held.

    One that can't be built stops no other.

    Raises: ConfigError, and records nothing, while something is missing that must be there before anything is issued.
    """
    keep_judged_anew(workspace, now=workspace.clock())  # also before the first night after an upgrade
    expect_complete(open_issuer(workspace, as_of=workspace.today()))
    released = release(workspace, author, delivery_ids=delivery_ids)
    issuer = open_issuer(workspace, as_of=workspace.today())
    stops = stops_of(workspace.store, issuer, ())
    built, refused = [], []
    for delivery in released:
        try:
            built.append(_release(workspace, issuer, delivery, stops))
        except LmsSyncError as error:
            refused.append(error)
    return Released(tuple(built), tuple(refused))


def rebuild_held(workspace: Workspace) -> tuple[Delivery, ...]:
    """Build every held report anew that no person holds, and queue it; what must still wait stays held.

    For when the reason is gone for which they waited: addresses that nobody has released stay so.

    Raises: ConfigError while something is missing that must be there before anything is issued.
    """
    keep_judged_anew(workspace, now=workspace.clock())
    issuer = open_issuer(workspace, as_of=workspace.today())
    expect_complete(issuer)
    stops = stops_of(workspace.store, issuer, ())
    held = workspace.store.deliveries.listed(DeliveryState.HELD)
    return tuple(_release(workspace, issuer, delivery, stops) for delivery in held if not delivery.held_by_person)


def _audience(partner: Partner, delivery: Delivery) -> Audience:
    """Return who reads a report or a warning. Raises: UsageError where the roster names no such contacts any more."""
    of_some = OF_SOME.search(delivery.about) if delivery.kind is not DeliveryKind.RECEIPT else None
    about = of_some[0] if of_some else ""
    for audience in audiences(partner):
        if audience.about == about:
            return audience
    raise UsageError(
        f"{delivery.delivery_id}: the roster names no contacts of {partner.partner_id} with these buildings any more",
        hint="It stays held; the night makes a new one for the people it is about now.",
    )


def _release(workspace: Workspace, issuer: Issuer, delivery: Delivery, stops: Mapping[str, str]) -> Delivery:
    if delivery.kind is DeliveryKind.BUILDING:
        stopped = stopped_sources(issuer.snapshot, ())
        return release_heads_up(workspace.store, issuer, delivery, stopped=stopped)
    if delivery.kind is DeliveryKind.RECORD:
        return release_own_record(workspace.store, issuer, delivery, stops)
    if delivery.kind is DeliveryKind.RETRACTION:
        return release_retraction(workspace.store, issuer, delivery)
    if delivery.kind is DeliveryKind.AGREEMENT:
        return release_agreement(workspace.store, issuer, delivery)
    partner = issuer.snapshot.roster.partners.get(delivery.partner_id)
    if partner is None:
        raise UsageError(
            f"{delivery.delivery_id}: partner {delivery.partner_id} is no longer on the roster",
            hint="It stays held; there is nobody to send it to.",
        )
    audience = _audience(partner, delivery)
    report = current_report(workspace.store, issuer, audience.partner, at=audience.at)
    stop = stops.get(partner.partner_id, "")
    if delivery.kind is DeliveryKind.RECEIPT:
        return release_receipt(workspace.store, issuer, delivery, stop=stop)
    if delivery.kind is DeliveryKind.WARNING:
        return release_warning(workspace.store, issuer, report, delivery, stop=stop)
    with workspace.store.transaction():
        if not stop and (why := nothing_new(workspace.store, issuer, report)):
            end_held(workspace.store.deliveries, [delivery], why, at=issuer.now)
            return workspace.store.deliveries.get(delivery.delivery_id)
        return issue(workspace.store, issuer, report, stop=stop)
