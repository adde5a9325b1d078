"""A small server on this machine that answers as Canvas does, for demo and tests; it holds made-up people only.

It pages by `Link`, tells what is left of the request bucket, gives ids as text when asked to, and refuses what Canvas
refuses: no token, and the modules of a student whose enrolment is over.

Source: reference page LMS_APIS.md, section 2; Canvas LMS REST API documentation.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from lms_sync.demo.canvas_class import ServedCourse, ServedModule, ServedStudent
from lms_sync.demo.canvas_modules import item_json, items_json, module_json, state_json, submission_json

Json = Any
Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server."""

    body: Json
    """JSON; bytes are sent as they are."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int = -1
    """The length that is promised; -1: the true one."""


@dataclass(slots=True)
class ServedCanvas:
    """What the server holds, and how it behaves; it may be changed while it serves."""

    token: str
    courses: list[ServedCourse]
    page: int = 100
    """Rows of a page at most, whatever is asked for."""
    remaining: float = 600.0
    """What `X-Rate-Limit-Remaining` tells."""
    instead: Callable[[str], Reply | None] = lambda path: None
    """Path with query → an answer instead of the true one, None to give that one."""
    asked: list[str] = field(default_factory=list)
    """Path with query of every request so far."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    """The headers of every request so far."""


@contextmanager
def serving(canvas: ServedCanvas) -> Iterator[str]:
    """Serve it on a free port of this machine, and give the address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.canvas = canvas
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    canvas: ServedCanvas


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True  # Or an answer of several packets waits 40 ms for the first one's receipt.
    server: _Server

    def do_GET(self) -> None:
        headers = dict(self.headers)
        reply = respond(self.server.canvas, self.path, base=f"http://{self.headers['Host']}", headers=headers)
        content = content_of(reply, headers)
        length = len(content) if reply.length < 0 else reply.length
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = reply.length >= 0

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: paths name students."""


def _ids_as_text(body: Json) -> Json:
    if isinstance(body, list):
        return [_ids_as_text(part) for part in body]
    if not isinstance(body, dict):
        return body
    return {
        k: str(v) if isinstance(v, int) and (k == "id" or k.endswith("_id")) else _ids_as_text(v)
        for k, v in body.items()
    }


def respond(canvas: ServedCanvas, path: str, *, base: str, headers: Mapping[str, str]) -> Reply:
    """Return what Canvas says to a GET of `path` (with query), with the headers it sends; `base` is its address."""
    canvas.asked.append(path)
    canvas.headers.append(headers)
    reply = canvas.instead(path) or answer(canvas, path, base=base, headers=headers)
    usual = {"Content-Type": "application/json; charset=utf-8", "X-Request-Cost": "0.1"}
    usual["X-Rate-Limit-Remaining"] = str(canvas.remaining)
    return replace(reply, headers={**usual, **reply.headers})


def content_of(reply: Reply, headers: Mapping[str, str]) -> bytes:
    """Return the body as it is sent to who asked with these headers: ids as text where they ask for it."""
    if isinstance(reply.body, bytes):
        return reply.body
    as_text = "canvas-string-ids" in headers.get("Accept", "")
    return json.dumps(_ids_as_text(reply.body) if as_text else reply.body).encode()


def answer(canvas: ServedCanvas, path: str, *, base: str, headers: Mapping[str, str]) -> Reply:
    """Return what Canvas says to a GET of `path` (with query); `base` is its address, for links."""
    if headers.get("Authorization") != f"Bearer {canvas.token}":
        realm = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
        return Reply({"errors": [{"message": "Invalid access token."}]}, 401, realm)
    parts = urlsplit(path)
    query = parse_qs(parts.query)
    for pattern, give in ROUTES:
        if match := re.fullmatch(pattern, unquote(parts.path)):
            found = give(canvas, match.groupdict(), query)
            return _page(canvas, found, base + parts.path, query) if isinstance(found, list) else found
    return MISSING


MISSING = Reply({"errors": [{"message": "The specified resource does not exist."}]}, 404)
UNAUTHORIZED = Reply(
    {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}, 401
)


def _page(canvas: ServedCanvas, rows: list[Json], address: str, query: Query) -> Reply:
    """Return the page that `page=bookmark:N` names, with links that a client has to take as they are."""
    size = min(canvas.page, int(query.get("per_page", ["10"])[0]))
    start = int(query.get("page", ["bookmark:0"])[0].removeprefix("bookmark:"))
    links = {"current": start, "first": 0}
    if start + size < len(rows):
        links = {"next": start + size, **links}
    written = ", ".join(
        f'<{address}?{urlencode({**query, "page": [f"bookmark:{place}"]}, doseq=True)}>; rel="{relation}"'
        for relation, place in links.items()
    )
    return Reply(rows[start : start + size], headers={"Link": written})


def _course(canvas: ServedCanvas, reference: str) -> ServedCourse | None:
    names = {f"sis_course_id:{course.sis_course_id}": course for course in canvas.courses}
    return {**names, **{str(course.id): course for course in canvas.courses}}.get(reference)


def _give_courses(canvas: ServedCanvas, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    term = query.get("search_term", [""])[0].casefold()
    return [_course_json(c) for c in canvas.courses if term in f"{c.name}\n{c.sis_course_id}".casefold()]


def _course_json(course: ServedCourse) -> Json:
    body: dict[str, Json] = {"id": course.id, "name": course.name, "course_code": course.sis_course_id}
    return {**body, "sis_course_id": course.sis_course_id, "workflow_state": course.workflow_state}


Give = Callable[[ServedCourse, Mapping[str, str], Query], list[Json] | Reply]


def _of_course(give: Give) -> Callable[[ServedCanvas, Mapping[str, str], Query], list[Json] | Reply]:
    def find(canvas: ServedCanvas, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
        course = _course(canvas, path["course"])
        return give(course, path, query) if course else MISSING

    return find


def _give_course(course: ServedCourse, path: Mapping[str, str], query: Query) -> Reply:
    return Reply(_course_json(course))


def _give_progress(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    if not any(module.asked for module in course.modules):
        return Reply({"error": {"message": "No progress available because this course is not module based."}}, 400)
    return [
        {"id": student.id, "display_name": student.name, "progress": course.progress(student)}
        for student in course.students
        if student.enrolment == "active"
    ]


def _give_enrolments(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json]:
    return [
        _enrolment(course, student, section, query)
        for student in course.students
        for section in range(student.sections)
        if student.enrolment in query.get("state[]", ["active"])
    ]


def _enrolment(course: ServedCourse, student: ServedStudent, section: int, query: Query) -> Json:
    user: dict[str, Json] = {"id": student.id, "name": student.name, "sortable_name": student.sortable_name}
    user |= {"sis_user_id": student.sis_user_id or None, "login_id": student.login_id or None}
    user |= {"email": student.email or None} if "email" in query.get("include[]", []) else {}
    body: dict[str, Json] = {"id": student.id * 10 + section, "course_id": course.id, "user_id": student.id}
    body |= {"course_section_id": section + 1, "type": "StudentEnrollment", "enrollment_state": student.enrolment}
    return {**body, "sis_user_id": user["sis_user_id"], "user": user}


def _give_modules(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    if "student_id" not in query:
        return [module_json(module, with_items="items" in query.get("include[]", [])) for module in course.modules]
    student = _student(course, query["student_id"][0])
    if student is None or student.enrolment != "active":
        return UNAUTHORIZED
    return [_of_student(module, student, query) for module in course.modules if module.published]


def _of_student(module: ServedModule, student: ServedStudent, query: Query) -> Json:
    items = "items" in query.get("include[]", [])
    return module_json(module, student, with_items=items) | state_json(module, student)


def _student(course: ServedCourse, user: str) -> ServedStudent | None:
    return next((student for student in course.students if str(student.id) == user), None)


def _give_items(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    module = next((module for module in course.modules if str(module.id) == path["module"]), None)
    if module is None:
        return MISSING
    if "student_id" not in query:
        return items_json(module)
    student = _student(course, query["student_id"][0])
    if student is None or student.enrolment != "active":
        return UNAUTHORIZED
    return [item_json(module, item, student) for item in module.asked if item.is_seen_by(student.id)]


def _give_submissions(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    student = _student(course, query.get("student_ids[]", [""])[0])
    if student is None or student.enrolment != "active":
        return UNAUTHORIZED
    graded = [item for module in course.modules for item in module.asked if item.type != "Page"]
    return [submission_json(item, student) for item in graded if item.is_seen_by(student.id)]


def _give_progress_of(course: ServedCourse, path: Mapping[str, str], query: Query) -> Reply:
    student = _student(course, path["user"])
    if student is None or student.enrolment == "inactive":
        message = "no progress available because the user is not enrolled as a student in this course"
        return Reply({"error": {"message": message}})
    return Reply(course.progress(student))


COURSE = r"/api/v1/courses/(?P<course>[^/]+)"
ROUTES: tuple[tuple[str, Callable[[ServedCanvas, Mapping[str, str], Query], list[Json] | Reply]], ...] = (
    (r"/api/v1/accounts/[^/]+/courses", _give_courses),
    (COURSE, _of_course(_give_course)),
    (COURSE + "/bulk_user_progress", _of_course(_give_progress)),
    (COURSE + "/enrollments", _of_course(_give_enrolments)),
    (COURSE + "/modules", _of_course(_give_modules)),
    (COURSE + r"/modules/(?P<module>\d+)/items", _of_course(_give_items)),
    (COURSE + "/students/submissions", _of_course(_give_submissions)),
    (COURSE + r"/users/(?P<user>\d+)/progress", _of_course(_give_progress_of)),
)
