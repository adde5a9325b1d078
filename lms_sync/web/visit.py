"""One request of somebody who is signed in: who it is, the district, and what a page is made with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, g, get_flashed_messages, redirect, render_template, request
from werkzeug.wrappers import Response

from lms_sync.errors import UsageError
from lms_sync.model.author import SAY_WHY, Author
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from lms_sync.text import typed_day
from lms_sync.web.opening import JudgedDistrict, OpenDistrict
from lms_sync.web.roles import SignedIn

MOST_DIGITS = 6
LONGEST_IN_COOKIE = 500
"""Signs of a sentence that the browser keeps until the next page; a longer one is kept here."""
LONG, KEPT_FOR = "long sentence", timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a signed-in user."""

    district: OpenDistrict
    user: SignedIn
    workspace: Workspace
    """For reading; a decision opens its own with `writing`."""

    @property
    def judgement(self) -> JudgedDistrict:
        """Everybody judged today. Raises: ConfigError while nothing was ever recorded."""
        found = self.district.judgement(self.workspace)
        if found.outdated:
            g.figures_of = found.issuer.now.astimezone(self.workspace.zone)
        return found

    @property
    def issuer(self) -> Issuer:
        """Everybody judged today, ready to make documents; for showing, never for issuing."""
        return self.judgement.issuer

    @contextmanager
    def writing(self) -> Iterator[Workspace]:
        """Yield the workspace for one decision. Raises: Locked when somebody else writes for too long."""
        self.workspace.store.let_go()
        with self.district.writing(self.user.name) as workspace:
            yield workspace

    def author(self, workspace: Workspace, reason: str | None = None, *, remedy: str = SAY_WHY) -> Author:
        """Return the user's word, with the reason of the form. Raises: UsageError with `remedy` for a blank one."""
        why = form("reason") if reason is None else reason
        return Author(self.user.name, why, workspace.clock(), remedy=remedy)


def form(name: str) -> str:
    """Return one field of the form that was sent, without blanks round it; empty when it has none."""
    return request.form.get(name, "").strip()


def day_of(field: str, what: str = "the day") -> date | None:
    """Return a day of the form; None for a blank field. Raises: UsageError for what is no day."""
    text = form(field)
    try:
        return typed_day(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text}: not a day", hint=f"Write {what} like 2026-11-23.") from error


def whole_of(field: str, hint: str) -> int:
    """Return a whole number of the form; 0 for a blank field. Raises: UsageError for what is none."""
    text = form(field)
    if text and not (text.isdecimal() and len(text) <= MOST_DIGITS):
        raise UsageError(f"{text[:40]}: not a whole number", hint=hint)
    return int(text or 0)


def line_from(total: int, most: int) -> int:
    """Return the line with which the page asked for begins; where so many are not left, that of the last page."""
    last = max(0, total - 1) // most * most
    return min(max(0, request.args.get("from", 0, type=int)), last)


def page(template: str, **values: object) -> str:
    """Return a page, or only its part of that name when htmx asks for it."""
    return render_template(template, **values)


def done(sentence: str, where: str) -> Response:
    """Say on the next page what was done, and go there."""
    if len(sentence) <= LONGEST_IN_COOKIE:
        flash(sentence)
    else:
        # A browser drops a cookie of more than four thousand signs without a word.
        sign_ins, at = _district().sign_ins, _district().clock()
        flash(sign_ins.new(LONG, {"sentence": sentence}, at=at, lasts=KEPT_FOR), LONG)
    return redirect(own_path(where), code=303)


def sentences_done() -> Iterator[str]:
    """Yield what the acts before this page have to say, each once."""
    flashed: Any = get_flashed_messages(with_categories=True)
    for kind, sentence in flashed:
        if kind != LONG:
            yield sentence
        elif kept := _district().sign_ins.use_up(LONG, sentence, at=_district().clock()):
            yield kept.about["sentence"]


def _district() -> OpenDistrict:
    district: OpenDistrict = current_app.extensions["district"]
    return district


def own_path(wanted: str) -> str:
    """Return a path of this app; `/` for what leads elsewhere: another host, a scheme, a backslash."""
    split = urlsplit(wanted)
    sound = wanted.startswith("/") and not wanted.startswith("//") and not split.scheme and not split.netloc
    return wanted if sound and "\\" not in wanted and wanted.isprintable() else "/"


def content(data: bytes, *, kind: str, name: str, inside: bool = False) -> Response:
    """Return a file to be saved, or with `inside` to be shown in the browser; nothing in it can run."""
    disposition = "inline" if inside else "attachment"
    response = Response(data, mimetype=kind)
    response.headers.set("Content-Disposition", disposition, filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'self'"
    return response
