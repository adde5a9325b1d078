"""A partner's e-mail: who is overdue, what is due soon, what must be decided, what is planned, how fresh it is."""

from dataclasses import dataclass

from lms_sync.compliance.gap_report import GapReport, SourceAge
from lms_sync.compliance.gate import PartnerText, fill, program, setting
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.model.roster import PartnerKind
from lms_sync.reports import words
from lms_sync.reports.partner.letter import Letter, letter
from lms_sync.reports.templates import EmailParts, Templates, render
from lms_sync.tables.looks import COLOURS

LARGEST_HTML = 25_000
"""A chief reads the mail on a phone: where the page is larger, fewer people are told in full."""
FEWER_IN_FULL = (6, 4, 2)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old one source's evidence is, in words."""

    source: PartnerText
    pulled: PartnerText
    newest: PartnerText
    trouble: PartnerText


def partner_email(
    report: GapReport,
    plan: TrainingPlan,
    templates: Templates,
    *,
    link: str = "",
    partner_letter: Letter | None = None,
) -> EmailParts:
    """Return the e-mail that a partner receives; `link` leads to its page, where there is one.

    `partner_letter` is what `letter` returns, where the caller has it.

    It names the report's people and nobody else; the report's makers keep other partners out of its sentences.
    Raises: UsageError when a template can't be filled.
    """
    email = _filled(report, partner_letter or letter(report, plan, templates.names), templates, link=link)
    for fewer in FEWER_IN_FULL:
        if len(email.html.encode()) <= LARGEST_HTML:
            break
        email = _filled(report, letter(report, plan, templates.names, in_full=fewer), templates, link=link)
    return email


def _filled(report: GapReport, partner_letter: Letter, templates: Templates, *, link: str) -> EmailParts:
    return render(
        templates,
        "partner",
        partner_letter.subject,
        letter=partner_letter,
        report=report,
        partner=words.clean(report.partner_name),
        district=words.clean(report.district),
        contact=words.clean(report.contact),
        whose=whose(report),
        sources=freshness(report.sources, templates),
        known_at=templates.instant(report.known_at),
        link=setting(link),
        fills={tone: f"#{colour}" for tone, colour in COLOURS.items()},
    )


def whose(report: GapReport) -> PartnerText:
    """Return whom the report is about, in words: the district's own staff, or those under an agreement."""
    if report.partner.kind is PartnerKind.DISTRICT:
        return program("the district's own safety and security staff")
    people = fill("the people of {} who are assigned to schools", words.clean(report.partner_name))
    if report.at:
        people = fill("the people of {} at {}", words.clean(report.partner_name), words.listed(report.at))
    if not report.agreements:
        return people
    under = "{} under agreement {}" if len(report.agreements) == 1 else "{} under agreements {}"
    return fill(under, people, words.listed(report.agreements))


def freshness(sources: tuple[SourceAge, ...], templates: Templates) -> tuple[Freshness, ...]:
    """Return each source's age in words; a source that failed keeps its last evidence and says so."""
    return tuple(
        Freshness(
            source=words.clean(age.source),
            pulled=templates.instant(age.pulled) if age.pulled else program("never"),
            newest=words.written(age.newest) if age.newest else program("none"),
            trouble=words.clean(age.trouble),
        )
        for age in sources
    )
