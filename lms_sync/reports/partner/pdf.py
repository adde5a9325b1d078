"""A partner's training plan as a PDF: per person what, how and by when, to lie beside the agreement."""

from dataclasses import asdict

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.reports import words
from lms_sync.reports.partner.email import freshness, whose
from lms_sync.reports.partner.letter import letter
from lms_sync.reports.templates import Templates
from lms_sync.reports.typeset import Pdf, typeset


def training_plan_pdf(report: GapReport, plan: TrainingPlan, templates: Templates) -> Pdf:
    """Return the training plan that a partner receives, dated as the report; it says what the e-mail says.

    It names the report's people and nobody else. Raises: UsageError when the template can't be filled.
    """
    partner_letter = letter(report, plan, templates.names, in_full=len(report.people))
    data = {
        "district": words.clean(report.district),
        "partner": words.clean(report.partner_name),
        "contact": words.clean(report.contact),
        "whose": whose(report),
        "day": words.written_in_full(report.as_of),
        "known_at": templates.instant(report.known_at),
        "law": report.law,
        "mapping": report.mapping,
        "due_soon_days": report.due_soon_days,
        "previous": words.written(report.previous) if report.previous else "",
        "letter": asdict(partner_letter),
        "sources": [asdict(source) for source in freshness(report.sources, templates)],
    }
    return typeset(templates, "plan", data, day=report.as_of)
