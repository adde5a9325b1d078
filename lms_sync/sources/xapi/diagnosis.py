"""What `lms-sync doctor` asks an LRS."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lms_sync.sources.diagnosis import Check, check_clock, good, note, wrong
from lms_sync.sources.http.answer import HttpError
from lms_sync.sources.http.session import Session
from lms_sync.sources.xapi.cursor import timestamp
from lms_sync.sources.xapi.listing import PATH, body, shows
from lms_sync.sources.xapi.xapi_statement import instant


def checks(session: Session, verbs: Sequence[str], *, now: datetime) -> Iterator[Check]:
    """Give one check after the other; `verbs` are those that tell of a completion. Raises: HttpError."""
    answer = session.get(PATH, {"limit": "1", "ascending": "true"})
    first = body(answer)["statements"]
    yield good("address and sign-in", "the LRS answers, and knows the user")
    yield check_clock(answer, now)
    if not first:
        yield wrong(
            "rights",
            "the user is shown no statement at all",
            "Give it the scope statements/read (statements/read/mine shows its own only).",
        )
        return
    yield good("rights", "the user is shown statements")
    yield _verbs(session, verbs)
    yield _order(session, first[0])


def _verbs(session: Session, verbs: Sequence[str]) -> Check:
    missing = [verb for verb in verbs if not shows(session, {"verb": verb})]
    if len(missing) == len(verbs):
        found = f"no statement has the verb {' or '.join(missing)}"
        return wrong("verbs", found, "Find out which verb the LMS uses for a completion, and state it as `verbs`.")
    if missing:
        remedy = "Nothing, if the LMS does not use it; it can be taken out of `verbs`."
        return note("verbs", f"no statement has the verb {' or '.join(missing)}", remedy)
    return good("verbs", "each verb that counts has statements")


def _order(session: Session, first: object) -> Check:
    stored = instant(first.get("stored")) if isinstance(first, dict) else None
    if stored is None or stored.tzinfo is None:
        return note("what is new", "statements do not say when they were stored", "Every night reads them all.")
    try:
        late = shows(session, {"until": timestamp(stored - timedelta(microseconds=1))})
    except HttpError as error:
        found = f"the LRS fails when it is asked what came when ({error})"
        remedy = "Every night reads all statements. Is there one whose time has no zone?"
        return note("what is new", found, remedy)
    if late:
        found = "the LRS sorts by when something happened, not by when it was reported"
        return note(
            "what is new", found, "Nothing: so that nothing late is missed, every night reads all statements."
        )
    return good("what is new", "the LRS can say what is new")
