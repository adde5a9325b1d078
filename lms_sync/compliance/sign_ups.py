"""Who has signed up for what, and which requirements it would teach: shown beside a gap, never counted. Pure."""

from collections.abc import Mapping
from datetime import date

from lms_sync.compliance.credits import expected_of
from lms_sync.compliance.map_index import MapIndex
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.people.match import Match
from lms_sync.store.known.snapshot import Snapshot


def expected_training(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match], *, as_of: date
) -> dict[str, tuple[ExpectedTraining, ...]]:
    """Return Person ID → what the person has signed up for on `as_of` or later, the next first."""
    index = MapIndex.of(snapshot.course_map)
    found: dict[str, set[ExpectedTraining]] = {}
    for known in snapshot.sign_ups:
        match = matches.get((known.source, known.learner))
        if match is not None and match.person_id and known.sign_up.day and known.sign_up.day >= as_of:
            found.setdefault(match.person_id, set()).update(expected_of(known, index))
    return {person_id: tuple(sorted(several, key=lambda e: (e.day, e.title))) for person_id, several in found.items()}
