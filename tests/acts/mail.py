"""Acts about what partners get and what they do on their page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lms_sync.mail import decide as mail
from lms_sync.mail.issue import current_report
from lms_sync.mail.page_links import end_links
from lms_sync.mail.retract import retract
from lms_sync.model.delivery import DeliveryState, RecipientState
from lms_sync.model.partner_page import Acknowledgement, PartnerLink, SharedEvidence
from lms_sync.model.roster import Partner
from lms_sync.operations.partner_page.report_training import TrainingForm, acknowledge, report_training
from lms_sync.operations.partner_page.shared_documents import end_sharing, share_evidence
from lms_sync.operations.release import release_held
from lms_sync.store.known.registers import ACKNOWLEDGED, PARTNER_LINKS, SHARED, joined
from tests.acts.here import ADA, BEN, LETTER, Case, Here


def _partner(here: Here) -> Partner:
    return here.issuer.snapshot.roster.partners["HERON"]


def _lost(here: Here) -> str:
    return here.workspace.store.deliveries.listed(DeliveryState.UNKNOWN)[0].delivery_id


def _failed(here: Here, state: DeliveryState = DeliveryState.FAILED) -> None:
    """Let a delivery be one that nobody has taken, or of which nobody knows."""
    before = here.workspace.store.deliveries.get(here.held())
    with here.workspace.store.transaction():
        here.workspace.store.deliveries.save(before, replace(before, state=state))


def _sent(here: Here) -> str:
    """Let a delivery be one that its partner has, and return its id."""
    before = here.workspace.store.deliveries.get(here.held())
    taken = tuple(replace(recipient, state=RecipientState.ACCEPTED) for recipient in before.recipients)
    with here.workspace.store.transaction():
        named = replace(before, subject="training", message_id="<a@b.example>")
        sent = replace(named, state=DeliveryState.SENT, recipients=taken)
        here.workspace.store.deliveries.save(before, sent)
    return before.delivery_id


def _retry_failed(here: Here) -> None:
    (failed,) = here.workspace.store.deliveries.listed(DeliveryState.FAILED)
    here.do(mail.retry, delivery_ids=[failed.delivery_id])


def _release_again(here: Here) -> None:
    """Hold what was released, so that no address of it is new."""
    delivery_id = here.held()
    here.do(release_held, delivery_ids=[delivery_id])
    here.do(mail.hold, delivery_ids=[delivery_id])


def _report_training(here: Here, person_id: str) -> None:
    issuer = here.issuer
    theirs = current_report(here.workspace.store, issuer, issuer.snapshot.roster.partners["HERON"])
    file = here.written("scan.eml", LETTER)
    form = TrainingForm((person_id,), "topic-02", date(2026, 11, 2), "Canyon ESD", file=file)
    here.do(report_training, issuer=issuer, report=theirs, form=form)


def _read_once(here: Here) -> None:
    with here.workspace.store.transaction():
        read = Acknowledgement("HERON", "D1", here.author.by, here.author.at)
        ACKNOWLEDGED.put(here.workspace.store, joined("D1", here.author.by), read, now=here.author.at)


def _linked(here: Here) -> None:
    """Let a link of a partner's work."""
    link = PartnerLink("HERON", ("boss@heron.example.com",), "D1", date(2026, 11, 20), date(2026, 12, 20))
    with here.workspace.store.transaction():
        PARTNER_LINKS.put(here.workspace.store, "0" * 64, link, now=here.author.at)


def _shared(here: Here) -> None:
    shared = SharedEvidence("HERON-26", "an auditor", "Kim", date(2026, 11, 20), date(2026, 12, 20))
    with here.workspace.store.transaction():
        SHARED.put(here.workspace.store, "0" * 64, shared, now=here.author.at)


def _share(here: Here, days: int) -> None:
    config = here.workspace.config
    outer = config.settings.web.outer.model_copy(update={"url": "https://training.example.org"})
    web = config.settings.web.model_copy(update={"outer": outer})
    config = config.model_copy(update={"settings": config.settings.model_copy(update={"web": web})})
    workspace = replace(here.workspace, config=config)
    author = replace(here.author, at=workspace.clock())
    share_evidence(workspace, author, agreement_id="HERON-26", whom="an auditor", days=days)


def _mail(act: Callable[..., Any]) -> Case:
    return Case(
        lambda here: here.do(act, delivery_ids=[here.held()]),
        lambda here: here.do(act, delivery_ids=[here.held(), "20261123-none"]),
    )


CASES: Mapping[str, Case] = {
    "release": _mail(mail.release),
    "release_held": _mail(release_held),
    "release, of addresses released before": replace(_mail(mail.release), given=_release_again),
    "hold": _mail(mail.hold),
    "hold_partner": Case(
        lambda here: here.do(mail.hold_partner, partner=_partner(here)),
        lambda here: here.do(mail.hold_partner, partner=replace(_partner(here), report_to=(), copy_to=())),
    ),
    "settle, of a delivery": Case(
        lambda here: here.do(mail.settle, delivery_ids=[_lost(here)], arrived=True),
        lambda here: here.do(mail.settle, delivery_ids=[here.held()], arrived=True),
        given=lambda here: _failed(here, DeliveryState.UNKNOWN),
    ),
    "retract": Case(
        lambda here: here.judged(retract, delivery_id=_sent(here)),
        lambda here: here.judged(retract, delivery_id=here.held()),
    ),
    "retry": Case(_retry_failed, lambda here: here.do(mail.retry, delivery_ids=[here.held()]), given=_failed),
    "report_training": Case(lambda here: _report_training(here, BEN), lambda here: _report_training(here, ADA)),
    "acknowledge": Case(
        lambda here: here.do(acknowledge, partner_id="HERON", delivery_id="D2"),
        lambda here: here.do(acknowledge, partner_id="HERON", delivery_id="D1"),
        given=_read_once,
    ),
    "end_links": Case(
        lambda here: here.do(end_links, partner_id="HERON"),
        lambda here: here.do(end_links, partner_id="QPD"),
        given=_linked,
    ),
    "share_evidence": Case(lambda here: _share(here, 14), lambda here: _share(here, 900)),
    "end_sharing": Case(
        lambda here: here.do(end_sharing, agreement_id="HERON-26"),
        lambda here: here.do(end_sharing, agreement_id="QPD-26"),
        given=_shared,
    ),
}
