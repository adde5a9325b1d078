"""Decisions of earlier versions have no name of their own: what tells it stays when a purge takes what is old."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lms_sync.model.stored_row import StoredRow
from tests.operations.night_town import Town
from tests.operations.purged_town import check_a_purge, lived
from tests.operations.test_purge_plan import OLD, OLDER, fact, gone, plan, row

DECIDED = OLDER + timedelta(days=5)
LINK: dict[str, Any] = {
    "source": "s",
    "learner": "h",
    "refused": [],
    "shown": "Jo Roe, 7",
    "by": "Kim",
    "reason": "her badge",
}
MERGE: dict[str, Any] = {
    "former": "O",
    "emails": [],
    "names": [],
    "other_ids": [],
    "by": "Kim",
    "reason": "renumbered",
}


def called(name: str, person: str = "P", *, began: datetime = OLDER, ended: datetime | None = None) -> StoredRow:
    return fact("person", person, began=began, ended=ended, person_id=person, last_name=name)


def claim(*, name: str = "", verdict: str = "accepted") -> tuple[StoredRow, StoredRow]:
    """Return a decision and its finding, which is cleared since."""
    asked = row("finding", "c1", ended=OLD, people=frozenset({"P"}), words=frozenset({"P"}))
    return row("decision", "c1", DECIDED, began=DECIDED, verdict=verdict, person_name=name), asked


def linked(**more: Any) -> StoredRow:
    return fact("link", "s\x1fh", began=DECIDED, **LINK, person_id="P", on="2027-07-20", **more)


def merged(**more: Any) -> StoredRow:
    return fact("merge", "O", began=DECIDED, **MERGE, person_id="P", on="2027-07-20", **more)


NAMED = {"person_name": "Jo Roe"}
BEFORE, NOW = called("Roe", ended=OLD), called("Poe", began=OLD)
SEVERAL = {"a claim": claim(), "a link": (linked(),), "a merge": (merged(),)}


@pytest.mark.parametrize("decided", SEVERAL.values(), ids=SEVERAL)
def test_what_tells_the_name_of_then_stays(decided: tuple[StoredRow, ...]) -> None:
    made = plan(BEFORE, NOW, *decided)
    assert made.empty
    assert sum(count for why, count in made.kept.items() if "earlier version" in why) == len(decided)


@pytest.mark.parametrize(
    "decided",
    [
        claim(name="Jo Roe"),
        claim(verdict="refused"),
        (linked(person_name="Jo Roe"),),
        (merged(person_name="Jo Roe"),),
    ],
    ids=["a claim with its name", "a refused claim", "a link with its name", "a merge with its name"],
)
def test_where_the_decision_has_its_name_all_that_is_old_goes(decided: tuple[StoredRow, ...]) -> None:
    expected = {("fact", "person")} | ({("finding", "c1")} if len(decided) > 1 else set())
    assert gone(plan(BEFORE, NOW, *decided)) == expected


def test_only_the_name_at_that_time_stays() -> None:
    earlier = called("Moe", began=OLDER - timedelta(days=90), ended=OLDER)
    later = called("Loe", began=OLD, ended=OLD + timedelta(days=1))
    made = plan(earlier, BEFORE, later, called("Poe", began=OLD + timedelta(days=1)), linked())
    assert {one.content["payload"]["last_name"] for one in made.removed["fact"]} == {"Moe", "Loe"}


def test_of_who_left_nothing_stays_for_a_decision() -> None:
    assert gone(plan(BEFORE, *claim())) >= {("fact", "person"), ("finding", "c1")}


@pytest.mark.slow
def test_an_accepted_claim_of_an_earlier_version_counts_after_a_purge_as_before(settled: Town) -> None:
    steps = ["a waiver", "a claim accepted", "the class as it was", "another address"]
    nights = lived(settled, steps, apart=60)
    settled.later(days=30)
    plan_made = check_a_purge(settled, nights, (nights[-2] + timedelta(days=1)).date())
    assert "history: it tells for whom a decision of an earlier version was made" in plan_made.kept
