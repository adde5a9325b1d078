"""topics.toml and series.toml → the law as frozen values, and which version is in force on a day.

The texts travel with the values, so that the store can keep them and a replay can parse what was in force then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from lms_sync.errors import UsageError
from lms_sync.law.texts import entries_of, entry_of, expect_unique
from lms_sync.model.roster import StaffClass
from lms_sync.text import written_day


class Counts(StrEnum):
    """How a component's credits are counted."""

    TOPICS = "topics"
    """Each topic is a requirement of its own; one credit is enough."""
    DATES = "dates"
    """Different dates; each needs a host school and an experienced officer."""
    AMOUNTS = "amounts"
    """The amounts of the credits; of one date only the largest."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of the classroom training (RCW 28A.310.515(2))."""

    id: str
    """`topic-01` … `topic-13`."""
    number: int
    """Place in the law's order, from 1; not a unit's or module's number."""
    letter: str
    in_force_from: date
    reference: str
    name: str
    """Short, for columns and lists: 32 characters at most."""
    wording: str
    """The statute's own."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the series, documented as a whole by an ESD."""

    id: str
    """`classroom`, `on-the-job` or `check-in`."""
    name: str
    """What is counted, in the plural, for sentences."""
    counts: Counts
    need: Mapping[StaffClass, int]
    """Per class; a class that is not in it does not need the component. For the classroom, of each topic."""
    months: int
    """From the start of the clock to the deadline."""
    citation: str
    topics: tuple[str, ...] = ()
    """Only for the classroom: ids in the law's order."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Return the ids of what is judged one by one: the topics, or the component itself."""
        return self.topics or (self.id,)

    def need_of(self, staff_class: StaffClass | None) -> int:
        """Return what the class needs of each requirement; without a class what every class needs at least."""
        if staff_class is not None:
            return self.need.get(staff_class, 0)
        return min(self.need.get(possible, 0) for possible in StaffClass)


@dataclass(frozen=True, slots=True)
class Transition:
    """How the clock starts for people who were there before a version."""

    first_day_before: date
    """Exclusive: the first day on which this rule no longer applies."""
    clock: Literal["decision"]
    """The clock starts on the day that the district's recorded decision states."""
    sentence: str
    """Why, and what the district must record."""


@dataclass(frozen=True, slots=True)
class LegalReading:
    """How we read what the text leaves open."""

    id: str
    confidence: str
    """V read in a copy of the text, I our reading of it, M from memory."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Version:
    """The training series as in force from a day until the next version's."""

    id: str
    in_force_from: date
    """Inclusive."""
    citation: str
    confidence: str
    components: tuple[Component, ...]
    """In the order of reports."""
    transitions: tuple[Transition, ...]
    readings: tuple[LegalReading, ...]

    def required(self, staff_class: StaffClass | None) -> tuple[Component, ...]:
        """Return what the class needs; without a class what every class needs."""
        return tuple(component for component in self.components if component.need_of(staff_class))

    def transition_for(self, first_day: date) -> Transition | None:
        """Return the rule for a clock that the first day alone does not start; None when it does."""
        return next((t for t in self.transitions if first_day < t.first_day_before), None)


@dataclass(frozen=True, slots=True)
class Law:
    """All topics and all versions of the series."""

    topics: tuple[Topic, ...]
    """In the law's order."""
    versions: tuple[Version, ...]
    """By the day from which each is in force."""
    texts: Mapping[str, str]
    """`topics` and `series`: the two files as they were parsed."""

    @property
    def names(self) -> dict[str, str]:
        """Return each topic's short name by its id."""
        return {topic.id: topic.name for topic in self.topics}

    @property
    def wordings(self) -> dict[int, str]:
        """Return each topic's wording in the statute by its number."""
        return {topic.number: topic.wording for topic in self.topics}

    def on(self, as_of: date) -> Version:
        """Return the version in force on `as_of`.

        Raises: UsageError for a day before the first version.
        """
        in_force = [version for version in self.versions if version.in_force_from <= as_of]
        if not in_force:
            first = self.versions[0].in_force_from
            raise UsageError(
                f"the day judged is {written_day(as_of)}, when no training series was in force;"
                f" the first is from {written_day(first)} on",
                hint=f"Name a day from {written_day(first)} on.",
            )
        return in_force[-1]


def load() -> Law:
    """Return the law as it ships with the program."""
    folder = files("lms_sync.law")
    return parse(*((folder / f"{name}.toml").read_text(encoding="utf-8") for name in ("topics", "series")))


@lru_cache(maxsize=8)
def parse(topics_text: str, series_text: str) -> Law:
    """Return the law that the two TOML texts state; the same texts give the same value.

    Raises: ValueError that says in which file and entry an unknown key, a missing key or a contradiction stands.
    """
    topics = tuple(
        entry_of(Topic, entry, "topics.toml, topic") for entry in entries_of(topics_text, "topic", "topics.toml")
    )
    versions = tuple(_version(entry) for entry in entries_of(series_text, "version", "series.toml"))
    _check(topics, versions)
    return Law(topics, versions, {"topics": topics_text, "series": series_text})


def _version(entry: dict[str, Any]) -> Version:
    where = f"series.toml, version {entry.get('id', '?')}"
    parts: dict[str, tuple[object, ...]] = {
        "components": tuple(_component(table, f"{where}, component") for table in entry.get("components", ())),
        "transitions": tuple(
            entry_of(Transition, table, f"{where}, transition") for table in entry.get("transitions", ())
        ),
        "readings": tuple(entry_of(LegalReading, table, f"{where}, reading") for table in entry.get("readings", ())),
    }
    return entry_of(Version, entry | parts, where)


def _component(entry: dict[str, Any], where: str) -> Component:
    component = entry_of(Component, entry, where)
    try:
        need = {StaffClass(name): number for name, number in component.need.items()}
        return replace(component, counts=Counts(component.counts), need=need, topics=tuple(component.topics))
    except ValueError as error:
        raise ValueError(f"{where} {component.id}: {error}") from error


def _check(topics: Collection[Topic], versions: Collection[Version]) -> None:
    expect_unique([topic.id for topic in topics], "topics.toml: topic")
    expect_unique([version.id for version in versions], "series.toml: version")
    if not versions:
        raise ValueError("series.toml: no version, expected at least one")
    starts = [version.in_force_from for version in versions]
    if sorted(set(starts)) != starts:
        raise ValueError(f"series.toml: versions in force from {starts}, expected each after the one before it")
    in_force = {topic.id: topic.in_force_from for topic in topics}
    for version in versions:
        expect_unique([reading.id for reading in version.readings], f"series.toml, version {version.id}: reading")
        required = [name for component in version.components for name in component.requirements]
        expect_unique(required, f"series.toml, version {version.id}: requirement")
        for name in (topic for component in version.components for topic in component.topics):
            if in_force.get(name, date.max) > version.in_force_from:
                raise ValueError(f"series.toml, version {version.id}: topics.toml has no {name} in force then")
