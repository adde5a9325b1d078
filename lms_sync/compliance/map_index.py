"""Which rows of the map speak of a completion: by source, course and unit, each written anyhow. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from lms_sync.model.course_map import EVERY_SOURCE, CourseMap, CourseRow
from lms_sync.model.evidence import Completion
from lms_sync.store.known.judged_people import CourseNames
from lms_sync.text import fold
from lms_sync.workspace.mapping.file_names import in_file_name

IN_FILE_NAME = "course_in_file_name"
"""The attribute of completions whose course is a short name as it stands in a file's name."""
_Key = tuple[str, str, str]
_NAMES = attrgetter("source", "course", "course_title", "unit", "unit_title")


def course_names(completion: Completion) -> CourseNames:
    """Return the names by which a row of the map is found."""
    in_file_name = bool(completion.attributes) and IN_FILE_NAME in dict(completion.attributes)
    return (*_NAMES(completion), in_file_name)


@dataclass(frozen=True, slots=True)
class MapIndex:
    """The map's rows by (source, folded course, folded unit); rows of one key have days that don't overlap."""

    rows: Mapping[_Key, tuple[CourseRow, ...]]
    in_file_names: Mapping[_Key, tuple[_Key, ...]]
    """The keys whose courses have one form in files' names, by that form in place of the course."""
    _matched: dict[CourseNames, tuple[CourseNames, tuple[CourseRow, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What was found before, since many people take one course."""

    @classmethod
    def of(cls, course_map: CourseMap) -> "MapIndex":
        """Return the index of a map that passed its check."""
        rows = defaultdict(list)
        for row in course_map.rows:
            rows[row.source, fold(row.course), fold(row.unit)].append(row)
        forms = defaultdict(list)
        for (source, course, unit), (row, *_) in rows.items():
            forms[source, in_file_name(row.course), unit].append((source, course, unit))
        return cls(
            {key: tuple(same) for key, same in rows.items()}, {key: tuple(same) for key, same in forms.items()}
        )

    def match(self, completion: Completion) -> tuple[CourseRow, ...]:
        """Return the rows for the completion's source, course and unit, whatever their days; empty for unmapped.

        A named source's row is found by `Completion.course` and `.unit` or, where the unit has an id that no row has,
        by the unit's title. A `*` row cannot know a source's ids, so it is found by course and unit id or else by
        their titles. A row without a unit is found only for completions without one. A course of which only a file's
        name tells is found by its form there, where no other course has it or a row of the source has that form.
        """
        return self.found(completion)[1]

    def found(self, completion: Completion) -> tuple[CourseNames, tuple[CourseRow, ...]]:
        """Return the names by which the rows of a completion are found, and the rows as `match` tells."""
        names = course_names(completion)
        before = self._matched.get(names)
        if before is None:
            before = self._matched[names] = names, self._match(completion)
        return before

    def _match(self, completion: Completion) -> tuple[CourseRow, ...]:
        own = _keys(completion.source, (completion.course,), units=(completion.unit, completion.unit_title))
        if IN_FILE_NAME in dict(completion.attributes):
            return self._by_form(own, completion)
        either, units = (completion.course, completion.course_title), (completion.unit, completion.unit_title)
        keys = (*own, *_keys(EVERY_SOURCE, either, units=units))
        return next((self.rows[key] for key in keys if key in self.rows), ())

    def _by_form(self, own: Sequence[_Key], completion: Completion) -> tuple[CourseRow, ...]:
        """Return the rows of the source whose course is the form itself, else those of the one course that has it."""
        exact, alike = next((self.rows[key] for key in own if key in self.rows), ()), self.alike(completion)
        return exact or (self.rows[alike[0]] if len(alike) == 1 else ())

    def alike(self, completion: Completion) -> tuple[_Key, ...]:
        """Return the keys that a course's form in a file's name may stand for; none where a course is told itself.

        A named source's row replaces the `*` row of the same course, and no other.
        """
        if IN_FILE_NAME not in dict(completion.attributes):
            return ()
        units = completion.unit, completion.unit_title
        pairs = (_keys(source, (completion.course,), units=units) for source in (completion.source, EVERY_SOURCE))
        for own, shared in zip(*pairs, strict=True):
            named = self.in_file_names.get(own, ())
            replaced = {course for _, course, _ in named}
            if found := (*named, *(key for key in self.in_file_names.get(shared, ()) if key[1] not in replaced)):
                return found
        return ()


def _keys(source: str, courses: tuple[str, ...], *, units: tuple[str, ...]) -> list[_Key]:
    """Return the keys to look under, in order of trust: ids before titles."""
    named = [fold(unit) for unit in units if fold(unit)] or [""]
    return [(source, fold(course), unit) for course in courses if fold(course) for unit in named]
