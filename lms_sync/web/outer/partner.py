"""The partner's page: who stands where today, the packet, reporting a completed training, having read the report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response

from lms_sync.errors import UsageError
from lms_sync.mail.documents import Documents, make_documents
from lms_sync.mail.issue import current_report
from lms_sync.model.author import Author
from lms_sync.model.roster import Partner
from lms_sync.operations.night import open_issuer
from lms_sync.operations.partner_page.report_training import (
    TrainingForm,
    acknowledge,
    report_training,
)
from lms_sync.operations.partner_page.reported_states import reported_states
from lms_sync.reports.missing import missing_of, topic_words
from lms_sync.store.known.registers import ACKNOWLEDGED, joined
from lms_sync.store.workspace import Workspace
from lms_sync.web.opening import JudgedDistrict, OpenDistrict
from lms_sync.web.outer.entry import Device
from lms_sync.web.uploads import uploaded
from lms_sync.web.visit import content, day_of, form, page
from lms_sync.web.wording import STATE_NAMES


@dataclass(frozen=True, slots=True)
class PartnerVisit:
    """A request of somebody of a partner, who has shown a code."""

    district: OpenDistrict
    workspace: Workspace
    device: Device

    @property
    def partner(self) -> Partner:
        """The partner of the link: everything is looked up through it, never by what an address or a form says."""
        return self.device.link.partner

    @property
    def judgement(self) -> JudgedDistrict:
        """Everybody judged today."""
        return self.district.judgement(self.workspace)

    @property
    def documents(self) -> Documents:
        """What the partner would be sent now, without what can be sent back."""
        judgement = self.judgement
        report = current_report(self.workspace.store, judgement.issuer, self.partner)
        with self.district.heavy:
            return judgement.once(
                f"documents {self.partner.partner_id}",
                lambda: make_documents(report, judgement.issuer, preview=True),
            )


def first(visit: PartnerVisit) -> str:
    """Return the page."""
    issuer = visit.judgement.issuer
    report = current_report(visit.workspace.store, issuer, visit.partner)
    names = issuer.templates.names
    read = ACKNOWLEDGED.read(visit.workspace.store)
    delivery = visit.device.link.link.delivery_id
    requirements = dict.fromkeys(standing.requirement for person in report.people for standing in person.open)
    return page(
        "outer/partner.html",
        partner=visit.partner,
        device=visit.device,
        report=report,
        lines=[(person, missing_of(person.open, report, names)) for person in report.people],
        requirements=[(requirement, topic_words(requirement, names)) for requirement in sorted(requirements)],
        names={str(person.person_id): str(person.name) for person in report.people},
        words={requirement: topic_words(requirement, names) for requirement in names},
        attachments=[attachment.name for attachment in visit.documents.attachments],
        reported=reported_states(visit.workspace.store, issuer, visit.partner.partner_id),
        has_read=read.get(joined(delivery, visit.device.address)),
        states=STATE_NAMES,
        zone=visit.workspace.zone,
    )


def packet(visit: PartnerVisit, name: str) -> Response:
    """Return one file of the packet."""
    for attachment in visit.documents.attachments:
        if attachment.name == name:
            return content(attachment.content, kind=attachment.media_type, name=attachment.name)
    abort(404)


def report(visit: PartnerVisit) -> Response:
    """Keep a training that was reported; nothing counts before a person decides."""
    with uploaded("file", optional=True) as path, _writing(visit) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        training = TrainingForm(
            tuple(dict.fromkeys(request.form.getlist("person"))),
            form("requirement"),
            day_of("day"),
            form("provider")[:200],
            form("instructor")[:200],
            form("number")[:100],
            path,
        )
        theirs = current_report(workspace.store, issuer, visit.partner)
        author = Author(visit.device.address, "reported on the partner's page", workspace.clock())
        reported = report_training(workspace, author, issuer=issuer, report=theirs, form=training)
    flash(f"Received for {len(reported)}. It counts once the district has checked it; see below for its state.")
    return redirect("/", code=303)


def have_read(visit: PartnerVisit) -> Response:
    """Record that the report was read."""
    with _writing(visit) as workspace:
        author = Author(visit.device.address, "read on the partner's page", workspace.clock())
        delivery = visit.device.link.link.delivery_id
        acknowledge(workspace, author, partner_id=visit.partner.partner_id, delivery_id=delivery)
    flash("Thank you. The district can see that you have read it.")
    return redirect("/", code=303)


def _writing(visit: PartnerVisit) -> Any:
    if not visit.device.address:
        raise UsageError("this browser is not known here", hint="Open your link again.")
    visit.workspace.store.let_go()
    return visit.district.writing(f"partner {visit.partner.partner_id}")


PAGES: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("/", "first", "GET", first),
    ("/packet/<name>", "packet", "GET", packet),
    ("/report", "report", "POST", report),
    ("/read", "have_read", "POST", have_read),
)
"""(address, name, method, view): all of them behind the code."""
