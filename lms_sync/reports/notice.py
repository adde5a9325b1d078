"""Short mails of one form: a title, what there is to say, lists with what is so and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms_sync.compliance.gate import PartnerText
from lms_sync.reports import words
from lms_sync.reports.templates import EmailParts, Templates, render


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A list under a title of its own."""

    title: PartnerText
    points: tuple[PartnerText, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a short mail says. Every text has come through the gate."""

    subject: PartnerText
    """Names nobody."""
    title: PartnerText
    lead: tuple[PartnerText, ...]
    """Paragraphs."""
    lists: tuple[NoticeList, ...]
    """Empty ones are left out."""
    district: PartnerText
    contact: PartnerText
    """Whom to call or write to, in one line."""
    to_person: bool = False
    """True where it goes to the person whom it is about, and not to a partner's contact."""


def notice_email(notice: Notice, templates: Templates) -> EmailParts:
    """Return the e-mail. Raises: UsageError when a template can't be filled."""
    return render(
        templates,
        "notice",
        notice.subject,
        title=notice.title,
        lead=_clean(notice.lead),
        lists=tuple(NoticeList(part.title, _clean(part.points)) for part in notice.lists if part.points),
        district=words.clean(notice.district),
        contact=words.clean(notice.contact),
        to_person=notice.to_person,
    )


def _clean(texts: Sequence[PartnerText]) -> tuple[PartnerText, ...]:
    return tuple(words.clean(text) for text in texts)
