"""What a district says of itself when its workspace is made, and the settings that come of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from lms_sync.tables.typed_days import DateOrder
from lms_sync.text import did_you_mean, plain
from lms_sync.workspace.settings.edit import changed

CarrierName = Literal["", "folder", "smtp", "graph"]
NO_DATES = '# dates = "month-first"'
"""The setting as it is shipped: nobody has said yet."""
OF_A_DISTRICT = frozenset(("school", "schools", "district", "public", "no", "number", "sd", "the", "of"))
SMTP_PASSWORD, OAUTH_SECRET = "state/smtp-password", "state/oauth-secret"
"""Files in which the secrets are expected; a person puts them there."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said of a new workspace; an empty text: nothing, so the shipped value stays."""

    name: str = ""
    district_id: str = ""
    hr: str = ""
    """The address that gets the night's summary, and from which reports come."""
    telephone: str = ""
    zone: str = ""
    dates: DateOrder = ""
    carrier: CarrierName = ""
    host: str = ""
    """The mail relay's name (`smtp`)."""
    user: str = ""
    """The relay's user (`smtp`); empty where it asks for none."""
    tenant: str = ""
    client_id: str = ""
    """The app's registration at Microsoft (`graph`)."""

    @property
    def contact(self) -> str:
        """Return the line that tells partners whom to call or write to."""
        return ", ".join(filter(None, (self.name, "Human Resources", self.telephone, self.hr)))


def id_from(name: str) -> str:
    """Return an id that a district's name suggests: `cascade` for Cascade School District."""
    words = re.findall(r"[a-z0-9]+", name.casefold())
    return "-".join(word for word in words if word not in OF_A_DISTRICT) or "-".join(words)


def wrong_answer(question: str, answer: str) -> str:
    """Return what is wrong with an answer, in a sentence; an empty text for a good one."""
    match question:
        case "name" | "host" | "tenant" | "client_id" if not plain(answer):
            return "It is blank."
        case "district_id" if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", answer):
            return "Small letters, digits and hyphens, such as cascade-sd."
        case "hr" if not re.fullmatch(r"[^@\s]+@[^@\s]+", answer):
            return "An e-mail address, such as hr@cascade.example.org."
        case "telephone" if answer and len(re.findall(r"\d", answer)) < 7:
            return "A telephone number with its area code, such as 425-555-0100."
        case "zone" if not _is_zone(answer):
            return f"{did_you_mean(answer, available_timezones())}A time zone, such as America/Los_Angeles."
    return ""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def with_answers(text: str, answers: Answers) -> str:
    """Return settings that say what was answered; comments and all else stay."""
    if answers.dates:
        text = text.replace(NO_DATES, f'dates = "{answers.dates}"'.ljust(len(NO_DATES)))
    return changed(text, dict(_values(answers)))


def _values(answers: Answers) -> Iterator[tuple[tuple[str, ...], Any]]:
    if answers.district_id:
        yield ("district", "id"), answers.district_id
    if answers.name:
        yield ("district", "name"), answers.name
    if answers.zone:
        yield ("district", "zone"), answers.zone
    if answers.hr:
        yield ("district", "hr"), [answers.hr]
        yield ("mail", "sender"), answers.hr
    if answers.name and answers.hr:
        yield ("district", "contact"), answers.contact
    if answers.carrier:
        yield ("mail", "carrier"), answers.carrier
        yield from _carrier(answers)


def _carrier(answers: Answers) -> Iterator[tuple[tuple[str, ...], Any]]:
    if answers.carrier == "smtp":
        yield ("mail", "smtp", "host"), answers.host
        if answers.user:
            yield ("mail", "smtp", "user"), answers.user
            yield ("mail", "smtp", "password_file"), SMTP_PASSWORD
    if answers.carrier == "graph":
        yield ("oauth", "provider"), "microsoft"
        yield ("oauth", "tenant"), answers.tenant
        yield ("oauth", "client_id"), answers.client_id
        yield ("oauth", "secret_file"), OAUTH_SECRET


__all__ = ["Answers", "id_from", "with_answers", "wrong_answer"]
