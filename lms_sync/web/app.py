"""create_app(config): the desk in a browser."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from lms_sync.errors import ConfigError, LmsSyncError, Locked, NothingRecorded, WrongCells, trouble_of
from lms_sync.operations.opening import STATE
from lms_sync.operations.setup import steps
from lms_sync.reports import words
from lms_sync.text import written_minute
from lms_sync.web import people, today
from lms_sync.web.guard import HOSTS, READS, add_headers, carries, cookie_name, from_our_pages, origins
from lms_sync.web.navigation import offered
from lms_sync.web.opening import BeingWorkedOut, OpenDistrict
from lms_sync.web.routes import ROUTES, Route
from lms_sync.web.sessions import Sessions, app_key
from lms_sync.web.sign_in import add_sign_in
from lms_sync.web.visit import Visit, page, sentences_done
from lms_sync.web.wording import hint_on_page, lines_on_page

PREPARED = (today.morning_of, lambda _district, _workspace, judgement: people.matrix_of(judgement))
"""What the first page and the matrix need: made with each judgement of a desk that is served."""
STATIC = Path(__file__).parent / "static"
MEGABYTE = 1_000_000
ASK_FOR_ROLE = "An operator gives roles in lms_sync.toml, [web.roles]."
MOST_PARTS = 2_000
"""Fields of one form: the course map's tick boxes are many."""
YEAR = timedelta(days=365)


def create_app(district: OpenDistrict, *, port: int) -> Flask:
    """Return the app on an open district; `port` is where it will be served."""
    app = Flask(__name__, static_folder=None)
    settings = district.config.settings
    app.config.update(
        SECRET_KEY=app_key(district.folder / STATE, "web.key"),
        SESSION_COOKIE_NAME=cookie_name("flash", port, secure=settings.web.secure),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web.secure,
        MAX_CONTENT_LENGTH=settings.documents.largest_mb * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=MOST_PARTS,
        TRUSTED_HOSTS=[urlsplit(settings.web.url).hostname] if settings.web.url else list(HOSTS),
    )
    app.extensions["district"] = district
    add_static(app)
    add_words(app)
    add_headers(app, secure=settings.web.secure)
    add_sign_in(app, district, port=port)
    _add_guard(app, district, port)
    for route in ROUTES:
        app.add_url_rule(route.rule, route.name, _view(route, district), methods=[route.method])
    add_errors(app, "error.html")
    _add_first_steps(app, district)
    return app


def _add_first_steps(app: Flask, district: OpenDistrict) -> None:
    """Let the pages of a workspace before its first night say what is still to be set up."""

    @app.errorhandler(NothingRecorded)
    def _new(_: NothingRecorded) -> tuple[str, int]:
        with district.reading() as workspace:
            return page("first_steps.html", steps=steps(district.config, workspace)), 503


def add_static(app: Flask) -> None:
    """Serve the files of `static/` under names that change with their content."""

    @app.get("/static/<digest>/<name>", endpoint="static")
    def _static(digest: str, name: str) -> Response:
        if name not in _digests() or digest != _digests()[name]:
            abort(404)
        response = _file(name)
        response.headers["Cache-Control"] = f"public, max-age={int(YEAR.total_seconds())}, immutable"
        return response

    @app.get("/favicon.ico", endpoint="favicon")
    def _favicon() -> Response:
        response = _file("icon.svg")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    app.jinja_env.globals["asset"] = lambda name: url_for("static", digest=_digests()[name], name=name)


def _file(name: str) -> Response:
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    return Response((STATIC / name).read_bytes(), mimetype=kinds.get(Path(name).suffix, "text/plain"))


@cache
def _digests() -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in STATIC.iterdir()}


