"""Everything that is wrong with a workspace, found in one go and without storing anything."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from lms_sync.agreements.clause_c.email import document_email, withdrawal_email
from lms_sync.agreements.clause_c.pdf import agreement_plan_pdf, confirmation_pdf
from lms_sync.compliance.for_whom import map_findings, names_among, shown_as_findings
from lms_sync.compliance.unread import partner_findings
from lms_sync.documents.request.pdf import request_pdf
from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.law.series import load
from lms_sync.mail.carriers import configured_carrier
from lms_sync.mail.heads_up import unknown_buildings
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.intake import configured_sources, make_sources
from lms_sync.operations.plausible_roster import implausible
from lms_sync.operations.roster_before import roster_before
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.operations.sample_clause_c import (
    SAMPLE_SETTINGS,
    SAMPLE_STAMP,
    sample_clause,
    sample_confirmed,
    sample_issued,
)
from lms_sync.operations.sample_night import sample_night, sample_overview
from lms_sync.operations.sample_record import sample_building, sample_notice, sample_record, sample_request
from lms_sync.reports.district.page import district_page
from lms_sync.reports.night.email import night_email
from lms_sync.reports.notice import notice_email
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.person.pdf import record_pdf, record_text
from lms_sync.reports.principal.email import building_email
from lms_sync.reports.templates import Templates, template_environment
from lms_sync.sources.spreadsheet.source import Spreadsheet
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.roster.school_calendar import calendar_missing, closed_first_days
from lms_sync.workspace.settings.config import Config
from lms_sync.workspace.settings.secrets import named_secrets
from lms_sync.workspace.start.shipped_values import shipped_values

FOR_SCREEN_READERS = "Screen readers need PDF/UA-1; correct the template."


def check_workspace(config: Config, *, now: datetime) -> Iterator[Finding]:
    """Yield every finding about the files that people edit, in the order in which they are best mended.

    Where the database can be read, the roster is held against the one in force, as in the night.
    """
    settings = config.settings
    dates, today = settings.district.dates, now.astimezone(ZoneInfo(settings.district.zone)).date()
    before, path = roster_before(config), config.path(settings.roster.path)
    roster = check_roster(path, dates=dates, known=before.ids if before else None, today=today)
    yield from shipped_values(settings)
    yield from calendar_missing(settings.year.closed_days)
    yield from roster.findings
    if before and roster.roster:
        found = implausible(before.roster, roster.roster, today=today, file=path.name)
        yield from (found,) if found else ()
    if roster.roster:
        yield from unknown_buildings(config, roster.roster)
        yield from closed_first_days(roster.roster, settings.year.closed_days)
        yield from partner_findings(configured_sources(config), roster.roster.partners)
    sources = [source.name for source in settings.source]
    courses = config.path(settings.mappings.courses)
    mapping = check_mapping(courses, sources=sources, dates=dates, today=today)
    yield from mapping.findings
    if roster.roster:
        names = names_among(roster.roster, district=settings.district.name, topics=load().names.values())
        yield from shown_as_findings(settings.source, roster.roster, names)
        if mapping.course_map:
            yield from map_findings(mapping.course_map, roster.roster, names, file=courses.name)
    opened, _, unusable = make_sources(config)
    yield from unusable
    for source in opened:
        if isinstance(source, Spreadsheet):
            yield from source.wrong_addresses()
    filled = "templates that can be filled in, as the shipped ones can"
    yield from _tried(lambda: _templates(config), where=settings.reports.folder, expected=filled)
    by_mail = "what sending mail needs: a server, an account and its secret"
    yield from _tried(lambda: _mail(config), where="lms_sync.toml, [mail]", expected=by_mail)
    for read in named_secrets(config):
        yield from _tried(
            partial(_resolved, read), where="secrets", expected="each secret where lms_sync.toml says it is"
        )


def _templates(config: Config) -> None:
    folder = config.path(config.settings.reports.folder)
    templates = Templates(template_environment(folder if folder.is_dir() else None), SAMPLE_NAMES, ZoneInfo("UTC"))
    partner_email(sample_report(), sample_plan(), templates)
    night_email(sample_night(), templates)
    district_page(sample_overview(), templates)
    building_email(sample_building(), templates)
    record_text(sample_record(), templates)
    if trouble := record_pdf(sample_record(), templates).trouble:
        raise UsageError(f"reports/record.typ: {trouble}", hint=FOR_SCREEN_READERS)
    document_email(sample_issued(), sample_report().partner, SAMPLE_SETTINGS, templates)
    notice_email(sample_notice(), templates)
    withdrawal_email(sample_issued(), SAMPLE_SETTINGS, templates)
    if trouble := confirmation_pdf(sample_confirmed(), SAMPLE_STAMP, templates).trouble:
        raise UsageError(f"reports/confirmation.typ: {trouble}", hint=FOR_SCREEN_READERS)
    if trouble := agreement_plan_pdf(sample_clause(), sample_plan(), SAMPLE_STAMP, templates).trouble:
        raise UsageError(f"reports/agreement_plan.typ: {trouble}", hint=FOR_SCREEN_READERS)
    if trouble := request_pdf(sample_request(), templates).trouble:
        raise UsageError(f"reports/request.typ: {trouble}", hint=FOR_SCREEN_READERS)
    if trouble := training_plan_pdf(sample_report(), sample_plan(), templates).trouble:
        raise UsageError(f"reports/plan.typ: {trouble}", hint=FOR_SCREEN_READERS)


def _mail(config: Config) -> None:
    configured_carrier(config, clock=lambda: datetime.now(UTC))


def _resolved(read: Callable[[], str]) -> None:
    """Read a secret, and let go of it. Raises: ConfigError where there is none."""
    read()


def _tried(act: Callable[[], None], *, where: str, expected: str) -> Iterator[Finding]:
    try:
        act()
    except LmsSyncError as error:
        yield Finding(Area.CONFIG, "unusable", where, str(error), expected=expected, remedy=error.hint, blocks=True)
