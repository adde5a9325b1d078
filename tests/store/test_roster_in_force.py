"""The roster that a night has read is the one that it would read again."""

from datetime import UTC, date, datetime, timedelta

from lms_sync.model.roster import Assignment, Cadence, Partner, PartnerKind, Person, Roster
from lms_sync.store.known.roster_in_force import RosterInForce
from lms_sync.store.known.snapshot import read_roster, record_roster
from lms_sync.store.store import Opening, open_store

START = datetime(2026, 11, 1, tzinfo=UTC)
PARTNERS = {"P": Partner("P", "Town", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY)}
STEPS = [(1, {"x": "Roe"}), (4, {"x": "Poe", "y": "Roe"}), (2, {"x": "Doe", "y": "Roe"}), (5, {}), (6, {"y": "Roe"})]
"""(day, Person ID → last name), in the order in which they are written: the clock went back once."""


def roster_of(names: dict[str, str]) -> Roster:
    people = {person_id: Person(person_id, name, "Ann") for person_id, name in names.items()}
    posts = tuple(Assignment(person_id, "P", None, date(2026, 9, 1), None) for person_id in people)
    return Roster(PARTNERS, {}, people, posts)


def test_it_is_the_one_in_force_whatever_was_written_since_and_by_whatever_clock() -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store:
        in_force = RosterInForce(store)
        for day, names in STEPS:
            with store.transaction():
                record_roster(store, roster_of(names), now=START + timedelta(days=day))
            for known_at in (None, *(START + timedelta(days=asked) for asked in range(8))):
                assert in_force.at(known_at) == read_roster(store, known_at)


def test_it_is_read_one_time_until_anything_of_it_is_written() -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store:
        in_force, night = RosterInForce(store), START + timedelta(days=1)
        with store.transaction():
            record_roster(store, roster_of({"x": "Roe", "y": "Poe"}), now=START)
        roster = in_force.at()
        with store.transaction():
            store.facts.put("judged", "x", {}, now=night)
        assert in_force.at(night) is in_force.at() is roster
        with store.transaction():
            record_roster(store, roster_of({"x": "Roe"}), now=night)
        assert in_force.at(night).people.keys() == {"x"}
        assert in_force.at(START) == roster
