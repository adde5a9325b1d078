"""create_outer_app: what partners, and everybody who verifies a document, may reach from the internet."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from lms_sync.errors import ConfigError, LmsSyncError, Locked, UsageError, trouble_of
from lms_sync.operations.opening import STATE
from lms_sync.web.app import MEGABYTE, MOST_PARTS, add_errors, add_static, add_words
from lms_sync.web.guard import HOSTS, READS, add_headers, carries, from_our_pages, origins
from lms_sync.web.looks import network, record_look
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.outer import evidence, partner, verify
from lms_sync.web.outer.entry import HOUR, OPENED_AN_HOUR, Device, Door, masked, open_link
from lms_sync.web.sessions import app_key
from lms_sync.web.visit import form, page
from lms_sync.web.wording import without_commands

log = logging.getLogger(__name__)

VERIFIED_AN_HOUR = 20
"""Documents that one network may verify in an hour."""
SENT_AN_HOUR = 60
"""Forms that somebody of a partner may send in an hour; each may bring a file."""
LARGEST_MB = 25
TEMPLATES = str(Path(__file__).parent.parent / "templates")


def create_outer_app(district: OpenDistrict, *, port: int) -> Flask:
    """Return the app on an open district; `port` is where it will be served."""
    app = Flask(__name__, static_folder=None, template_folder=TEMPLATES)
    settings = district.config.settings
    outer = settings.web.outer
    key = app_key(district.folder / STATE, "web-outer.key")
    door = Door(district.sign_ins, outer, port, key)
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_NAME=door.cookie("flash"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=door.secure,
        MAX_CONTENT_LENGTH=min(settings.documents.largest_mb, LARGEST_MB) * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=MOST_PARTS,
        TRUSTED_HOSTS=[urlsplit(outer.url).hostname] if outer.url else list(HOSTS),
    )
    app.extensions["district"] = district
    add_static(app)
    add_words(app)
    add_headers(app, secure=door.secure, outer=True)
    _add_guard(app, district, origins(outer.url, port))
    _add_door(app, district, door)
    _add_partner(app, district, door)
    _add_open_pages(app, district)
    add_errors(app, "outer/error.html", _words(app))
    _add_errors_of_ours(app)
    return app


def _words(app: Flask) -> dict[int, tuple[str, str]]:
    """Return what is said of errors to somebody who has no settings of ours to look into."""
    largest = app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    too_large = f"A file may have {largest} MB. Where you ticked many people, report them in several parts."
    return {
        400: ("This address or form is none of this site.", "Open your link again."),
        404: ("There is no such page.", "Open your link again, or go back."),
        405: ("There is no such page.", "Open your link again, or go back."),
        413: ("What you sent is too large.", too_large),
        429: ("Too many tries.", "Wait an hour, then try again."),
    }


def _add_errors_of_ours(app: Flask) -> None:
    """Let nobody outside read of folders, servers and people of the district: what they can do about it is said."""

    @app.errorhandler(LmsSyncError)
    def _ours(error: LmsSyncError) -> tuple[str, int]:
        if isinstance(error, UsageError) and not isinstance(error, ConfigError):
            heading, hint, status = str(error), _without_asides(without_commands(error.hint)), 422
        elif isinstance(error, Locked):
            heading, hint, status = "The district is working here just now", "Send it again in a minute.", 409
        else:
            log.warning("a page for partners does not work: %s", type(error).__name__)
            heading, hint, status = "This page does not work just now", "Try again later, or ask the district.", 503
        return page("outer/error.html", heading=heading, hint=hint, cells=(), status=status), status

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> tuple[str, int]:
        trouble_of(error, "a page for partners failed")
        heading, hint = "This page does not work just now", "Try again later, or ask the district."
        return page("outer/error.html", heading=heading, hint=hint, cells=(), status=500), 500


def _without_asides(hint: str) -> str:
    """Return what to do without what stands in brackets, which is for those who type commands."""
    return re.sub(r" ?\([^()]*`[^()]*\)", "", hint)


def _add_guard(app: Flask, district: OpenDistrict, ours: tuple[str, ...]) -> None:
    @app.before_request
    def _guard() -> None:
        g.user = None
        if request.method not in READS and not from_our_pages(request, ours):
            abort(403, "This form did not come from one of these pages.")

    @app.context_processor
    def _common() -> dict[str, Any]:
        if district.last_config is None:
            return {"district_name": "", "contact": "", "masked": masked}
        district_settings = district.last_config.settings.district
        return {"district_name": district_settings.name, "contact": district_settings.contact, "masked": masked}


def _limit(district: OpenDistrict, what: str, most: int) -> None:
    """Refuse a network that tries too often."""
    name = f"{what} {network(request.remote_addr or '')}"
    if not district.sign_ins.allowed(name, at=district.clock(), most=most, per=HOUR):
        abort(429)


def _add_door(app: Flask, district: OpenDistrict, door: Door) -> None:
    @app.get("/l/<secret>", endpoint="link")
    def _link(secret: str) -> tuple[str, int]:
        _limit(district, "link", OPENED_AN_HOUR)
        with district.reading() as workspace:
            opened = open_link(workspace, secret)
        return page("outer/link.html", opened=opened, secret=secret), 200 if opened else 404

    @app.post("/l/<secret>", endpoint="send_code")
    def _send_code(secret: str) -> Response | tuple[str, int]:
        _limit(district, "link", OPENED_AN_HOUR)
        with district.reading() as workspace:
            opened = open_link(workspace, secret)
            if opened is None:
                return page("outer/link.html", opened=None, secret=""), 404
            response = redirect(url_for("code"), code=303)
            if not door.send_code(workspace, opened, response):
                abort(429)
        return response

    @app.get("/code", endpoint="code")
    def _code() -> str:
        return page("outer/code.html", wrong=False)

    @app.post("/code", endpoint="enter")
    def _enter() -> Response | tuple[str, int]:
        _limit(district, "code", OPENED_AN_HOUR)
        response = redirect("/", code=303)
        with district.reading() as workspace:
            if door.enter(workspace, form("code"), response):
                return response
        return page("outer/code.html", wrong=True), 422

    @app.post("/leave", endpoint="leave")
    def _leave() -> Response:
        response = redirect("/", code=303)
        door.leave(response)
        return response


def _add_partner(app: Flask, district: OpenDistrict, door: Door) -> None:
    def through_the_door(view: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view for a browser that has shown its code; everybody else is told how to come in."""

        @wraps(view)
        def guarded(**parts: str) -> Any:
            with district.reading() as workspace:
                device = door.device(workspace)
                if device is None:
                    return page("outer/closed.html"), 401
                g.device = device
                if request.method not in READS and not carries(device.csrf):
                    abort(403, "This form is too old. Reload the page, and send it again.")
                if request.method not in READS and not _may_send(district, device):
                    abort(429)
                visit = partner.PartnerVisit(district, workspace, device)
                _look(district, visit)
                return view(visit, **parts)

        return guarded

    for rule, name, method, view in partner.PAGES:
        app.add_url_rule(rule, name, through_the_door(view), methods=[method])


