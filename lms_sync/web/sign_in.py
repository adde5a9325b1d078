"""Sign in and out: by a link of the terminal that works once, or by the organisation's own sign-in."""

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from lms_sync.web.oidc import add_oidc
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.sessions import START, Sessions, about_local
from lms_sync.web.visit import own_path, page


def add_sign_in(app: Flask, district: OpenDistrict, *, port: int) -> None:
    """Add the pages that need nobody signed in."""

    def sessions() -> Sessions:
        return Sessions(district.sign_ins, district.config.settings.web, port)

    add_oidc(app, district, sessions())

    @app.get("/sign-in", endpoint="sign_in")
    def _sign_in() -> str | Response:
        if g.user is not None and g.user.roles:
            return redirect("/", code=303)
        has_provider = district.config.settings.web.oidc is not None
        return page("sign_in.html", has_provider=has_provider, next=own_path(request.args.get("next", "/")))

    @app.get("/start/<token>", endpoint="start")
    def _start(token: str) -> Response:
        _expect_local(district)
        found = district.sign_ins.find(START, token, at=district.clock()) is not None
        response = Response(page("start.html", token=token, found=found), status=200 if found else 410)
        response.mimetype = "text/html"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.post("/start/<token>", endpoint="start_now")
    def _start_now(token: str) -> Response:
        _expect_local(district)
        kept = district.sign_ins.use_up(START, token, at=district.clock())
        if kept is None:
            return redirect(url_for("start", token=token), code=303)
        response = redirect("/", code=303)
        sessions().begin(response, about_local(kept.about["name"]), at=district.clock())
        return response

    @app.post("/sign-out", endpoint="sign_out")
    def _sign_out() -> Response:
        response = redirect(url_for("sign_in"), code=303)
        sessions().end(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _expect_local(district: OpenDistrict) -> None:
    """Refuse the terminal's link where people sign in by the organisation's own sign-in."""
    if district.config.settings.web.url:
        abort(404)
