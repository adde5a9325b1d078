"""A small class on a Canvas of our own, and short ways to pull it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from requests import PreparedRequest

from lms_sync.demo.canvas_class import ServedCourse, ServedModule, ServedStudent
from lms_sync.demo.canvas_server import Reply, ServedCanvas, content_of, respond, serving
from lms_sync.model.evidence import Completion, Item
from lms_sync.sources.canvas.source import Canvas, endpoint_of
from lms_sync.sources.http.endpoint import Clock, Limits
from lms_sync.sources.pull import Pull
from tests.sources import fault_server
from tests.sources.fault_server import Ask
from tests.sources.recorded import ADDRESS, replying

TOKEN = "7~made-up-for-tests"
RIGHTS, CALM, WELCOME = 101, 102, 103
NOON = "2026-02-03T20:00:00Z"
NIGHT = "2026-02-04T07:30:00Z"
"""The evening of 3 February in the district's zone."""


def student(number: int, *done: int, **more: str | int) -> ServedStudent:
    """Return a student who completed the modules `done` at NOON."""
    one = ServedStudent(
        number,
        f"Wren, Ada{number}",
        sis_user_id=f"E{number:05}",
        login_id=f"awren{number}",
        email=f"ada{number}@staff.example.org",
        completed=dict.fromkeys(done, NOON),
    )
    return replace(one, **more)  # type: ignore[arg-type]


def school_class(*students: ServedStudent, number: int = 4711) -> ServedCourse:
    """Return a class of two units that teach and a page of welcome that asks for nothing."""
    modules = [
        ServedModule(WELCOME, "Willkommen, 小龍", requirements=0),
        ServedModule(RIGHTS, "Rights of Children", requirements=2),
        ServedModule(CALM, "De-escalation"),
    ]
    return ServedCourse(number, "HB 1214 – Séries", f"SSS-{number}", modules, list(students))


@dataclass
class Patience:
    """Time that passes only when somebody sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), self.sleep)


@dataclass
class Hall:
    """A Canvas that serves, and the source that pulls it."""

    canvas: ServedCanvas
    source: Canvas
    patience: Patience

    @property
    def course(self) -> ServedCourse:
        return self.canvas.courses[0]

    def asked(self, part: str) -> int:
        """Return how many requests since the last look held `part`."""
        return sum(part in path for path in self.canvas.asked)

    def pull(self, cursor: str = "", seen: frozenset[str] = frozenset()) -> Pull:
        self.canvas.asked.clear()
        return self.source.pull(seen, cursor)


@contextmanager
def answering(canvas: ServedCanvas) -> Iterator[str]:
    """Answer as the canvas does, without a wire, and give the address."""

    def reply(request: PreparedRequest) -> fault_server.Reply:
        return _sent(canvas, request.path_url, dict(request.headers))

    with replying(reply):
        yield ADDRESS


def _sent(canvas: ServedCanvas, path: str, headers: Mapping[str, str]) -> fault_server.Reply:
    given = respond(canvas, path, base=ADDRESS, headers=headers)
    return fault_server.Reply(given.status, content_of(given, headers), tuple(given.headers.items()))


@contextmanager
def hall(*courses: ServedCourse, page: int = 100, wire: bool = False, **settings: object) -> Iterator[Hall]:
    """Serve classes, on a real wire where that is the matter; `settings` replace fields of the source.

    The source is told to pull the account's SSS classes.
    """
    canvas = ServedCanvas(TOKEN, list(courses), page=page)
    patience = Patience()
    with (serving if wire else answering)(canvas) as url:
        endpoint = replace(endpoint_of("esd", url, lambda: TOKEN), clock=patience.clock, limits=Limits(read=5.0))
        source = Canvas("esd", endpoint, lambda: TOKEN, "America/Los_Angeles", account="1", search="SSS-")
        yield Hall(canvas, replace(source, **settings), patience)  # type: ignore[arg-type]


def items(pull: Pull) -> list[Item]:
    return [item for file in pull.files for item in file.items]


def done(pull: Pull) -> dict[tuple[str, str], Completion]:
    """Return (learner, unit) → the completion."""
    read = [item.reading for item in items(pull)]
    return {(one.learner.key, one.unit): one for one in read if isinstance(one, Completion)}


def codes(pull: Pull) -> list[str]:
    return [finding.code for file in pull.files for finding in file.findings]


def once(fault: Reply, part: str = "", *, times: int = 1) -> Callable[[str], Reply | None]:
    """Return what answers the first `times` requests that hold `part` with a fault."""
    left = [times]

    def instead(path: str) -> Reply | None:
        if part not in path or not left[0]:
            return None
        left[0] -= 1
        return fault

    return instead


def canvas_site() -> Callable[[Ask], fault_server.Reply]:
    """Return what answers as a healthy Canvas with a small class, for the fault matrix."""
    canvas = ServedCanvas(TOKEN, [school_class(student(1, RIGHTS), student(2, RIGHTS, CALM), student(3))])

    def answer(ask: Ask) -> fault_server.Reply:
        path = f"{ask.path}?{urlencode(ask.query)}"
        reply = respond(canvas, path, base=f"http://{ask.headers['Host']}", headers=ask.headers)
        return fault_server.Reply(reply.status, content_of(reply, ask.headers))

    return answer


def canvas_at(url: str, clock: Clock) -> Canvas:
    """Return the source that pulls it."""
    endpoint = replace(endpoint_of("esd", url, lambda: TOKEN), clock=clock)
    return Canvas("esd", endpoint, lambda: TOKEN, "America/Los_Angeles", account="1", search="SSS-")
