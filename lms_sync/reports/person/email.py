"""The short mail that carries a person's own record to the person: what is missing, and how to dispute it. Pure."""

from lms_sync.compliance.gate import fill, program, setting
from lms_sync.compliance.person_record import PersonRecord
from lms_sync.reports import words
from lms_sync.reports.notice import Notice, NoticeList
from lms_sync.reports.person.pdf import record_page
from lms_sync.reports.templates import Templates


def record_notice(record: PersonRecord, templates: Templates) -> Notice:
    """Return the mail; its subject names nobody."""
    page = record_page(record, templates)
    district = words.clean(setting(record.district))
    return Notice(
        subject=fill("{}: your school safety training record", district),
        title=program("Your training record"),
        lead=(
            fill("The attached record shows what counts as of {}, and from where.", words.written(record.as_of)),
            program("If something in it is wrong or missing, write to the address below, with what you have."),
        ),
        lists=(NoticeList(program("Missing"), tuple(fill("{}: {}", line.what, line.due) for line in page.missing)),),
        district=district,
        contact=setting(record.contact),
        to_person=True,
    )
