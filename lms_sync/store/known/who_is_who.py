"""Links and merges as they are stored: what persons decided about who is who, word for word.

What of it counts, `read_people_decisions` tells (`lms_sync/store/known/snapshot.py`).
"""

from datetime import datetime

from lms_sync.model.links import Link, Merge
from lms_sync.model.stored.facts import LINK, MERGE
from lms_sync.store.known.registers import joined
from lms_sync.store.store import Store


def read_links(store: Store, known_at: datetime | None = None) -> tuple[Link, ...]:
    """Return what persons decided about learners, as it counted at `known_at`, by source and learner."""
    return tuple(LINK.read_all(store.facts.read(LINK.kind, known_at)).values())


def record_link(store: Store, link: Link, *, now: datetime) -> None:
    """Make `link` what counts for its learner from `now` on."""
    store.facts.put("link", _link_key(link.source, link.learner), LINK.plain(link), now=now)


def end_link(store: Store, source: str, learner: str, *, now: datetime) -> None:
    """Let the link of a learner stop counting from `now` on."""
    store.facts.end("link", _link_key(source, learner), now=now)


def _link_key(source: str, learner: str) -> str:
    return joined(source, learner)


def read_merges(store: Store, known_at: datetime | None = None) -> tuple[Merge, ...]:
    """Return the merged Person IDs as they counted at `known_at`, by former id."""
    return tuple(MERGE.read_all(store.facts.read(MERGE.kind, known_at)).values())


def record_merge(store: Store, merge: Merge, *, now: datetime) -> None:
    """Make `merge` what counts for its former Person ID from `now` on."""
    store.facts.put("merge", merge.former, MERGE.plain(merge), now=now)


def end_merge(store: Store, former: str, *, now: datetime) -> None:
    """Let the merge of a former Person ID stop counting from `now` on."""
    store.facts.end("merge", former, now=now)
