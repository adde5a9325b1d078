"""The demo's class on Canvas: its modules are the starter map's units, its students come from two districts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lms_sync.demo.cast import CastMember, members
from lms_sync.workspace.start.starter import StarterUnit, read_starter

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ServedItem:
    """An item of a module of which something is asked."""

    id: int
    type: str = "Page"
    """`Page`, `Assignment`, `Quiz`, `Discussion`."""
    published: bool = True
    visible_to: frozenset[int] | None = None
    """The students to whom it is assigned; None: everybody."""

    def is_seen_by(self, student: int) -> bool:
        """Tell whether a student can see it."""
        return self.published and (self.visible_to is None or student in self.visible_to)


@dataclass(slots=True)
class ServedModule:
    """A module of a class."""

    id: int
    name: str
    requirements: int = 1
    """Pages of which something is asked; there is always one more, of which nothing is."""
    published: bool = True
    large: bool = False
    """True when its items are too many to be told along with it."""
    items: tuple[ServedItem, ...] = ()
    """Those of which something is asked, in place of `requirements` pages."""
    asks_for: int | None = None
    """How many of them are enough; None: each of them."""

    @property
    def asked(self) -> tuple[ServedItem, ...]:
        """Return the items of which something is asked."""
        return self.items or tuple(ServedItem(self.id * 100 + place) for place in range(self.requirements))


@dataclass(slots=True)
class ServedStudent:
    """A student of a class."""

    id: int
    sortable_name: str
    """`Last, First`."""
    sis_user_id: str = ""
    login_id: str = ""
    email: str = ""
    completed: dict[int, str | None] = field(default_factory=dict)
    """Module id → when it was completed; None where Canvas knows no instant."""
    unmet: set[int] = field(default_factory=set)
    """Items that were not met, in a module that is completed all the same."""
    excused: set[int] = field(default_factory=set)
    """Items that a teacher excused the student from."""
    enrolment: str = "active"
    sections: int = 1

    @property
    def name(self) -> str:
        """Return the name as it is said: first name, last name."""
        last, _, first = self.sortable_name.partition(", ")
        return f"{first} {last}".strip()


@dataclass(slots=True)
class ServedCourse:
    """A class."""

    id: int
    name: str
    sis_course_id: str
    modules: list[ServedModule]
    students: list[ServedStudent]
    workflow_state: str = "available"

    def progress(self, student: ServedStudent) -> Json:
        """Return how many of the requirements that the student can see are met; each module's are met together."""
        seen = {m.id: sum(item.is_seen_by(student.id) for item in m.asked) for m in self.modules if m.published}
        asked = {number: count for number, count in seen.items() if count}
        done = [student.completed[number] for number in asked if number in student.completed]
        whole = len(done) == len(asked) and all(done)
        return {
            "requirement_count": sum(asked.values()),
            "requirement_completed_count": sum(n for number, n in asked.items() if number in student.completed),
            "next_requirement_url": None,
            "completed_at": max(filter(None, done), default=None) if whole else None,
        }


AUTUMN = date(2026, 11, 2)
"""The day on which the demo's class began on Canvas."""
WELCOME = "Welcome, and how this class works"
"""A module that asks for nothing, so Canvas calls it completed; it counts for nothing."""
ENOUGH = 11
"""Topics from which on somebody takes no unit in the demo's class, so that nobody becomes complete by it."""
ELSEWHERE = ("Aalto, Mirja", "Benítez, Óscar", "Chukwu, Adaeze", "Dufresne, Loïc", "陳, 美玲")
"""Officers of another district, who are not ours."""


def esd_class() -> ServedCourse:
    """Return the class as Canvas has it on the demo's nights; the same each time."""
    starter = read_starter()
    name = next(course.title for course in starter.course if course.units)
    welcome = ServedModule(100, WELCOME, requirements=0)
    modules = [ServedModule(101 + place, unit.title, 2) for place, unit in enumerate(starter.unit)]
    students = [*_ours(starter.unit), *_others(modules)]
    return ServedCourse(4711, name, "HB1214-2026", [welcome, *modules], students)


def _ours(units: tuple[StarterUnit, ...]) -> Iterator[ServedStudent]:
    """Yield the officers who lack some topics, each with the first unit that teaches one of them."""
    started = [cast_member for cast_member in members() if 0 < len(cast_member.topics) < ENOUGH and cast_member.via]
    for place, member in enumerate(started):
        missing = [number for number, unit in enumerate(units) if not set(unit.topics) & set(member.topics)]
        done: dict[int, str | None] = {101 + number: _evening(place) for number in missing[:1]}
        yield _student(900 + place, member, done)


def _student(number: int, member: CastMember, done: dict[int, str | None]) -> ServedStudent:
    name = f"{member.last}, {member.first}"
    return ServedStudent(number, name, f"ESD-{number}", member.email, member.email, done)


def _others(modules: list[ServedModule]) -> Iterator[ServedStudent]:
    for place, name in enumerate(ELSEWHERE):
        login = f"guest{place}@elsewhere.example.com"
        done: dict[int, str | None] = {module.id: _evening(place) for module in modules[: 3 * place]}
        over = "completed" if place == len(ELSEWHERE) - 1 else "active"
        yield ServedStudent(990 + place, name, login_id=login, completed=done, enrolment=over)


def _evening(place: int) -> str:
    """Return an instant in the evening of a day of November, which in UTC is the next day."""
    at = datetime.combine(AUTUMN + timedelta(days=1 + place % 14), time(4, 15, place % 60), UTC)
    return at.isoformat().replace("+00:00", "Z")
