"""The calendar of the year: what is due, and recording that a yearly duty was done."""

from datetime import timedelta

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.agreements.year.calendar_pages import HEADINGS as CALENDAR_HEADINGS
from lms_sync.agreements.year.calendar_pages import calendar_ical, calendar_rows
from lms_sync.agreements.year.entry import DaySpan
from lms_sync.agreements.year.read_calendar import calendar_page
from lms_sync.agreements.year.record import SAY_HOW, DutyNamed, record_done
from lms_sync.agreements.year.record import undo_done as undo_duty
from lms_sync.documents.vault import open_vault
from lms_sync.model.agreement import DutyDone
from lms_sync.store.known.registers import DUTIES, joined
from lms_sync.text import written_day
from lms_sync.web.documents import kept_file
from lms_sync.web.uploads import uploaded
from lms_sync.web.visit import Visit, content, day_of, done, form, page

BACK, AHEAD = timedelta(days=60), timedelta(days=365)


def calendar(visit: Visit) -> str:
    """Return what is due in the next twelve months, and what is overdue."""
    today = visit.workspace.today()
    span = DaySpan(today - BACK, today + AHEAD)
    everything = request.args.get("all") == "yes"
    sheet = calendar_page(visit.workspace, visit.issuer, span, names=True, done=everything)
    duties = visit.issuer.snapshot.yearly.on(today).duties
    roster = visit.issuer.snapshot.roster
    buildings = sorted({b for a in roster.assignments if a.covers(today) for b, _ in a.buildings})
    rows = calendar_rows(sheet)
    recorded = sorted(
        DUTIES.read(visit.workspace.store).values(), key=lambda duty: (duty.on, _words(duty)), reverse=True
    )
    vault = open_vault(*visit.workspace.config.kept_files)
    return page(
        "calendar.html",
        headings=CALENDAR_HEADINGS,
        rows=rows,
        duties=duties,
        buildings=buildings,
        recorded=recorded,
        problems={
            duty.file.sha256: problem for duty in recorded if duty.file and (problem := vault.problem(duty.file))
        },
        everything=everything,
        day=today,
    )


def calendar_file(visit: Visit) -> Response:
    """Return the calendar for Outlook and others, people by their Person ID only."""
    today = visit.workspace.today()
    sheet = calendar_page(visit.workspace, visit.issuer, DaySpan(today - BACK, today + AHEAD), names=False, done=True)
    return content(calendar_ical(sheet), kind="text/calendar", name="duties.ics")


def duty_done(visit: Visit) -> Response:
    """Record that a yearly duty was done: at the buildings that are ticked, or at all."""
    with uploaded("file", optional=True) as path, visit.writing() as workspace:
        named = DutyNamed(form("duty"), form("year"), tuple(request.form.getlist("building")))
        author = visit.author(workspace, form("note"), remedy=SAY_HOW)
        recorded = record_done(workspace, author, named=named, on=day_of("on"), file=path)
    sentences = [f"{_words(new)}: done on {written_day(new.on)}." for new in recorded.new]
    sentences += [f"{building}: already recorded." for building in recorded.before]
    return done("\n".join(sentences) or "Nothing new was recorded.", "/calendar")


def duty_file(visit: Visit) -> Response:
    """Return the proof that a yearly duty was done, and record the look."""
    key = joined(*(request.args.get(part, "") for part in ("duty", "year", "building")))
    duty = DUTIES.read(visit.workspace.store).get(key)
    if duty is None or duty.file is None:
        abort(404)
    return kept_file(visit, duty.file, what=f"proof of {_words(duty)}")


def duty_undone(visit: Visit) -> Response:
    """Take back what was recorded of a yearly duty."""
    with visit.writing() as workspace:
        named = DutyNamed(form("duty"), form("year"), tuple(request.form.getlist("building")))
        ended = undo_duty(workspace, visit.author(workspace), named=named)
    sentences = [f"{_words(undone)} is open again." for undone in ended]
    return done("\n".join(sentences), "/calendar")


def _words(duty: DutyDone) -> str:
    return f"{duty.duty} {duty.school_year} {duty.building}".rstrip()
