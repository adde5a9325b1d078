"""The e-mails about an agreement's document: here it is, for signature; or it is withdrawn."""

from datetime import date

from lms_sync.compliance.gate import PartnerText, fill, own_row, program, reason_of_hr, setting
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.roster import Partner
from lms_sync.reports import words
from lms_sync.reports.templates import EmailParts, Templates, render
from lms_sync.store.known.judgement_settings import JudgementSettings


def document_email(issued: Issued, partner: Partner, settings: JudgementSettings, templates: Templates) -> EmailParts:
    """Return the e-mail that carries the document to its partner; it names none of the people.

    Raises: UsageError when a template can't be filled.
    """
    title, agreement_id = words.ISSUED_WORDS[issued.kind], words.clean(own_row(issued.agreement_id))
    subject = fill("{} {} for agreement {}", own_row(title.capitalize()), own_row(issued.number), agreement_id)
    return render(
        templates,
        "agreement",
        subject,
        **_about(issued, settings, templates),
        partner=words.clean(own_row(partner.name)),
        confirms=issued.kind is IssuedKind.CONFIRMATION,
        people=words.count(len(issued.clause.people), program("person"), program("people")),
    )


def withdrawal_email(issued: Issued, settings: JudgementSettings, templates: Templates) -> EmailParts:
    """Return the e-mail that says that the document is withdrawn; why is on file. Raises: UsageError as above."""
    title, agreement_id = words.ISSUED_WORDS[issued.kind], words.clean(own_row(issued.agreement_id))
    subject = fill("Withdrawn: {} {} for agreement {}", title, own_row(issued.number), agreement_id)
    return render(
        templates,
        "withdrawal",
        subject,
        **_about(issued, settings, templates),
        reason=reason_of_hr(issued.withdrawn_because or ""),
        withdrawn_on=issued.withdrawn_at.astimezone(templates.zone).date() if issued.withdrawn_at else issued.as_of,
    )


def _about(issued: Issued, settings: JudgementSettings, templates: Templates) -> dict[str, PartnerText | date]:
    return {
        "title": words.ISSUED_WORDS[issued.kind],
        "number": own_row(issued.number),
        "code": own_row(issued.code),
        "agreement": words.clean(own_row(issued.agreement_id)),
        "district": words.clean(setting(settings.district)),
        "contact": words.clean(setting(settings.contact)),
        "as_of": issued.as_of,
        "issued_on": issued.issued_at.astimezone(templates.zone).date(),
    }
