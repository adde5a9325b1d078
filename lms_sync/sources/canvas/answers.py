"""The shapes of Canvas's answers, as far as they are used. Ids become text; what is missing becomes empty.

Source: Canvas LMS REST API documentation: Courses, Enrollments, Modules; doc/api/object_ids.md of canvas-lms.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter


def _word(value: object) -> object:
    """Return null as an empty text and a number as its digits; ids have up to 64 bits."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Word = Annotated[str, BeforeValidator(_word)]


class Shape(BaseModel):
    """An object of an answer; what we do not use in it is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CanvasCourse(Shape):
    """A course of Canvas."""

    id: Word
    name: Word = ""
    course_code: Word = ""
    workflow_state: Word = "available"

    @property
    def title(self) -> str:
        """Return the name, else the code, else the id."""
        return self.name or self.course_code or self.id


class CanvasUser(Shape):
    """Somebody's account; the identifiers are there only where the token's user may see them."""

    name: Word = ""
    sortable_name: Word = ""
    """`Last, First`."""
    sis_user_id: Word = ""
    login_id: Word = ""
    email: Word = ""


class Enrolment(Shape):
    """A student in a section of a course; who is in two sections comes twice."""

    user_id: Word
    enrollment_state: Word = ""
    """`completed` says that the enrolment is over, not that anything was learned."""
    sis_user_id: Word = ""
    user: CanvasUser = CanvasUser()


class Progress(Shape):
    """How many of a course's module requirements a student has met."""

    requirement_count: int
    requirement_completed_count: int
    completed_at: Word = ""
    """When the last module was completed; empty as long as one is open."""

    @property
    def complete(self) -> bool:
        """Tell whether every requirement is met; none of none is not."""
        return 0 < self.requirement_count <= self.requirement_completed_count


class NoProgress(Shape):
    """What stands in place of a progress that Canvas does not tell, under HTTP 200."""

    error: object


class StudentProgress(Shape):
    """A line of bulk_user_progress."""

    id: Word
    display_name: Word = ""
    progress: Progress | NoProgress


class Requirement(Shape):
    """What an item asks of a student."""

    completed: bool | None = None
    """Whether the student has met it; None where no student was named."""


class ModuleItem(Shape):
    """A page, quiz, … of a module."""

    type: Word = ""
    """`Page`, `Assignment`, `Quiz`, `Discussion`, …"""
    content_id: Word = ""
    """Of the assignment, quiz or discussion; empty for a page."""
    published: bool | None = None
    """None where the token's user may not see drafts, or a student was named."""
    completion_requirement: Requirement | None = None
    """Null where nothing is asked of the student."""


class Module(Shape):
    """A module of a course; `state` and `completed_at` only where a student was named."""

    id: Word
    name: Word = ""
    published: bool | None = None
    """None where the token's user may not see unpublished modules, and so does not."""
    items_count: int = 0
    items: tuple[ModuleItem, ...] | None = None
    """None where Canvas finds them too many to be told along."""
    requirement_count: int | None = None
    """How many of its required items are enough; None, or not told, where it is each of them."""
    state: Word = ""
    """`locked`, `unlocked`, `started` or `completed`."""
    completed_at: Word = ""


class CanvasTopic(Shape):
    """A discussion."""

    id: Word = ""


class CanvasAssignment(Shape):
    """What a submission is for; a quiz and a graded discussion have one, too."""

    quiz_id: Word = ""
    discussion_topic: CanvasTopic = CanvasTopic()


class Submission(Shape):
    """What a student handed in, or was excused from."""

    assignment_id: Word
    excused: bool | None = None
    assignment: CanvasAssignment = CanvasAssignment()


COURSE: TypeAdapter[CanvasCourse] = TypeAdapter(CanvasCourse)
COURSES: TypeAdapter[list[CanvasCourse]] = TypeAdapter(list[CanvasCourse])
ENROLMENTS: TypeAdapter[list[Enrolment]] = TypeAdapter(list[Enrolment])
PROGRESS: TypeAdapter[Progress | NoProgress] = TypeAdapter(Progress | NoProgress)
STUDENTS_PROGRESS: TypeAdapter[list[StudentProgress]] = TypeAdapter(list[StudentProgress])
MODULES: TypeAdapter[list[Module]] = TypeAdapter(list[Module])
MODULE_ITEMS: TypeAdapter[list[ModuleItem]] = TypeAdapter(list[ModuleItem])
SUBMISSIONS: TypeAdapter[list[Submission]] = TypeAdapter(list[Submission])
