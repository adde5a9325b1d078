"""That a mail is retracted, and why. Pure."""

from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gate import PartnerText, fill, own_row, program, setting
from lms_sync.reports import words
from lms_sync.reports.notice import Notice, NoticeList


@dataclass(frozen=True, slots=True)
class Retraction:
    """Which mail is retracted."""

    subject: str
    """Of that mail, as its readers have it."""
    sent_on: date
    reason: PartnerText
    district: str
    contact: str


def retraction_notice(retraction: Retraction) -> Notice:
    """Return the short mail to those who have the other one."""
    day, district = words.written(retraction.sent_on), setting(retraction.district)
    return Notice(
        subject=fill("{}: please disregard our mail of {}", district, day),
        title=program("A mail is retracted"),
        lead=(
            fill("Our mail of {}, “{}”, is retracted and no longer counts.", day, own_row(retraction.subject)),
            fill("Why: {}", retraction.reason),
        ),
        lists=(
            NoticeList(
                program("What to do"),
                (
                    program("Delete it, and the files that came with it."),
                    program("Please inform everybody who got it from you."),
                    program("The next report is sent as usual, or sooner by the district’s word."),
                ),
            ),
        ),
        district=district,
        contact=setting(retraction.contact),
    )
