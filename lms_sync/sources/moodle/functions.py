"""The strategy `functions`, for sites that can have no custom report: course by course, person by person.

Two requests and more a course, one a person, one for each completion: hundreds where the report needs four. Who is no
longer actively enrolled has no answer here, though Moodle keeps the completion; the report shows most of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.errors import SourceError
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.moodle.answers import CompletionStatus, Courses, MoodleCourse, MoodleMember, SiteInfo, Taken
from lms_sync.sources.moodle.calls import Calls, Param
from lms_sync.sources.moodle.criteria import Certain, Unsure, completed_at
from lms_sync.sources.moodle.error_codes import MEANINGS, ErrorEffect, MoodleError
from lms_sync.sources.moodle.found import FoundRow, FoundTable
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.tables.cells import Value

BY_FIELD = "core_course_get_courses_by_field"
MEMBERS = "core_enrol_get_enrolled_users"
TAKEN = "core_enrol_get_users_courses"
STATUS = "core_completion_get_course_completion_status"
USER_FIELDS = "id,username,idnumber,email,firstname,lastname"
LISTED = 200
"""Members asked for at once."""
ROLES: tuple[Role, ...] = (
    "learner",
    "person_id",
    "email",
    "first_name",
    "last_name",
    "course",
    "course_title",
    "status",
    "completed_on",
)


HIDDEN = "the course is hidden from students"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the site tells of one enrolment."""

    status: str | None = None
    at: datetime | None = None
    days: tuple[date, ...] = ()
    """Those on which it may have been completed, where it is not certain."""
    skip: str = ""
    """Why it tells nothing; empty where it tells something."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Which courses are asked for, and the layout whose headings and words the answers are put in."""

    courses: tuple[str, ...]
    """Course ID numbers."""
    layout: Layout
    district_zone: str
    """The zone whose calendar days count."""

    @property
    def needs(self) -> frozenset[str]:
        """Return the functions that the service must offer."""
        return frozenset((BY_FIELD, MEMBERS, TAKEN, STATUS))

    @property
    def wants(self) -> frozenset[str]:
        """Return the functions that the service should offer."""
        return frozenset()

    def read(self, calls: Calls, site: SiteInfo) -> FoundTable:
        """Return every enrolment in the courses as a row.

        Raises: SourceError when a course is not there, and when answers are so empty that a right must be missing.
        """
        courses = [_course(calls, idnumber) for idnumber in self.courses]
        tracked = _tracked(calls, courses)
        members = {course.id: _members(calls, course) for course in tracked}
        everyone = {member.id: member for group in members.values() for member in group}
        _refuse_silence(calls, list(everyone.values()))
        taken = {number: _taken(calls, number) for number in everyone}
        if not any(taken.values()) and any(course.visible for course in tracked):
            raise _right_missing(calls, "no member takes any course", "moodle/course:viewparticipants")
        rows = (
            self._row(calls, course, member, taken[member.id].get(course.id))
            for course in tracked
            for member in members[course.id]
        )
        url = calls.session.endpoint.url.rstrip("/")
        headings = tuple(self.layout.columns[role][0] for role in self._roles())
        return FoundTable(
            f"{len(courses)} courses of {url}",
            f"{url}/course",
            headings,
            tuple(rows),
            (
                *(_untracked(calls, course) for course in courses if course not in tracked),
                *(_hidden(calls, course) for course in tracked if not course.visible),
            ),
        )

    def _roles(self) -> list[Role]:
        return [role for role in ROLES if role in self.layout.columns]

    def _row(self, calls: Calls, course: MoodleCourse, member: MoodleMember, taken: Taken | None) -> FoundRow:
        values: dict[Role, Value] = {
            "learner": member.username,
            "person_id": member.idnumber or None,
            "email": member.email or None,
            "first_name": member.firstname or None,
            "last_name": member.lastname or None,
            "course": course.idnumber,
            "course_title": course.fullname,
        }
        answer = self._completion(calls, course, member, taken)
        values |= {"status": answer.status, "completed_on": answer.at}
        return FoundRow(tuple(values.get(role) for role in self._roles()), answer.skip, answer.days)

    def _completion(self, calls: Calls, course: MoodleCourse, member: MoodleMember, taken: Taken | None) -> _Answer:
        """Return status and time of one enrolment, or why there are none."""
        if taken is None:
            return _Answer(skip=MEANINGS["usernotenroled"].found if course.visible else HIDDEN)
        if taken.completed is None:
            raise _right_missing(calls, "completions are hidden", "report/completion:view")
        if not taken.completed:
            return _Answer(self.layout.status.not_done[0])
        try:
            status = calls.call(STATUS, {"courseid": course.id, "userid": member.id}, CompletionStatus)
        except MoodleError as error:
            if error.meaning.outcome is ErrorEffect.SKIP:
                return _Answer(skip=error.meaning.found)
            raise
        done = self.layout.status.done[0]
        match completed_at(status.completionstatus, self.district_zone):
            case Certain(at):
                return _Answer(done, at)
            case Unsure(days):
                return _Answer(done, days=days)


