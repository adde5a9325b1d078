"""A small server on this machine that answers as Canvas does, for demo and tests; it holds made-up people only.

It pages by `Link`, tells what is left of the request bucket, gives ids as text when asked to, and refuses what Canvas
refuses: no token, and the modules of a student whose enrolment is over.

Source: reference page LMS_APIS.md, section 2; Canvas LMS REST API documentation.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from lms_sync.demo.canvas_class import ServedCourse, ServedModule, ServedStudent

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
    wbufsize = -1  # One packet an answer; two would wait for each other.
    server: _Server

    def do_GET(self) -> None:
        canvas, headers = self.server.canvas, dict(self.headers)
        canvas.asked.append(self.path)
        canvas.headers.append(headers)
        instead = canvas.instead(self.path)
        self._send(instead or answer(canvas, self.path, base=f"http://{self.headers['Host']}", headers=headers))

    def _send(self, reply: Reply) -> None:
        content = reply.body if isinstance(reply.body, bytes) else self._json(reply.body)
        usual = {"Content-Type": "application/json; charset=utf-8", "X-Request-Cost": "0.1"}
        usual["X-Rate-Limit-Remaining"] = str(self.server.canvas.remaining)
        usual["Content-Length"] = str(len(content) if reply.length < 0 else reply.length)
        self.send_response(reply.status)
        for name, value in {**usual, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = reply.length >= 0

    def _json(self, body: Json) -> bytes:
        as_text = "canvas-string-ids" in self.headers.get("Accept", "")
        return json.dumps(_ids_as_text(body) if as_text else body).encode()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: paths name students."""


def _ids_as_text(body: Json) -> Json:
    if isinstance(body, list):
        return [_ids_as_text(one) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        k: str(v) if isinstance(v, int) and (k == "id" or k.endswith("_id")) else _ids_as_text(v)
        for k, v in body.items()
    }


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
    told: dict[str, Json] = {"id": course.id, "name": course.name, "course_code": course.sis_course_id}
    return {**told, "sis_course_id": course.sis_course_id, "workflow_state": course.workflow_state}


Give = Callable[[ServedCourse, Mapping[str, str], Query], list[Json] | Reply]


def _of_course(give: Give) -> Callable[[ServedCanvas, Mapping[str, str], Query], list[Json] | Reply]:
    def find(canvas: ServedCanvas, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
        course = _course(canvas, path["course"])
        return give(course, path, query) if course else MISSING

    return find


def _give_course(course: ServedCourse, path: Mapping[str, str], query: Query) -> Reply:
    return Reply(_course_json(course))


def _give_progress(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    if not any(module.requirements for module in course.modules):
        return Reply({"error": {"message": "No progress available because this course is not module based."}}, 400)
    return [
        {"id": one.id, "display_name": one.name, "progress": course.progress(one)}
        for one in course.students
        if one.enrolment == "active"
    ]


def _give_enrolments(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json]:
    return [
        _enrolment(course, one, section, query)
        for one in course.students
        for section in range(one.sections)
        if one.enrolment in query.get("state[]", ["active"])
    ]


def _enrolment(course: ServedCourse, student: ServedStudent, section: int, query: Query) -> Json:
    user: dict[str, Json] = {"id": student.id, "name": student.name, "sortable_name": student.sortable_name}
    user |= {"sis_user_id": student.sis_user_id or None, "login_id": student.login_id or None}
    user |= {"email": student.email or None} if "email" in query.get("include[]", []) else {}
    told: dict[str, Json] = {"id": student.id * 10 + section, "course_id": course.id, "user_id": student.id}
    told |= {"course_section_id": section + 1, "type": "StudentEnrollment", "enrollment_state": student.enrolment}
    return {**told, "sis_user_id": user["sis_user_id"], "user": user}


def _give_modules(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    if "student_id" not in query:
        return [_module(one, with_items="items" in query.get("include[]", [])) for one in course.modules]
    student = _student(course, query["student_id"][0])
    if student is None or student.enrolment != "active":
        return UNAUTHORIZED
    return [_module(one) | _state(one, student) for one in course.modules if one.published]


def _student(course: ServedCourse, user: str) -> ServedStudent | None:
    return next((one for one in course.students if str(one.id) == user), None)


def _module(module: ServedModule, *, with_items: bool = False) -> dict[str, Json]:
    told = {"id": module.id, "name": module.name, "published": module.published}
    items = {"items": _items(module)} if with_items and not module.large else {}
    return {**told, "items_count": module.requirements + 1, **items}


def _items(module: ServedModule) -> list[Json]:
    asked = [{"type": "Page", "completion_requirement": {"type": "must_view"}} for _ in range(module.requirements)]
    return [{"type": "SubHeader"}, *asked]


def _state(module: ServedModule, student: ServedStudent) -> dict[str, Json]:
    # Canvas calls a module that asks for nothing completed as soon as it is open.
    if module.id in student.completed or not module.requirements:
        return {"state": "completed", "completed_at": student.completed.get(module.id)}
    return {"state": "unlocked", "completed_at": None}


def _give_items(course: ServedCourse, path: Mapping[str, str], query: Query) -> list[Json] | Reply:
    return next((_items(module) for module in course.modules if str(module.id) == path["module"]), MISSING)


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
    (COURSE + r"/users/(?P<user>\d+)/progress", _of_course(_give_progress_of)),
)
