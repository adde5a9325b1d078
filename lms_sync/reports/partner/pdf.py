"""A partner's training plan as a PDF: per person what, how and by when, to lie beside the agreement."""

from collections import Counter
from collections.abc import Sequence

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import PartnerText
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.reports import words
from lms_sync.reports.figure_svg import states_svg, states_words, timeline_svg, timeline_words
from lms_sync.reports.figures import grid, states_over_the_year, timeline
from lms_sync.reports.partner.email import freshness, whose
from lms_sync.reports.partner.letter import NO_PLAN, LetterSection, letter
from lms_sync.reports.templates import Templates
from lms_sync.reports.typeset import Pdf, typeset


def training_plan_pdf(report: GapReport, plan: TrainingPlan, templates: Templates) -> Pdf:
    """Return the training plan that a partner receives, dated as the report; it says what the e-mail says.

    It names the report's people and nobody else. Raises: UsageError when the template can't be filled.
    """
    partner_letter = letter(report, plan, templates.names, in_full=len(report.people))
    due, year = timeline(report), states_over_the_year(report)
    data = {
        "district": words.clean(report.district),
        "partner": words.clean(report.partner_name),
        "contact": words.clean(report.contact),
        "whose": whose(report),
        "day": words.written_in_full(report.as_of),
        "known_at": templates.instant(report.known_at),
        "law": words.version_day(report.law),
        "mapping": report.mapping,
        "due_soon_days": report.due_soon_days,
        "previous": words.written(report.previous) if report.previous else "",
        "letter": partner_letter,
        "shared_notes": shared_notes(partner_letter.sections),
        "grid": grid(report),
        "timeline": timeline_svg(due),
        "timeline_words": timeline_words(due),
        "states": states_svg(year) if len(year.days) > 1 else "",
        "states_words": states_words(year),
        "sources": freshness(report.sources, templates),
    }
    return typeset(templates, "plan", data, day=report.as_of)


def shared_notes(sections: Sequence[LetterSection]) -> list[PartnerText]:
    """Return the notes that stand with several people; they are printed once."""
    found = Counter(note for section in sections for note in section.notes)
    return [note for note, number in found.items() if number > 1 and note != NO_PLAN]