def _course(calls: Calls, idnumber: str) -> MoodleCourse:
    found = calls.call(BY_FIELD, {"field": "idnumber", "value": idnumber}, Courses).courses
    if len(found) == 1 and found[0].enablecompletion is None:
        raise _right_missing(calls, f'the course "{idnumber}" does not state its settings', "moodle/course:view")
    if len(found) == 1:
        return found[0].model_copy(update={"idnumber": idnumber})
    raise SourceError(
        f'source {calls.source}: {len(found) or "no"} courses have the ID number "{idnumber}"',
        hint="Correct courses in lms_sync.toml; a hidden course needs the right moodle/course:viewhiddencourses.",
    )


def _tracked(calls: Calls, courses: list[MoodleCourse]) -> list[MoodleCourse]:
    """Return the courses that track completion. Raises: SourceError when none does."""
    if tracked := [course for course in courses if course.enablecompletion]:
        return tracked
    raise SourceError(
        f"source {calls.source}: none of the {len(courses)} courses tracks completion",
        hint="Course → Settings → Completion tracking: Yes; or correct courses in lms_sync.toml.",
    )


def _members(calls: Calls, course: MoodleCourse) -> list[MoodleMember]:
    """Return who is enrolled; Moodle leaves people out of pages, so a short one is not the last; an empty one is."""
    members: dict[int, MoodleMember] = {}
    for start in range(0, calls.session.endpoint.limits.pages * LISTED, LISTED):
        paging = {"userfields": USER_FIELDS, "limitfrom": str(start), "limitnumber": str(LISTED), "sortby": "id"}
        options: list[Param] = [{"name": name, "value": value} for name, value in paging.items()]
        page = calls.call(MEMBERS, {"courseid": course.id, "options": options}, tuple[MoodleMember, ...])
        if not page:
            break
        members |= {member.id: member for member in page}
    return list(members.values())


def _taken(calls: Calls, number: int) -> Mapping[int, Taken]:
    courses = calls.call(TAKEN, {"userid": number, "returnusercount": 0}, tuple[Taken, ...])
    return {course.id: course for course in courses}


def _refuse_silence(calls: Calls, members: list[MoodleMember]) -> None:
    """Raise SourceError where Moodle leaves out what a right is missing for, without a word."""
    if not members:
        raise _right_missing(calls, "nobody is enrolled in any course", "moodle/user:viewdetails")
    if not all(member.username for member in members):
        raise _right_missing(calls, "people come without their usernames", "moodle/user:viewalldetails")
    if not any(member.email or member.idnumber for member in members):
        raise _right_missing(
            calls, "people come without e-mail and ID number", "moodle/site:viewuseridentity (and Show user identity)"
        )


def _right_missing(calls: Calls, found: str, right: str) -> SourceError:
    return SourceError(
        f"source {calls.source}: {found}, as if a right were missing",
        hint=f"Give the service user's role {right}; Moodle silently leaves out what it may not show.",
    )


def _untracked(calls: Calls, course: MoodleCourse) -> Finding:
    return Finding(
        Area.SOURCE,
        "completion-not-tracked",
        f"source {calls.source}, course {course.idnumber}",
        "the course has completion tracking off",
        "a course that tracks completion",
        "Course → Settings → Completion tracking: Yes; or take it out of courses in lms_sync.toml.",
        source=calls.source,
    )


def _hidden(calls: Calls, course: MoodleCourse) -> Finding:
    return Finding(
        Area.SOURCE,
        "course-hidden",
        f"source {calls.source}, course {course.idnumber}",
        "the course is hidden from students, and Moodle then reports nobody's completion of it",
        "a course that students see",
        "Course → Settings → Course visibility: Show; or read it by a custom report, which includes hidden courses."
        " What was read before stays.",
        source=calls.source,
    )
