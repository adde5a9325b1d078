"""The e-mails about an agreement's document: here it is, for signature; or it is withdrawn."""

from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.roster import Partner
from lms_sync.reports import words
from lms_sync.reports.templates import EmailParts, Templates, render
from lms_sync.store.known.snapshot import JudgementSettings


def document_email(issued: Issued, partner: Partner, settings: JudgementSettings, templates: Templates) -> EmailParts:
    """Return the e-mail that carries the document to its partner; it names none of the people.

    Raises: UsageError when a template can't be filled.
    """
    title, agreement_id = words.ISSUED_WORDS[issued.kind], words.clean(issued.agreement_id)
    subject = f"{title.capitalize()} {issued.number} for agreement {agreement_id}"
    return render(
        templates,
        "agreement",
        subject,
        **_about(issued, settings, templates),
        partner=words.clean(partner.name),
        confirms=issued.kind is IssuedKind.CONFIRMATION,
        people=words.count(len(issued.judgement["people"]), "person", "people"),
    )


def withdrawal_email(issued: Issued, settings: JudgementSettings, templates: Templates) -> EmailParts:
    """Return the e-mail that says that the document is withdrawn, and why. Raises: UsageError as above."""
    title, agreement_id = words.ISSUED_WORDS[issued.kind], words.clean(issued.agreement_id)
    subject = f"Withdrawn: {title} {issued.number} for agreement {agreement_id}"
    return render(
        templates,
        "withdrawal",
        subject,
        **_about(issued, settings, templates),
        reason=words.clean(issued.withdrawn_because or ""),
        withdrawn_on=issued.withdrawn_at.astimezone(templates.zone).date() if issued.withdrawn_at else issued.as_of,
    )


def _about(issued: Issued, settings: JudgementSettings, templates: Templates) -> dict[str, object]:
    return {
        "title": words.ISSUED_WORDS[issued.kind],
        "number": issued.number,
        "code": issued.code,
        "agreement": words.clean(issued.agreement_id),
        "district": words.clean(settings.district),
        "contact": words.clean(settings.contact),
        "as_of": issued.as_of,
        "issued_on": issued.issued_at.astimezone(templates.zone).date(),
    }
