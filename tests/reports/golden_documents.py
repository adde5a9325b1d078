"""The documents of the sample night, beside their goldens.

`python tests/reports/golden_documents.py` writes the goldens anew; a person reads the diff before it is committed.
"""

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.operations.sample_night import sample_night, sample_overview
from lms_sync.reports.district.page import district_page
from lms_sync.reports.night.email import night_email
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.templates import Templates, template_environment

GOLDENS = Path(__file__).parent / "goldens"
PAGES = ("district.html", "night.html", "night.txt", "partner.html", "partner.txt")
"""What `documents` makes; a test of each is collected before the first is made."""
VOICE = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))


@cache
def documents() -> dict[str, str]:
    """Return the golden's file name → what the document says now."""
    partner = partner_email(sample_report(), sample_plan(), VOICE)
    night = night_email(sample_night(), VOICE)
    return {
        "partner.html": partner.html,
        "partner.txt": f"{partner.subject}\n\n{partner.text}",
        "district.html": district_page(sample_overview(), VOICE),
        "night.html": night.html,
        "night.txt": f"{night.subject}\n\n{night.text}",
    }


def write_goldens() -> None:
    """Write every golden anew."""
    for name, text in documents().items():
        (GOLDENS / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    write_goldens()
