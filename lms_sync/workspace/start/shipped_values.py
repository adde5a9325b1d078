"""Settings that still stand as `init` wrote them, and would tell a reader of a district that does not exist."""

import re
from collections.abc import Iterator
from importlib.resources import files

from lms_sync.model.finding import Area, Finding
from lms_sync.text import fold
from lms_sync.workspace.settings.config import FILE_NAME, Settings

MADE_UP = re.compile(r'"([^"\n]*example[^"\n]*)"', re.IGNORECASE)
"""A value of the shipped lms_sync.toml that stands for one of the district's own; also in a line that is off."""
SHIPPED_VALUE = "shipped-value"


def shipped_values(settings: Settings) -> tuple[Finding, ...]:
    """Return one finding that names every setting whose whole value is the shipped one; nothing when there is none.

    Only what a reader of a report sees or answers to counts. The district's id leads every record and is read by
    nobody, so it may stay.
    """
    text = (files("lms_sync.workspace.start") / FILE_NAME).read_text(encoding="utf-8")
    made_up = {fold(value) for value in MADE_UP.findall(text)}
    standing = [f'{key} is "{value}"' for key, value in _read_by_others(settings) if fold(value) in made_up]
    if not standing:
        return ()
    return (
        Finding(
            Area.CONFIG,
            SHIPPED_VALUE,
            where=FILE_NAME,
            found=f"{', '.join(standing)}, as the program ships it",
            expected="the district's own name and addresses",
            remedy="Write them there. Until then nothing is issued to partners, principals or people.",
            blocks=True,
        ),
    )


def _read_by_others(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield (key, value) of the settings that stand in a message or a document."""
    district = settings.district
    yield "[district] name", district.name
    yield "[district] contact", district.contact
    yield from (("[district] hr", address) for address in district.hr)
    yield "[mail] sender", settings.mail.sender
    yield "[mail] reply_to", settings.mail.reply_to
    yield from ((f"[[building]] {building.name}, principal", building.principal) for building in settings.building)
