"""What is asked of Canvas: the only module that knows its paths."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from lms_sync.sources.canvas.answers import (
    COURSE,
    COURSES,
    ENROLMENTS,
    MODULE_ITEMS,
    MODULES,
    PROGRESS,
    STUDENTS_PROGRESS,
    SUBMISSIONS,
    CanvasCourse,
    Enrolment,
    Module,
    ModuleItem,
    Progress,
    Shape,
    StudentProgress,
    Submission,
)
from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.session import Session

API = "/api/v1"
PER_PAGE = ("per_page", "100")
STATES = ("active", "completed", "inactive")
"""Enrolments that may have progress: those that run, those that are over, those that are set aside."""
FIELDS = frozenset(name for shape in Shape.__subclasses__() for name in shape.model_fields)
RIGHTS = "docs/canvas.md names the rights of the token's user and the scopes of the developer key."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions to one Canvas over one session. All raise HttpError; refusals as `Failure.FORBIDDEN`."""

    session: Session
    source: str
    """The source's name, for errors."""

    def greet(self, *, course: str, account: str) -> WebAnswer:
        """Return the answer to the smallest question of a pull: about a course, or else an account's first one."""
        path = _course(course) if course else _courses(account)
        with _refusals(self.source):
            return self.session.get(path, [("per_page", "1")])

    def course(self, reference: str) -> CanvasCourse:
        """Return a course by its id or by `sis_course_id:…`."""
        return self._object(_course(reference), COURSE)

    def courses(self, account: str, search: str) -> list[CanvasCourse]:
        """Return the published courses below an account that `search` finds, all for an empty one."""
        found = [("search_term", search)] if search else []
        courses = self._list(_courses(account), found, COURSES)
        return [course for course in courses if course.workflow_state in ("available", "completed")]

    def enrolments(self, course: str) -> list[Enrolment]:
        """Return the course's students, the past ones too."""
        states = [("state[]", state) for state in STATES]
        wanted = [("type[]", "StudentEnrollment"), *states, ("include[]", "email")]
        return self._list(f"{_course(course)}/enrollments", wanted, ENROLMENTS)

    def progress(self, course: str) -> list[StudentProgress]:
        """Return the progress of the students whose enrolment runs."""
        return self._list(f"{_course(course)}/bulk_user_progress", (), STUDENTS_PROGRESS)

    def progress_of(self, course: str, user: str) -> Progress | None:
        """Return the progress of one student, whose enrolment may be over; None where Canvas tells none."""
        try:
            answer = self._object(f"{_course(course)}/users/{user}/progress", PROGRESS)
        except HttpError as error:
            if error.kind in (Failure.FORBIDDEN, Failure.MISSING):
                return None
            raise
        return answer if isinstance(answer, Progress) else None

    def modules(self, course: str) -> list[Module]:
        """Return the course's modules, each with its items."""
        modules = self._list(f"{_course(course)}/modules", [("include[]", "items")], MODULES)
        return [m if m.items is not None else self._with_items(course, m) for m in modules]

    def modules_of(self, course: str, user: str) -> list[Module] | None:
        """Return the modules with a student's states; None where Canvas tells none, as for enrolments that are over.

        Their items are those that the token's user may see, left out where they are many.

        Source: find_student in canvas-lms, context_modules_api_controller.rb: only enrolments that run are looked at.
        """
        try:
            asked = [("student_id", user), ("include[]", "items")]
            return self._list(f"{_course(course)}/modules", asked, MODULES)
        except HttpError as error:
            if error.kind in (Failure.FORBIDDEN, Failure.MISSING):
                return None
            raise

    def items_of(self, course: str, module: Module, user: str) -> list[ModuleItem]:
        """Return the items of a module that a student may see, with what the student has met."""
        return self._list(f"{_course(course)}/modules/{module.id}/items", [("student_id", user)], MODULE_ITEMS)

    def submissions_of(self, course: str, user: str) -> list[Submission] | None:
        """Return what a student handed in or was excused from; None where the token may not ask that."""
        asked = [("student_ids[]", user), ("include[]", "assignment")]
        try:
            return self._list(f"{_course(course)}/students/submissions", asked, SUBMISSIONS)
        except HttpError as error:
            if error.kind in (Failure.FORBIDDEN, Failure.MISSING):
                return None
            raise

    def _with_items(self, course: str, module: Module) -> Module:
        items: list[ModuleItem] = []
        if module.items_count:
            items = self._list(f"{_course(course)}/modules/{module.id}/items", (), MODULE_ITEMS)
        return module.model_copy(update={"items": tuple(items)})

    def _object(self, path: str, shape: TypeAdapter[T]) -> T:
        with _refusals(self.source):
            return _shaped(self.session.get(path), shape, self.source)

    def _list(self, path: str, params: Sequence[tuple[str, str]], shape: TypeAdapter[list[T]]) -> list[T]:
        with _refusals(self.source):
            pages = self.session.pages(path, [*params, PER_PAGE], next_url=_next)
            return [row for answer in pages for row in _shaped(answer, shape, self.source)]


def error_inside(answer: WebAnswer) -> str:
    """Return why an answer with a status of success is none: Canvas's list of errors; empty when it is one."""
    return "an error under HTTP 200" if answer.body.lstrip()[:9] == b'{"errors"' else ""


def _course(reference: str) -> str:
    return f"{API}/courses/{quote(reference, safe=':')}"


def _courses(account: str) -> str:
    return f"{API}/accounts/{quote(account, safe=':')}/courses"


def _next(answer: WebAnswer) -> str:
    return answer.link("next")


@contextmanager
def _refusals(source: str) -> Iterator[None]:
    """Tell a missing right from a bad token: older Canvas says 401 to both, and names its realm only to the latter.

    Source: canvas-lms, lib/authentication_methods.rb and app/controllers/application_controller.rb.
    """
    try:
        yield
    except HttpError as error:
        answer = error.answer
        if error.kind is not Failure.CREDENTIALS or answer is None or "WWW-Authenticate" in answer.headers:
            raise
        lacks = "its user lacks a right"
        if b"nsufficient scope" in answer.body:
            lacks = "its developer key lacks a scope"
        raise HttpError(
            Failure.FORBIDDEN,
            f"source {source}: {answer.place} answered {answer.status}: the token is good, but {lacks}",
            hint=RIGHTS,
            answer=answer,
        ) from error


def _shaped(answer: WebAnswer, shape: TypeAdapter[T], source: str) -> T:
    data = answer.json()
    try:
        return shape.validate_python(data)
    except ValidationError as error:
        # The values tell of people; the names of the fields do not.
        fields = sorted({str(part) for problem in error.errors() for part in problem["loc"] if part in FIELDS})
        raise HttpError(
            Failure.UNREADABLE,
            f"source {source}: {answer.place} answered with what Canvas does not promise"
            f" ({', '.join(fields) or 'the whole answer'})",
            hint="If Canvas was just upgraded, lms_sync has to follow; what was stored before stays.",
            answer=answer,
        ) from None
