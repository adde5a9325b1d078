"""A principal's heads-up: who is posted at the building, on how many days a week, and the state alone."""

from dataclasses import dataclass
from decimal import Decimal

from lms_sync.compliance.gate import PartnerText, fill, program
from lms_sync.compliance.posted import BuildingList
from lms_sync.model.roster import DAYS_NOT_RECORDED
from lms_sync.reports import words
from lms_sync.reports.templates import EmailParts, Templates, render


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One person, as the list says it."""

    name: PartnerText
    position: PartnerText
    days: PartnerText
    """`3 days a week`."""
    state: PartnerText


def building_email(building_list: BuildingList, templates: Templates) -> EmailParts:
    """Return the e-mail to the principal. Raises: UsageError when a template can't be filled."""
    building = words.clean(building_list.building)
    subject = fill("Safety and security staff at {}, {}", building, words.written_in_full(building_list.as_of))
    return render(
        templates,
        "building",
        subject,
        building=building,
        district=words.clean(building_list.district),
        contact=words.clean(building_list.contact),
        as_of=building_list.as_of,
        known_at=templates.instant(building_list.known_at),
        people=_lines(building_list),
    )


def _lines(building_list: BuildingList) -> tuple[PostedLine, ...]:
    return tuple(
        PostedLine(
            words.clean(posted.name),
            words.clean(posted.position),
            days_words(posted.days),
            words.state_words(posted.state, posted.doubted),
        )
        for posted in building_list.people
    )


def days_words(days: Decimal) -> PartnerText:
    """Return days a week in words: `1 day a week`, `2.5 days a week`, or that they are not recorded."""
    if days == DAYS_NOT_RECORDED:
        return program("days a week not recorded")
    return fill("{:f} day a week" if days == 1 else "{:f} days a week", days.normalize())
