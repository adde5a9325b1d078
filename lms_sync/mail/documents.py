"""What one partner receives: the e-mail, the workbook, the training plan and the planned sittings."""

import logging
from dataclasses import dataclass

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.open_gate import contacts_gate, partner_gate
from lms_sync.compliance.plan.partner_plan import plan_partner
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.files import id_in_name
from lms_sync.mail.message import Attachment
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.calendar_file import sittings_ical
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.letter import letter
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.partner.sittings import sitting_lines
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.templates import EmailParts, Templates
from lms_sync.reports.typeset import Pdf

log = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ICS = "text/calendar"


@dataclass(frozen=True, slots=True)
class Documents:
    """What one partner receives."""

    report: GapReport
    plan: TrainingPlan
    email: EmailParts
    workbook: bytes
    """An xlsx file."""
    training_plan: Pdf
    sittings: bytes = b""
    """An iCalendar file of the planned sittings; empty where there are none."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Return what goes with the e-mail: the workbook, the training plan, the planned sittings if any."""
        whose = f"{id_in_name(self.report.partner.partner_id)}-{self.report.as_of.isoformat()}"
        calendar = (Attachment(f"planned-training-{whose}.ics", self.sittings, ICS),) if self.sittings else ()
        return (
            Attachment(f"training-gaps-{whose}.xlsx", self.workbook, XLSX),
            Attachment(f"training-plan-{whose}.pdf", self.training_plan.content, PDF),
            *calendar,
        )


def make_plan(report: GapReport, issuer: Issuer) -> TrainingPlan:
    """Return the plan that closes the gaps of `report`, of what is open to its partner."""
    inside = {person.person_id for person in report.people}
    theirs = contacts_gate if report.at else partner_gate
    gate = theirs(issuer.judged.gate, issuer.snapshot.roster, report.partner, inside=inside)
    school = SchoolDays(issuer.snapshot.settings.closed)
    return plan_partner(report, issuer.snapshot.course_map, gate, openings=issuer.judged.openings, school=school)


def make_documents(report: GapReport, issuer: Issuer, *, preview: bool = False, link: str = "") -> Documents:
    """Return the documents that tell `report`; the workbook of a preview can't be sent back.

    `link` leads the e-mail's readers to the partner's page; empty where there is none.
    """
    making = Making(issuer.templates, None if preview else issuer.pseudonyms)
    return making.documents(report, make_plan(report, issuer), link=link)


@dataclass(frozen=True, slots=True)
class Making:
    """What documents are made with, whoever they are for."""

    templates: Templates
    pseudonyms: Pseudonyms | None
    """None for previews, whose workbook can't be sent back."""

    def documents(self, report: GapReport, plan: TrainingPlan, *, link: str) -> Documents:
        """Return the documents that tell a report with its plan."""
        partner_letter = letter(report, plan, self.templates.names)
        email = partner_email(report, plan, self.templates, link=link, partner_letter=partner_letter)
        workbook = partner_workbook(
            report, plan, self.templates, pseudonyms=self.pseudonyms, partner_letter=partner_letter
        )
        pdf = training_plan_pdf(report, plan, self.templates)
        if pdf.trouble:
            log.warning("partner %s: the PDF does not claim PDF/UA-1: %s", report.partner.partner_id, pdf.trouble)
        plans = {person.person_id: person for person in plan.people}
        return Documents(report, plan, email, workbook, pdf, sittings_ical(report, sitting_lines(report, plans)))
