"""The one HTTP edge of all sources: one pooled session each, time-outs, retries, guards, and errors in our words.

    endpoint = Endpoint("esd", "https://lms.example.org", headers=bearer(token), pace=by_remaining)
    with open_session(endpoint) as session:
        for answer in session.pages("/api/v1/courses", {"per_page": "100"}, next_url=lambda page: page.link("next")):
            rows = answer.json()

`get`, `post` and `pages` give answers with a status of 200–299; everything else is an `HttpError` (a SourceError),
raised once the retries of the policy in `retry.py` are used up.
"""

from lms_sync.http.answer import Answer, Failure, HttpError
from lms_sync.http.endpoint import Clock, Endpoint, Limits, bearer, by_remaining
from lms_sync.http.paging import Trail
from lms_sync.http.session import Session, open_session

__all__ = [
    "Answer",
    "Clock",
    "Endpoint",
    "Failure",
    "HttpError",
    "Limits",
    "Session",
    "Trail",
    "bearer",
    "by_remaining",
    "open_session",
]
