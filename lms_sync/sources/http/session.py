"""One session with one server: pooled connections, every request by the same rules."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import requests
from requests.exceptions import InvalidHeader

from lms_sync.errors import ConfigError
from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer, parse
from lms_sync.sources.http.endpoint import Endpoint, is_of_origin
from lms_sync.sources.http.error_words import NETWORK_ERRORS, network_error, place_of, refusal
from lms_sync.sources.http.paging import Trail
from lms_sync.sources.http.retry import passing_wait, patiently
from lms_sync.sources.http.transport import Deadline, connect_to, until
from lms_sync.tables.budget import current_budget, not_tonight

PIECE = 64 * 1024
"""Bytes read at a time."""
Params = Mapping[str, str] | Sequence[tuple[str, str]]
"""Names and values of a query or a form; pairs where a name may come twice."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    params: Params
    """Of the query for GET, of the form for POST."""
    place: str


class Session:
    """Requests to one endpoint, with its headers, over pooled connections; made by `open_session`, for one thread."""

    def __init__(self, endpoint: Endpoint, wire: requests.Session) -> None:
        self.endpoint = endpoint
        self.asked = 0
        """Requests so far, those that were made again counted each time."""
        self._wire = wire
        self._clock = endpoint.clock
        self._ends = self._clock.monotonic() + endpoint.limits.session
        self._not_before = self._clock.monotonic()

    def get(self, path: str, params: Params = ()) -> WebAnswer:
        """Return the successful answer to a GET of a path below the endpoint's address, or of a URL of its origin.

        Raises: HttpError, after the retries of the policy.
        """
        return self._call("GET", path, params)

    def post(self, path: str, form: Params) -> WebAnswer:
        """Return the successful answer to a POST of form fields; for calls that may be repeated without harm.

        Raises: HttpError, after the retries of the policy.
        """
        return self._call("POST", path, form)

    def pages(self, path: str, params: Params = (), *, next_url: Callable[[WebAnswer], str]) -> Iterator[WebAnswer]:
        """Give the pages of a listing. `next_url` finds the link to the next in an answer: whole, relative, or empty.

        Raises: HttpError, also (`Failure.PAGING`) for a next page on another host, one that was read already, or
        more pages than `limits.pages`.
        """
        trail = Trail(self.endpoint)
        page = self.get(path, params)
        yield page
        while link := next_url(page):
            page = self.get(trail.follow(link, page))
            yield page

    def _call(self, method: str, path: str, params: Params) -> WebAnswer:
        url = self._url(path)
        request = _Request(method, url, params, place_of(method, url))
        ends = min(self._ends, self._clock.monotonic() + self.endpoint.limits.call)
        return patiently(
            lambda: self._checked(request, ends), tries=self.endpoint.limits.tries, ends=ends, clock=self._clock
        )

    def _url(self, path: str) -> str:
        """Return the whole URL. Raises: HttpError for one of another origin, where the token must not go."""
        if not path.lower().startswith(("http:", "https:", "//")):
            return f"{self.endpoint.url.rstrip('/')}/{path.lstrip('/')}"
        if is_of_origin(path, self.endpoint.origin):
            return path
        raise HttpError(
            Failure.PAGING,
            f"source {self.endpoint.source}: {place_of('GET', path)} is not on {self.endpoint.origin}; not asked",
            hint="The server names addresses on another host; correct url if that is where it lives.",
        )

    def _checked(self, request: _Request, ends: float) -> WebAnswer:
        """Return the answer if it is a success. Raises: HttpError, with `wait` set where another try may help."""
        answer = self._exchange(request, ends)
        if not 200 <= answer.status < 300:
            raise refusal(answer, wait=passing_wait(answer, self._clock.now()))
        if answer.is_json and answer.body:
            answer = replace(answer, parsed=parse(answer))
        if trouble := self.endpoint.again(answer):
            raise HttpError(
                Failure.BROKEN,
                f"source {self.endpoint.source}: {request.place}: {trouble}",
                hint="What was read before stays; the next night tries again.",
                answer=answer,
                wait=0.0,
            )
        return answer

    def _exchange(self, request: _Request, ends: float) -> WebAnswer:
        """Make one request and read its whole answer, whatever its status."""
        self._keep_pace()
        limits, now = self.endpoint.limits, self._clock.monotonic()
        if now >= ends:
            raise self._over(request)
        budget = current_budget()
        if budget is not None and budget.left <= 0:
            refusal = not_tonight(budget)
            raise HttpError(Failure.TIMEOUT, f"source {self.endpoint.source}: {refusal.found}", hint=refusal.remedy)
        self.asked += 1
        deadline = Deadline(min(ends, now + limits.exchange), limits.read, self._clock.monotonic)
        try:
            with until(deadline):
                answer = self._send(request)
        except InvalidHeader:
            # Its message quotes the header, so the chain is cut.
            raise ConfigError(
                f"source {self.endpoint.source}: the token holds what no header can carry",
                hint="Store it as one line of plain characters, without quotes.",
            ) from None
        except NETWORK_ERRORS as error:
            raise network_error(error, source=self.endpoint.source, place=request.place) from None
        log.debug("%s answered %s, %s bytes", request.place, answer.status, len(answer.body))
        self._not_before = self._clock.monotonic() + self.endpoint.pace(answer)
        return answer

    def _keep_pace(self) -> None:
        early = self._not_before - self._clock.monotonic()
        if early > 0:
            self._clock.sleep(early)

    def _send(self, request: _Request) -> WebAnswer:
        is_get = request.method == "GET"
        response = self._wire.request(
            request.method,
            request.url,
            params=_pairs(request.params) if is_get else None,
            data=None if is_get else _pairs(request.params),
            headers=dict(self.endpoint.headers()),
            timeout=(self.endpoint.limits.connect, self.endpoint.limits.read),
            allow_redirects=False,
            stream=True,
        )
        with response:
            body = self._body(response, request)
        return WebAnswer(
            self.endpoint.source, request.place, response.url, response.status_code, response.headers, body
        )

    def _body(self, response: requests.Response, request: _Request) -> bytes:
        """Return the decompressed body, piece by piece so that a small bomb cannot become a large one."""
        pieces, size = [], 0
        while piece := response.raw.read1(PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self.endpoint.limits.body:
                raise HttpError(
                    Failure.TOO_LARGE,
                    f"source {self.endpoint.source}: {request.place} answered with more than "
                    f"{self.endpoint.limits.body:,} bytes",
                    hint="Ask for smaller pages, or narrow the report; nothing of it was kept.",
                )
        return b"".join(pieces)

    def _over(self, request: _Request) -> HttpError:
        return HttpError(
            Failure.TIMEOUT,
            f"source {self.endpoint.source}: {request.place} was not asked: the time for this pull is over",
            hint="The server is too slow for one night; what was read before stays.",
        )


def _pairs(params: Params) -> list[tuple[str, str]]:
    return list(params.items()) if isinstance(params, Mapping) else list(params)


@contextmanager
def open_session(endpoint: Endpoint) -> Iterator[Session]:
    """Give a session and close its connections at the end.

    Raises: ConfigError for a `ca_file` that cannot be read.
    """
    with connect_to(endpoint) as wire:
        yield Session(endpoint, wire)
