"""What a person says of a sheet that nobody has described: which column holds what, what status words mean. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from lms_sync.sources.propose.columns import KnownValues
from lms_sync.sources.propose.draft import Proposal
from lms_sync.sources.spreadsheet.layout_rules import Role
from lms_sync.text import fold

PARTS: Mapping[str, Role] = {
    "day": "completed_on",
    "course": "course_title",
    "number": "person_id",
    "mail": "email",
    "name": "name",
    "first": "first_name",
    "last": "last_name",
    "status": "status",
}
"""What a column may hold, in a person's word → its role in a layout."""
MEANINGS: Mapping[str, str] = {
    "done": "done",
    "open": "not_done",
    "waived": "claim",
    "booked": "signed_up",
    "failed": "failed",
    "void": "revoked",
}
"""What a status word may mean, as people say it → its list in a layout."""
ASKED = 8
"""More unknown words than this are no states, and are not asked for one by one."""
ORDERS = {"month-first": "mdy", "day-first": "dmy"}
"""Which of day and month comes first, as people say it → the order of a layout."""


def with_columns(known: KnownValues, columns: Mapping[str, str], course: str) -> KnownValues:
    """Return what is known of a file, with a heading for some of `PARTS` and the course that all of it is about."""
    stated = {PARTS[part]: heading.strip() for part, heading in columns.items() if heading.strip()}
    return replace(known, columns={**known.columns, **stated}, course=course.strip())


def with_states(proposal: Proposal, meant: Mapping[str, str]) -> Proposal:
    """Return the proposal with its unknown status words sorted: folded word → one of `MEANINGS`."""
    unknown = tuple(word for word in proposal.status_unknown if fold(word) not in meant)
    if proposal.draft.status is None or unknown == proposal.status_unknown:
        return proposal
    words = proposal.draft.status.model_dump()
    for word in proposal.status_unknown:
        if meaning := meant.get(fold(word)):
            words[MEANINGS[meaning]] = (*words[MEANINGS[meaning]], word)
    status = type(proposal.draft.status).model_validate(words)
    questions = tuple(q for q in proposal.open_questions if unknown or not q.startswith("sort these status words"))
    draft = replace(proposal.draft, status=status)
    return replace(proposal, draft=draft, open_questions=questions, status_unknown=unknown)


def headings_of(proposal: Proposal) -> tuple[str, ...]:
    """Return every heading of the sheet that may be read."""
    return tuple(dict.fromkeys((*proposal.draft.columns.values(), *(unused.heading for unused in proposal.unused))))
