"""Canvas: the ESD's class, whose modules are the units, read by the REST API.

A night asks, for each class, for the course, the progress of all students in bulk, the enrolments (for ids and e-mail
addresses), the modules with their items, and then the modules of each student whose progress moved since the last
pull that was stored. What the others had is told again from the cursor, so that every pull is whole (`cumulative`):
what is missing from it is missing in Canvas, and a class whose completions are gone overnight is a safety stop. Every
seventh pull relies on nothing and asks for everybody.

Never evidence: an enrolment that is `completed` (it is over); a module that asks for nothing (Canvas completes it).
Enrolments that are over are asked for one by one; Canvas tells of them whether the whole class was completed, but the
units only while the enrolment runs.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lms_sync.errors import ConfigError, SourceError
from lms_sync.sources.canvas.answers import CanvasCourse
from lms_sync.sources.canvas.classes import ClassRead, ClassReader
from lms_sync.sources.canvas.diagnosis import check_canvas, check_class
from lms_sync.sources.canvas.memory import TRUSTED_PULLS, ClassMemory, Memory, recall
from lms_sync.sources.canvas.requests import Questions, error_inside
from lms_sync.sources.diagnosis import Check, guarded
from lms_sync.sources.http.endpoint import Endpoint, bearer, by_remaining
from lms_sync.sources.http.session import open_session
from lms_sync.sources.pull import Export, FileSkipped, Pull
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.sources import CanvasSettings

IDS_AS_TEXT = "application/json+canvas-string-ids"


@dataclass(frozen=True, slots=True)
class Canvas:
    """Classes of one Canvas as a source of unit completions."""

    name: str
    endpoint: Endpoint
    token: Callable[[], str] = field(repr=False)
    """Gives the secret when it is needed; the endpoint's headers carry it too."""
    district_zone: str
    courses: tuple[str, ...] = ()
    """Course ids or `sis_course_id:…`; empty: those that the search finds."""
    account: str = ""
    search: str = ""
    """Part of the name, code or SIS id of the account's courses; empty for all of them."""
    sis_is_person: bool = False
    """True when a SIS user id is the roster's person id."""
    export: Export = "cumulative"

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return every class as a file; `cursor` says whose units need not be asked for.

        A class that is refused or is not there is a failed file and stops no other; one that the search found before
        and does not find any more is told so once.

        Raises: SourceError when Canvas does not answer, the token is not taken, or no class is found or can be read.
        """
        past = recall(cursor)
        anew = past.trusted == 0 or not past.classes
        with open_session(self.endpoint) as session:
            reader = ClassReader(
                Questions(session, self.name), self.endpoint.url, self.district_zone, self.token(), self.sis_is_person
            )
            found = list(self._classes(reader.questions))
            read = [reader.read(reference, past.classes, course=course, anew=anew) for reference, course in found]
        gone = () if self.courses else sorted(past.classes.keys() - {reference for reference, _ in found})
        if read and all(class_read.error for class_read in read):
            raise next(class_read.error for class_read in read if class_read.error)
        whole = (*(class_read.file for class_read in read), *(reader.gone(course, self.search) for course in gone))
        files = sorted(whole, key=lambda file: file.name)
        skipped = tuple(FileSkipped(f.name, f.sha256, f.fingerprint) for f in files if f.fingerprint in seen)
        rest = tuple(file for file in files if file.fingerprint not in seen)
        return Pull(self.name, self.export, rest, skipped, _cursor(past, read, gone, anew=anew))

    def diagnose(self) -> Iterator[Check]:
        """Give checks of address, token, clocks, and of what may be read of each class; nothing is stored.

        Raises: SourceError where nothing further can be known.
        """
        with open_session(self.endpoint) as session:
            questions = Questions(session, self.name)
            answer = questions.greet(course=next(iter(self.courses), ""), account=self.account)
            yield from check_canvas(questions, answer)
            for reference, listed in self._classes(questions):
                yield from guarded(partial(_check_class, questions, reference, listed), f"class {reference}")

    def _classes(self, questions: Questions) -> Iterator[tuple[str, CanvasCourse | None]]:
        """Give (reference, the course where a search told it) of each class.

        Raises: SourceError when the search finds none: that is a broken search, and not an empty source.
        """
        if self.courses:
            yield from ((reference, None) for reference in self.courses)
            return
        found = questions.courses(self.account, self.search)
        if not found:
            raise SourceError(
                f"source {self.name}: no published course of account {self.account} is found by “{self.search}”",
                hint="Correct `search` in lms_sync.toml, or give the token's user the right to list the courses.",
            )
        yield from ((course.id, course) for course in found)


def _check_class(questions: Questions, reference: str, listed: CanvasCourse | None) -> Iterator[Check]:
    course = listed or questions.course(reference)
    yield from check_class(questions, course.id, course.title)


def _cursor(past: Memory, read: list[ClassRead], gone: Collection[str], *, anew: bool) -> str:
    # What a class that failed tonight told before is kept for the night on which it answers again.
    kept: dict[str, ClassMemory] = {}
    if any(class_read.memory is None for class_read in read):
        kept = {course: memory for course, memory in past.classes.items() if course not in gone}
    classes = {**kept, **{class_read.course: class_read.memory for class_read in read if class_read.memory}}
    return Memory(trusted=TRUSTED_PULLS if anew else past.trusted - 1, classes=classes).model_dump_json()


def from_settings(
    settings: CanvasSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str
) -> Canvas:
    """Return the source that a [[source]] section of the kind `canvas` describes.

    Raises: ConfigError when the address is none that a token may be sent to, or no token is named.
    """
    if not (settings.token_env or settings.token_file):
        raise ConfigError(
            f"lms_sync.toml, [[source]] {settings.name}: no token is named",
            hint="State token_env or token_file; never the token itself.",
        )
    key = f"[[source]] {settings.name}, token"
    token = secret(settings.token_env, settings.token_file, folder=folder, key=key)
    return Canvas(
        settings.name,
        endpoint_of(settings.name, settings.url, token, ca_file=_ca_file(settings, folder)),
        token,
        district_zone,
        courses=settings.courses,
        account=settings.account,
        search=settings.search,
        sis_is_person=settings.sis_user_id_is_person_id,
    )


def endpoint_of(source: str, url: str, token: Callable[[], str], *, ca_file: str = "") -> Endpoint:
    """Return how Canvas is spoken to: ids as text, slower before it throttles, its errors seen under HTTP 200.

    Raises: ConfigError for an address that a token must not be sent to.
    """

    def headers() -> Mapping[str, str]:
        return {**bearer(token)(), "Accept": IDS_AS_TEXT}

    return Endpoint(source, url, headers=headers, pace=by_remaining, again=error_inside, ca_file=ca_file)


def _ca_file(settings: CanvasSettings, folder: Path) -> str:
    return str(folder / Path(settings.ca_file).expanduser()) if settings.ca_file else ""
