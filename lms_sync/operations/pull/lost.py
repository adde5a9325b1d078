"""Stored records of which nobody can tell by what key new rules know them: they wait for HR."""

from collections.abc import Collection, Iterable
from datetime import datetime

from lms_sync.model.evidence import Completion
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.upgrade.status import RECORD_KEYS, id_of
from lms_sync.people.match import Directory, match_all
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.store import Store


def ask_about_lost(store: Store, source: str, lost: Collection[str], *, book: Directory, now: datetime) -> None:
    """Keep what was not known again until HR has accepted it; the partners concerned are held meanwhile.

    `now` is told in the district's zone.
    """
    if not lost:
        return
    completions = [completion for completion in store.evidence.completions(source) if completion.record in lost]
    rule = f"{RECORD_KEYS} of source {source}"
    lines = tuple(
        sorted(
            {f"{completion.origin}: “{completion.course_title or completion.course}”" for completion in completions}
        )
    )
    people = _people(store, source, completions, book)
    change = RuleChange(id_of(rule), rule, now.date(), lines, people)
    RULE_CHANGES.put(store, change.finding_id, change, now=now)


def _people(store: Store, source: str, completions: Iterable[Completion], book: Directory) -> tuple[str, ...]:
    keys = {completion.learner.key for completion in completions}
    learners = [seen for seen in store.evidence.learners() if seen.source == source and seen.learner in keys]
    return tuple(sorted({person for match in match_all(learners, book).values() for person in match.people}))
