"""When a request is made again, after how long, and when to give up. The policy of every source, in one place.

Made again: 429 and Canvas's old throttle (403 with "Rate Limit Exceeded"), 408, 425, 5xx but 501 and 505, connections
that fail or break, time-outs, bodies that are cut or garbled, and what the source's own `again` names. Never: 401,
404, any other 403 or 4xx, redirects, certificates. Without a hint of the server the waits double from 1 to 60
seconds; there is no jitter, because a night asks one server in one thread.

Source: RFC 9110, sections 10.2.3 (Retry-After) and 15; `request_throttle.rb` of canvas-lms for the 403.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception

from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.endpoint import Clock

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds."""
PASSING = frozenset((408, 425, 429))
LASTING = frozenset((501, 505))
"""5xx that another try does not change."""
OLD_THROTTLE = b"rate limit exceeded"


def patiently(ask: Callable[[], WebAnswer], *, tries: int, ends: float, clock: Clock) -> WebAnswer:
    """Return the first answer that `ask` gives without an error that may pass; `ends` is a time of `clock.monotonic`.

    Raises: HttpError, the last one, when it will not pass, after `tries`, or when the next wait would end too late.
    """

    def is_too_late(state: RetryCallState) -> bool:
        return state.attempt_number >= tries or clock.monotonic() + state.upcoming_sleep >= ends

    retrying = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, HttpError) and error.wait is not None),
        wait=_wait,
        stop=is_too_late,
        sleep=clock.sleep,
        retry_error_callback=_give_up,
    )
    return retrying(ask)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wait = error.wait if isinstance(error, HttpError) else None
    # Limits may allow so many tries that the power would overflow.
    doubled = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(state.attempt_number - 1, 10))
    return max(wait or 0.0, doubled)


def _give_up(state: RetryCallState) -> WebAnswer:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, HttpError):
        raise RuntimeError("only HttpErrors are tried again") from error
    tries = "1 try" if state.attempt_number == 1 else f"{state.attempt_number} tries"
    asked = f"; the server asks to wait {math.ceil(error.wait):,} s" if error.wait else ""
    raise HttpError(
        error.kind, f"{error} ({tries}{asked})", hint=error.hint, answer=error.answer, wait=error.wait
    ) from None


def passing_wait(answer: WebAnswer, now: datetime) -> float | None:
    """Return the seconds the server asks to wait, 0 without a hint; None where another try changes nothing."""
    if is_throttle(answer) or answer.status in PASSING or (answer.status >= 500 and answer.status not in LASTING):
        return retry_after(answer, now)
    return None


def is_throttle(answer: WebAnswer) -> bool:
    """Tell whether the server asks for fewer requests."""
    return answer.status == 429 or (answer.status == 403 and OLD_THROTTLE in answer.body[:1000].lower())


def retry_after(answer: WebAnswer, now: datetime) -> float:
    """Return the seconds that `Retry-After` asks for, in seconds or as a date.

    Zero, past dates and nonsense are no hint and give 0.
    """
    header = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(header)
    except ValueError:
        seconds = _until(header, now)
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _until(header: str, now: datetime) -> float:
    try:
        date = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return 0.0
    return ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()


def failure_of(answer: WebAnswer) -> Failure:
    """Return what a status that is no success stands for."""
    if is_throttle(answer):
        return Failure.THROTTLED
    kinds = {401: Failure.CREDENTIALS, 403: Failure.FORBIDDEN, 404: Failure.MISSING, 410: Failure.MISSING}
    if 300 <= answer.status < 400:
        return Failure.REDIRECT
    return kinds.get(answer.status, Failure.BROKEN if answer.status >= 500 else Failure.REJECTED)
