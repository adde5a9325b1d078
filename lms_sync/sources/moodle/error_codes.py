"""Moodle's errors, which come under HTTP 200: by `errorcode`, what each means and what to do.

Messages are localised and exception classes changed their names in 4.x, so only the code decides. A good answer may
be a list, `true` or `null`. Source: answers recorded from Moodle 4.5.6 (tests/sources/recordings/moodle/errors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms_sync.errors import SourceError
from lms_sync.sources.http.answer import WebAnswer

WEB_SERVICES = "Site administration → Server → Web services"
SERVICES = f"{WEB_SERVICES} → External services"


class ErrorEffect(StrEnum):
    """What an error means for the pull."""

    LATER = "later"
    """The site is busy with itself; asked again within this pull, and the next night."""
    FATAL = "fatal"
    """Nothing can be pulled until a person mends it."""
    SKIP = "skip"
    """This one person or course has no answer; the others have."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """An errorcode in words."""

    outcome: ErrorEffect
    found: str
    remedy: str = ""


def _later(found: str) -> Meaning:
    return Meaning(ErrorEffect.LATER, found, "What was read before stays; the next night tries again.")


def _fatal(found: str, remedy: str) -> Meaning:
    return Meaning(ErrorEffect.FATAL, found, remedy)


def _skip(found: str) -> Meaning:
    return Meaning(ErrorEffect.SKIP, found)


MEANINGS: Mapping[str, Meaning] = {
    "sitemaintenance": _later("the site is in maintenance mode"),
    "upgraderunning": _later("the site is being upgraded"),
    "dbconnectionfailed": _later("the site's database does not answer"),
    "invalidtoken": _fatal(
        "the site does not know the token: it is mistyped, was deleted or has expired",
        f"{WEB_SERVICES} → Manage tokens: make a new one for the service user, and store it.",
    ),
    "accessexception": _fatal(
        "the site refuses the token: it has expired, it is bound to another IP address, the service is disabled or "
        "lacks the function, or the service user lacks webservice/rest:use",
        f"Check these five under {SERVICES} and Manage tokens; Moodle does not say which it is.",
    ),
    "invalidrecord": _fatal(
        "what was asked for is not on the site: the report, the course or the function",
        "Check report and courses in lms_sync.toml, and that the site is Moodle 4.1 or newer.",
    ),
    "invalidparameter": _fatal(
        "the site does not take the parameters of the call",
        "Its Moodle or a plugin of it has changed; report it with the release that `lms-sync doctor` shows.",
    ),
    "nopermissions": _fatal(
        "the service user lacks a right",
        "Give its role the capabilities that docs/moodle.md lists for the strategy.",
    ),
    "cannotviewreport": _fatal(
        "the service user may not see completions",
        "Give its role report/completion:view in these courses, and see that each has completion tracking on.",
    ),
    "errorcoursecontextnotvalid": _fatal(
        "the service user may not enter a course",
        "Give its role moodle/course:view, and moodle/course:viewhiddencourses for hidden ones.",
    ),
    "requireloginerror": _fatal(
        "the service user may not enter a course",
        "Give its role moodle/course:view, and moodle/course:viewhiddencourses for hidden ones.",
    ),
    "errorreportview": _fatal(
        "the service user may not see the custom report",
        "Reports → Report builder → Custom reports → the report → Audience: add the service user by hand; and see "
        "that custom reports are switched on for the site.",
    ),
    "wsaccessusersuspended": _fatal(
        "the service user's account is suspended", "Users → Accounts: make it active again."
    ),
    "forcepasswordchangenotice": _fatal(
        "the service user has to change the password",
        "Users → Accounts: take off Force password change; better, set its authentication to Web services.",
    ),
    "sitepolicynotagreed": _fatal(
        "the service user has not agreed to the site's policy", "Agree for it under Users → Privacy and policies."
    ),
    "invaliduserfield": _fatal(
        "the site does not know a field of its users",
        "Its Moodle has changed; report it with the release that `lms-sync doctor` shows.",
    ),
    "privacyofficeronly": _fatal(
        "the function is for privacy officers only", f"Take it out of the service: {SERVICES} → Functions."
    ),
    "invalidlogin": _fatal("the site refuses the sign-in", f"Use a token made under {WEB_SERVICES} → Manage tokens."),
    "servicenotavailable": _fatal("the service is not there or is disabled", f"{SERVICES}: enable it."),
    "usernotenroled": _skip("the enrolment is not active: removed, suspended, expired or not begun"),
    "invaliduser": _skip("the site does not know the user"),
    "userdeleted": _skip("the user was deleted on the site"),
    "nocriteriaset": _skip("the course has no completion criteria"),
}


class MoodleError(SourceError):
    """An error that Moodle told under HTTP 200."""

    def __init__(self, message: str, *, code: str, meaning: Meaning) -> None:
        super().__init__(message, hint=meaning.remedy)
        self.code = code
        self.meaning = meaning


def errorcode(value: Any) -> str:
    """Return the errorcode of an answer that is an error, an empty string for a good one."""
    if isinstance(value, dict) and isinstance(code := value.get("errorcode"), str):
        return code if "exception" in value or "error" in value else ""
    return ""


def meaning_of(code: str) -> Meaning:
    """Return what an errorcode means; one that nobody has met stops the pull."""
    unknown = _fatal(
        f'the site answers with the error "{code[:60]}"', "Look it up in Moodle's documentation, and report it."
    )
    return MEANINGS.get(code, unknown)


def passing_trouble(answer: WebAnswer) -> str:
    """Return why an answer under HTTP 200 should be asked for again, an empty string for any other."""
    code = errorcode(answer.json()) if answer.is_json and answer.body else ""
    meaning = meaning_of(code)
    return meaning.found if code and meaning.outcome is ErrorEffect.LATER else ""
