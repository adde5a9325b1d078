"""Calls of Moodle's web services: POST only, so that the token stands in no log of addresses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from lms_sync.errors import SourceError
from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.session import Session
from lms_sync.sources.moodle.answers import SiteInfo
from lms_sync.sources.moodle.error_codes import WEB_SERVICES, MoodleError, errorcode, meaning_of
from lms_sync.sources.moodle.proof import ASKED

SERVER = "/webservice/rest/server.php"
SITE_INFO = "core_webservice_get_site_info"
SETTINGS = {
    "moodlewsrestformat": "json",
    "moodlewssettinglang": "en",
    # Names would come HTML-escaped, and cut at every `<`; the cells of reports are escaped all the same.
    "moodlewssettingraw": "1",
}

HINTS = {
    Failure.FORBIDDEN: "Web services or the REST protocol are off: Site administration → Advanced features → "
    f"Enable web services, and {WEB_SERVICES} → Manage protocols → REST.",
    Failure.MISSING: "There is no Moodle at that address: state in url what $CFG->wwwroot says.",
    Failure.REDIRECT: "State in url exactly what $CFG->wwwroot says, https:// and host included.",
}
"""What an HTTP failure means on a Moodle site."""

Param: TypeAlias = "int | str | Sequence[Param] | Mapping[str, Param]"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Calls:
    """One session of calls."""

    source: str
    session: Session
    token: Callable[[], str] = field(repr=False)

    def site_info(self) -> SiteInfo:
        """Return who the token belongs to and what it may call: the first call of every pull."""
        return self.call(SITE_INFO, {}, SiteInfo)

    def call(self, function: str, params: Mapping[str, Param], shape: type[T], *, zone: str = ASKED) -> T:
        """Return what a function answers, read as `shape`; `zone` is the one in which its texts shall tell times.

        Raises: MoodleError for an error under HTTP 200, HttpError for any other failure, SourceError when the answer
        has another shape.
        """
        value = self._value(self.answer(function, params, zone=zone), function)
        try:
            return TypeAdapter(shape).validate_python(value)
        except ValidationError as error:
            # Pydantic's sentences quote values.
            places = sorted({".".join(map(str, problem["loc"][:4])) or "the answer" for problem in error.errors()})
            raise SourceError(
                f"source {self.source}: {function} answered in a shape that is not Moodle's: {', '.join(places[:3])}",
                hint="Is the address a Moodle 4.1 or newer? Report it with the release that `lms-sync doctor` shows.",
            ) from None

    def answer(self, function: str, params: Mapping[str, Param], *, zone: str = ASKED) -> WebAnswer:
        """Return the successful answer to a call. Raises: HttpError in the words of Moodle's administrators."""
        # Report cells tell local times of the service user otherwise.
        settings = {**SETTINGS, "moodlewssettingtimezone": zone}
        form = [("wstoken", self.token()), ("wsfunction", function), *settings.items(), *flat(params)]
        try:
            return self.session.post(SERVER, form)
        except HttpError as error:
            hint = HINTS.get(error.kind, error.hint)
            raise HttpError(
                error.kind, f"{error} ({function})", hint=hint, answer=error.answer, wait=error.wait
            ) from None

    def _value(self, answer: WebAnswer, function: str) -> Any:
        value = answer.json()
        code = errorcode(value)
        if not code:
            return value
        meaning = meaning_of(code)
        raise MoodleError(f"source {self.source}: {function}: {meaning.found} ({code})", code=code, meaning=meaning)


def flat(params: Mapping[str, Param]) -> Iterator[tuple[str, str]]:
    """Give form fields in PHP's style: {"options": [{"name": "x"}]} → options[0][name]=x."""
    for name, value in params.items():
        yield from _flat(name, value)


def _flat(name: str, value: Param) -> Iterator[tuple[str, str]]:
    match value:
        case int() | str():
            yield name, str(value)
        case Mapping():
            for key, inner in value.items():
                yield from _flat(f"{name}[{key}]", inner)
        case _:
            for number, inner in enumerate(value):
                yield from _flat(f"{name}[{number}]", inner)
