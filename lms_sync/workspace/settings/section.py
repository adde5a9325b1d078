"""What all sections of lms_sync.toml share: strict, frozen, no unknown key."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like America/Los_Angeles or UTC") from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Section(BaseModel):
    """A section; its keys are checked without conversion, so a number in quotes is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
