"""yearly.toml → what an agreement must hold and what a district owes each year, and which version is in force."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from lms_sync.errors import UsageError
from lms_sync.law.texts import entries_of, entry_of, expect_unique


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that review and adoption of an agreement need."""

    id: str
    """`A1` … `A5`, `B1`, `B2`, `C`, `parents`, `students`, `community`."""
    kind: Literal["text", "series", "involvement"]
    """Something that the agreement must say; clause C; somebody who must have been involved."""
    name: str
    wording: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the district owes once each school year."""

    id: str
    """`students`, `families` or `ospi`."""
    each: Literal["building", "district"]
    name: str
    citation: str


@dataclass(frozen=True, slots=True)
class YearlyVersion:
    """What is owed each year, as in force from a day until the next version's."""

    id: str
    in_force_from: date
    """Inclusive."""
    citation: str
    confidence: str
    points: tuple[Point, ...]
    """In the order of the checklist."""
    duties: tuple[Duty, ...]

    def point(self, point_id: str) -> Point:
        """Return one point. Raises: UsageError for an id that there is none of."""
        for point in self.points:
            if point.id.casefold() == point_id.strip().casefold():
                return point
        raise UsageError(
            f"{point_id}: the review has no such point", hint=f"There are: {', '.join(p.id for p in self.points)}."
        )

    def duty(self, duty_id: str) -> Duty:
        """Return one duty. Raises: UsageError for an id that there is none of."""
        for duty in self.duties:
            if duty.id.casefold() == duty_id.strip().casefold():
                return duty
        found = f"{duty_id}: there is no such yearly duty" if duty_id.strip() else "no yearly duty was chosen"
        raise UsageError(found, hint=f"There are: {', '.join(d.id for d in self.duties)}.")


@dataclass(frozen=True, slots=True)
class Yearly:
    """All versions, by the day from which each is in force."""

    versions: tuple[YearlyVersion, ...]
    text: str
    """The file as it was parsed, so that the store can keep it and a replay can parse what was in force then."""

    def on(self, day: date) -> YearlyVersion:
        """Return the version in force on `day`; before the first one, the first, since agreements went on."""
        return next(
            (yearly_version for yearly_version in reversed(self.versions) if yearly_version.in_force_from <= day),
            self.versions[0],
        )


def load_yearly() -> Yearly:
    """Return what ships with the program."""
    return parse_yearly((files("lms_sync.law") / "yearly.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def parse_yearly(text: str) -> Yearly:
    """Return what the TOML text states; the same text gives the same value.

    Raises: ValueError that says in which entry something is wrong.
    """
    versions = tuple(_version(entry) for entry in entries_of(text, "version", "yearly.toml"))
    starts = [version.in_force_from for version in versions]
    if not versions or sorted(set(starts)) != starts:
        raise ValueError(f"yearly.toml: versions in force from {starts}, expected each after the one before it")
    return Yearly(versions, text)


def _version(entry: dict[str, Any]) -> YearlyVersion:
    where = f"yearly.toml, version {entry.get('id', '?')}"
    points = tuple(entry_of(Point, table, f"{where}, point") for table in entry.get("points", ()))
    duties = tuple(entry_of(Duty, table, f"{where}, duty") for table in entry.get("duties", ()))
    expect_unique((point.id for point in points), f"{where}: point")
    expect_unique((duty.id for duty in duties), f"{where}: duty")
    return entry_of(YearlyVersion, entry | {"points": points, "duties": duties}, where)