def add_words(app: Flask) -> None:
    """Let templates write days, counts and states as every document does; a name nobody gave is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["day"] = words.written
    app.jinja_env.filters["minute"] = written_minute
    app.jinja_env.filters["clean"] = words.clean
    app.jinja_env.filters["dict_of"] = dict
    app.jinja_env.globals["count"] = words.count
    app.jinja_env.globals["csrf"] = _csrf_field
    app.jinja_env.globals["here"] = _here
    app.jinja_env.globals["sentences_done"] = sentences_done


def _csrf_field() -> Markup:
    """Return the hidden field that every form of a session carries."""
    user = g.get("user")
    return Markup('<input type="hidden" name="csrf" value="{}">').format(user.csrf if user else "")


def _here(start: int) -> str:
    """Return this page's address, its lines from another one on."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'from': start})}"


def _add_guard(app: Flask, district: OpenDistrict, port: int) -> None:
    known = {route.name: route for route in ROUTES}

    @app.before_request
    def _guard() -> Response | None:
        web = district.config.settings.web
        sessions = Sessions(district.sign_ins, web, port)
        g.user = sessions.user(district.clock())
        writes = request.method not in READS
        if writes and not from_our_pages(request, origins(web.url, port)):
            abort(403, "This form did not come from a page of this desk. Open the page here, and send it again.")
        route = known.get(request.endpoint or "")
        if route is None:
            return None
        if g.user is None:
            return redirect(url_for("sign_in", next=request.full_path.rstrip("?") if not writes else "/"), code=303)
        if not g.user.roles:
            abort(403, f"You are signed in as {g.user.email or g.user.name}, but have no role here. {ASK_FOR_ROLE}")
        if not g.user.may(route.roles):
            abort(403, "Your role does not have this page. Ask somebody whose role has it, HR for instance.")
        if writes and not carries(g.user.csrf):
            abort(403, "This form is too old. Go back, reload the page and send it again.")
        return None

    @app.context_processor
    def _common() -> dict[str, Any]:
        user = g.get("user")
        return {
            "user": user,
            "district_name": _name(district),
            "navigation": tuple(offered(user)) if user else (),
            "figures_of": g.get("figures_of"),
            "allowed": frozenset(route.name for route in ROUTES if user and user.may(route.roles)),
        }


def _name(district: OpenDistrict) -> str:
    """Return whose desk it is, also on the page that says that the settings are wrong."""
    return district.last_config.settings.district.name if district.last_config else ""


def _view(route: Route, district: OpenDistrict) -> Callable[..., Any]:
    def view(**parts: str) -> Any:
        with district.reading() as workspace:
            answer = route.view(Visit(district, g.user, workspace), **parts)
        return answer

    return view


def add_errors(app: Flask, template: str, own_words: Mapping[int, tuple[str, str]] = MappingProxyType({})) -> None:
    """Let every error be a page of words: what is so, and what to do; `own_words` of a status go before ours."""

    @app.errorhandler(LmsSyncError)
    def _refused(error: LmsSyncError) -> tuple[str, int]:
        status = 409 if isinstance(error, Locked) else 503 if isinstance(error, ConfigError | BeingWorkedOut) else 422
        cells = lines_on_page(error.cells) if isinstance(error, WrongCells) else []
        # Who holds the lock may be a command: that is who it is.
        heading = str(error) if status == 409 else "\n".join(lines_on_page(str(error).split("\n")))
        return page(template, heading=heading, hint=hint_on_page(error.hint), cells=cells, status=status), status

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        if isinstance(error, SecurityError):
            # Asked for by a foreign name of this machine: no page, and no address of one.
            return "This is not a name of this desk.", status
        heading, hint = {**_WORDS, **own_words}.get(status, (error.name, error.description or ""))
        heading = error.description or heading if status == 403 else heading
        return page(template, heading=heading, hint=hint, cells=(), status=status), status

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> tuple[str, int]:
        trouble = trouble_of(error, "a page failed")
        return page(template, heading=str(trouble), hint=trouble.hint, cells=(), status=500), 500


_WORDS = {
    400: ("This address or form is not one of this desk.", "Go back to the first page."),
    403: ("Your role does not allow this.", ""),
    404: ("There is no such page.", "It may have been decided or withdrawn meanwhile. Go back to the first page."),
    405: ("There is no such page.", "Go back to the first page."),
    413: ("The file is too large.", "The settings say how large a file may be: [documents] largest_mb."),
}
