"""The roster: upload a workbook, see what is wrong and whom it changes, then take it over."""

from flask import abort
from werkzeug.wrappers import Response

from lms_sync.errors import ConfigError
from lms_sync.mail.documents import XLSX
from lms_sync.operations.take_over.roster import look_at_roster, roster_file, take_over_roster
from lms_sync.operations.take_over.version import opened_elsewhere
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.snapshot import read_roster
from lms_sync.web.uploads import needed, put_aside, put_aside_before
from lms_sync.web.visit import Visit, content, done, form, page


def roster(visit: Visit) -> str:
    """Return how large the roster is, what is wrong in the file as it is, and the way to send a new one."""
    found = roster_file(visit.workspace)
    looked = None
    if found.content:
        looked = visit.district.read_once(
            "roster", found.sha256, lambda: look_at_roster(visit.workspace, None, found.content)
        )
    return page(
        "roster.html",
        roster=read_roster(visit.workspace.store),
        looked=looked,
        name=found.path.name,
        open_in_excel=opened_elsewhere(found.path),
        day=visit.workspace.today(),
    )


def roster_workbook(visit: Visit) -> Response:
    """Return roster.xlsx as it is now, to be edited in Excel."""
    found = roster_file(visit.workspace)
    if not found.content:
        abort(404)
    return content(found.content, kind=XLSX, name=found.path.name)


def roster_upload(visit: Visit) -> str:
    """Show what is wrong in a workbook, who comes, who goes and whose state changes; nothing counts yet."""
    with needed("file") as path:
        book = path.read_bytes()
    seen = roster_file(visit.workspace).sha256
    looked = look_at_roster(visit.workspace, _issuer(visit), book)
    aside = put_aside(visit.district, book, ".xlsx") if looked.roster else ""
    return page("roster_new.html", looked=looked, aside=aside, seen=seen)


def _issuer(visit: Visit) -> Issuer | None:
    """Return everybody judged today; None before the first night."""
    try:
        return visit.issuer
    except ConfigError:
        return None


def roster_save(visit: Visit) -> Response:
    """Take the roster over that was looked at."""
    path = put_aside_before(visit.district, form("aside"))
    with visit.writing() as workspace:
        author = visit.author(workspace)
        taken = take_over_roster(workspace, author, content=path.read_bytes(), seen=form("seen"))
    kept = f" The version before is kept as {taken.kept.parent.name}/{taken.kept.name}." if taken.kept else ""
    return done(f"The roster is in force: {taken.people} people.{kept}", "/roster")
