"""What a map would change, told of whom it concerns most first; judged without a night."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.impact import Impact, PartnerImpact, PersonImpact, impact
from lms_sync.model.course_map import course_map
from lms_sync.reports.trainer.impact import bars, headlines, impact_json
from tests.compliance.person_facts import DAY, ROWS, SEAL, done, knowledge_of, row

NOW_AND_THEN = (
    ("on plan", "overdue", True, False),
    ("complete", "overdue", True, False),
    ("overdue", "overdue", False, False),
    ("on plan", "complete", False, True),
    ("complete, in doubt since 2026-11-20", "complete", False, True),
    ("complete", "documented", False, False),
    ("complete", "complete, in doubt since 2026-11-20", False, False),
)


@pytest.mark.parametrize(("now", "then", "overdue", "complete"), NOW_AND_THEN)
def test_who_turns_overdue_and_who_becomes_complete(now: str, then: str, *, overdue: bool, complete: bool) -> None:
    person = PersonImpact("E1", "Roe, Ann", ("heron",), now, then, ())
    assert (person.turns_overdue, person.becomes_complete) == (overdue, complete)


def person(number: int, now: str, then: str) -> PersonImpact:
    return PersonImpact(f"E{number}", f"Roe, Ann {number}", ("heron",), now, then, ())


def test_they_stand_before_everybody_else() -> None:
    people = (person(1, "overdue", "on plan"), person(2, "on plan", "complete"), person(3, "on plan", "overdue"))
    found = Impact(DAY, "a", "b", people, (), ())
    assert headlines(found) == ("Turns overdue: Roe, Ann 3 (E3).", "Becomes complete: Roe, Ann 2 (E2).")
    assert [p.person_id for p in (*found.turn_overdue, *found.become_complete, *found.others)] == ["E3", "E2", "E1"]
    told = impact_json(replace(found, people=()), {})
    assert (told["turn_overdue"], told["become_complete"]) == ([], [])
    assert headlines(replace(found, people=())) == ()


def test_bars_of_one_partner_have_one_scale() -> None:
    partner = PartnerImpact("heron", "Heron Guards", (("overdue", 0, 10), ("on plan", 40, 1)))
    assert bars(partner, 0, 10) == ("0", "█████ 10")
    assert bars(partner, 40, 1) == (f"{'█' * 20} 40", "█ 1")


def test_what_is_met_before_and_after_is_no_change() -> None:
    """A second course for a topic that is met adds a credit, and changes nobody's standing."""
    completions = (done("All", date(2026, 10, 12)), done("More", date(2026, 10, 13)))
    snapshot = knowledge_of(*completions)
    more = course_map([*ROWS, row("More", 3)], [])
    assert impact(snapshot, more, SEAL, as_of=DAY).people == ()
