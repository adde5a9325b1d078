"""The [[building]] sections of lms_sync.toml: whose principal is sent the monthly heads-up."""

from collections.abc import Sequence

from pydantic import Field

from lms_sync.workspace.settings.section import Section


class BuildingSettings(Section):
    """A building whose principal is sent the monthly heads-up; no section, no heads-up."""

    name: str = Field(pattern=r"\S", max_length=90)
    """As the roster's Buildings write it; case and stray blanks make no difference."""
    principal: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    """The address that receives it, once a person has released it."""


def doubled(buildings: Sequence[BuildingSettings]) -> list[str]:
    """Return the names that several sections have, in small letters, sorted."""
    names = [" ".join(building.name.split()).casefold() for building in buildings]
    return sorted({name for name in names if names.count(name) > 1})