def _may_send(district: OpenDistrict, device: Device) -> bool:
    name = f"sent {device.link.key} {device.address}"
    return district.sign_ins.allowed(name, at=district.clock(), most=SENT_AN_HOUR, per=HOUR)


def _look(district: OpenDistrict, visit: partner.PartnerVisit) -> None:
    """Record a look, after the code only."""
    if request.method == "GET":
        what = f"{request.path} of {visit.partner.partner_id}, {visit.device.link.link.delivery_id}"
        record_look(district, visit.device.address, what, where=network(request.remote_addr or ""))


def _add_open_pages(app: Flask, district: OpenDistrict) -> None:
    @app.get("/verify", endpoint="verify")
    def _verify() -> str:
        return page("outer/verify.html", answer=None)

    @app.post("/verify", endpoint="verified")
    def _verified() -> str:
        _limit(district, "verify", VERIFIED_AN_HOUR)
        with district.reading() as workspace:
            return page("outer/verify.html", answer=verify.answer(district, workspace))

    @app.get("/e/<secret>", endpoint="evidence")
    def _evidence(secret: str) -> tuple[str, int]:
        _limit(district, "link", OPENED_AN_HOUR)
        with district.reading() as workspace:
            return evidence.folder(district, workspace, secret)

    @app.post("/e/<secret>", endpoint="evidence_file")
    def _evidence_file(secret: str) -> Response:
        _limit(district, "evidence", 10 * OPENED_AN_HOUR)
        with district.reading() as workspace:
            return evidence.file(district, workspace, secret, form("name"))
