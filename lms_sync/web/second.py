"""What cannot be undone and waits for a second, signed-in person: looked at, approved, refused, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import abort
from werkzeug.wrappers import Response

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.second_person import ActRequest, AskedAct, SecondAct
from lms_sync.operations.second_person.decide import approve, ask, file_of, refuse, take_back, waiting
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_minute
from lms_sync.web.looks import record_look
from lms_sync.web.roles import Role
from lms_sync.web.visit import Visit, content, done, form, page

SECOND_ROLES: Mapping[SecondAct, frozenset[Role]] = {
    SecondAct.CONFIRM: frozenset({Role.HR, Role.REVIEWER}),
    SecondAct.ADOPT: frozenset({Role.HR, Role.REVIEWER}),
    SecondAct.WAIVE: frozenset({Role.HR, Role.REVIEWER}),
    SecondAct.PURGE: frozenset({Role.HR}),
}
"""Who may be the second person, and so who sees that it waits."""
WORDS: Mapping[SecondAct, str] = {
    SecondAct.CONFIRM: "Issue the training confirmation",
    SecondAct.ADOPT: "Record the adoption",
    SecondAct.WAIVE: "File a waiver of an ESD",
    SecondAct.PURGE: "Purge what is old enough",
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request on the page."""

    request: ActRequest
    words: str
    own: bool
    """The reader asked for it: somebody else decides."""


def lines(visit: Visit) -> list[RequestLine]:
    """Return the requests that the reader may decide, or has made."""
    user = visit.user
    return [
        RequestLine(request, WORDS[request.wanted.act], request.is_of(user.name, user.email))
        for request in waiting(visit.workspace)
        if user.may(SECOND_ROLES[request.wanted.act])
    ]


def requests(visit: Visit) -> str:
    """Return what waits for a second person."""
    settings = visit.workspace.config.settings.web.second_person
    return page("requests.html", lines=lines(visit), zone=visit.workspace.zone, acts=settings.acts, words=WORDS)


def asked(
    visit: Visit, workspace: Workspace, author: Author, *, wanted: AskedAct, file: Path | None = None
) -> Response:
    """Keep the request of an act that needs a second person, and say so."""
    request = ask(workspace, author, wanted=wanted, email=visit.user.email, file=file)
    until = request.expires_at.astimezone(workspace.zone)
    return done(f"Nothing is done yet: it waits until {written_minute(until)} for a second person.", "/requests")


def decide_request(visit: Visit) -> Response:
    """Approve a request, which does what it asks for; refuse it; or take an own one back."""
    _chosen(visit, form("request"))
    with visit.district.heavy, visit.writing() as workspace:
        who = visit.author(workspace), visit.user.email
        sentence = _decide(workspace, *who, request_id=form("request"))
    return done(sentence, "/requests")


def _decide(workspace: Workspace, author: Author, email: str, *, request_id: str) -> str:
    match form("answer"):
        case "approve":
            return approve(workspace, author, email=email, request_id=request_id)
        case "refuse":
            refused = refuse(workspace, author, email=email, request_id=request_id)
            return f"Refused: {refused.wanted.subject}. Nothing was done."
        case "take back":
            ended = take_back(workspace, author, email=email, request_id=request_id)
            return f"Taken back: {ended.wanted.subject}."
    raise UsageError("no answer was chosen", hint="Choose one of the answers.")


def request_file(visit: Visit, request_id: str) -> Response:
    """Return the file that goes with a request, and record the look."""
    request = _chosen(visit, request_id)
    with file_of(visit.workspace, request) as path:
        if path is None:
            abort(404)
        record_look(visit.district, visit.user.name, f"file of {request_id}")
        return content(path.read_bytes(), kind="application/octet-stream", name=request.file)


def _chosen(visit: Visit, request_id: str) -> ActRequest:
    """Return a request that waits; a page that is not there for any other, or for a reader without its role."""
    for line in lines(visit):
        if line.request.request_id == request_id:
            return line.request
    abort(404)
