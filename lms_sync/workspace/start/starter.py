"""The starter map: starter.toml → mappings/courses.xlsx.

After a change of starter.toml or of the forms run `python -m lms_sync.workspace.start.starter`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from lms_sync.files import shipped
from lms_sync.model.course_map import EVERY_SOURCE
from lms_sync.workspace.mapping.forms import OFFERINGS
from lms_sync.workspace.start.workbooks import EXAMPLES, Line, mapping_workbook


@dataclass(frozen=True, slots=True)
class StarterCourse:
    """A course by its title."""

    title: str
    provider: str
    note: str
    topics: Sequence[int] = ()
    suggested: Sequence[int] | None = None
    """Not None: nobody has decided yet, these topics are a guess."""
    on_the_job_days: int | None = None
    check_ins: int | None = None
    units: bool = False
    """True when the units of the ESD class are this course's units."""


@dataclass(frozen=True, slots=True)
class StarterUnit:
    """A unit of the ESD class by its title."""

    title: str
    topics: Sequence[int]


@dataclass(frozen=True, slots=True)
class Starter:
    """The whole of starter.toml."""

    decided_by: str
    decided_on: date
    course: tuple[StarterCourse, ...]
    unit: tuple[StarterUnit, ...]

    def lines(self) -> Iterator[Line]:
        """Yield the rows of the sheet Courses: each course, its units, then the units by themselves."""
        for course in self.course:
            yield self._course(course)
            if course.units:
                yield from (self._unit(unit, course.title, provider=course.provider) for unit in self.unit)
        yield from (self._unit(unit, "", provider="ESD 105 SSOCC (Canvas / S5)") for unit in self.unit)

    def _course(self, course: StarterCourse) -> Line:
        return {
            "Source": EVERY_SOURCE,
            "Course": course.title,
            **_marks(course.topics),
            "On-the-job days": course.on_the_job_days,
            "Check-ins": course.check_ins,
            **(self._decision() if course.suggested is None else {}),
            "Note": course.note + _suggestion(course.suggested),
            "Provider": course.provider,
        }

    def _unit(self, unit: StarterUnit, course: str, *, provider: str) -> Line:
        named = {"Course": course, "Unit": unit.title} if course else {"Course": unit.title}
        note = "The unit's title on ESD 105's page (esd105.org, SSOCC, S5)."
        return {
            "Source": EVERY_SOURCE,
            **named,
            **_marks(unit.topics),
            **self._decision(),
            "Note": note,
            "Provider": provider,
        }

    def _decision(self) -> Mapping[str, str | date]:
        return {"Decided by": self.decided_by, "Decided on": self.decided_on}


def _marks(topics: Sequence[int]) -> dict[str, str]:
    return {str(number): "x" for number in topics}


def _suggestion(topics: Sequence[int] | None) -> str:
    return f" Suggested: {', '.join(map(str, topics))}." if topics else ""


def read_starter() -> Starter:
    """Return what starter.toml says."""
    text = (files("lms_sync.workspace.start") / "starter.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Starter(
        decided_by=data["decided_by"],
        decided_on=data["decided_on"],
        course=tuple(StarterCourse(**course) for course in data["course"]),
        unit=tuple(StarterUnit(**unit) for unit in data["unit"]),
    )


def starter_workbook() -> bytes:
    """Return the bytes of the starter map; the same on every run."""
    return mapping_workbook(read_starter().lines(), EXAMPLES[OFFERINGS.title])


if __name__ == "__main__":
    (shipped("mappings") / "courses.xlsx").write_bytes(starter_workbook())
