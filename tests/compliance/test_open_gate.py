"""Whose a name is that was read: of the partners of everybody who stood under it; nobody's where one is unknown."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.judge import Judged
from lms_sync.compliance.open_gate import (
    PartnersOfNames,
    district_gate,
    ever_employed,
    partner_gate,
    people_by_name,
    person_gate,
    shared_gate,
)
from lms_sync.model.course_map import Offering, course_map
from lms_sync.model.links import Merge, PeopleDecisions
from lms_sync.people.match import Match
from lms_sync.store.known.readers import NOBODY_KNOWN, PartnerHistory, learner_key
from lms_sync.store.known.snapshot import Snapshot
from tests.compliance.person_facts import GUARD, ME, OTHER, PARTNERS, PEOPLE, ROWS, done, judged, knowledge_of

MATCHES = {
    ("class", "me"): Match(person_id=ME, people=(ME,)),
    ("class", "other"): Match(person_id=OTHER, people=(OTHER,)),
    ("class", "new"): Match(person_id=GUARD, people=(GUARD,)),
    ("class", "maybe"): Match(candidates=(ME,), people=(ME,)),
    ("class", "nobody"): Match(),
}
EMPLOYED = {ME: frozenset({"quarry"}), OTHER: frozenset({"heron"})}


@pytest.mark.parametrize(
    ("learners", "partners"),
    [
        (["me"], {"quarry"}),
        (["me", "other"], {"quarry", "heron"}),
        (["me", "maybe"], {"quarry", NOBODY_KNOWN}),
        (["nobody"], {NOBODY_KNOWN}),
        (["new"], {NOBODY_KNOWN}),
        (["never heard of"], {NOBODY_KNOWN}),
        ([], {NOBODY_KNOWN}),
    ],
)
def test_a_name_is_of_the_partners_of_whoever_stood_under_it(learners: list[str], partners: set[str]) -> None:
    read = {"name": frozenset(learner_key("class", one) for one in learners)}
    of = PartnersOfNames(read, MATCHES, EMPLOYED)
    assert [of["name"], of["name"]] == [partners, partners]
    assert of.get("never read") is None


def with_history(employers: dict[str, frozenset[str]], *merges: Merge) -> Snapshot:
    known = knowledge_of(done("Rights"))
    return replace(known, history=PartnerHistory((), employers), decided=PeopleDecisions(merges=merges))


def test_employers_are_those_of_the_roster_and_of_every_earlier_one_also_under_a_former_id() -> None:
    merge = Merge("former", ME, (), (), (), "Kim", date(2026, 10, 2), "renumbered")
    known = with_history({"former": frozenset({"heron"}), OTHER: frozenset({"heron"})}, merge)
    found = ever_employed(known)
    assert [found[i] for i in (ME, OTHER, GUARD)] == [{"quarry", "heron"}, {"heron"}, {"heron"}]
    assert ever_employed(with_history({ME: frozenset({"heron"})}))[ME] == {"quarry", "heron"}


@pytest.mark.parametrize(("earlier", "reader"), [(frozenset[str](), "quarry"), (frozenset({"heron"}), "")])
def test_a_persons_own_record_is_read_as_the_only_partner_reads_for_whom_the_person_ever_worked(
    earlier: frozenset[str], reader: str
) -> None:
    known = with_history({ME: earlier} if earlier else {})
    gate = person_gate(judged(known).gate, known, ME)
    assert (gate.reader, set(gate.people.values())) == (reader, {"Adabelle Quillfeather"})


def test_every_text_of_the_map_is_looked_at_places_and_links_too() -> None:
    rows = (
        replace(ROWS[0], title="Heronmere basics", provider="Heronmere Guards", link="https://heronmere.example.org"),
    )
    offering = Offering("o1", "Rights", "", None, None, "Heronmere HQ", None, "https://example.org/heronmere")
    known = replace(knowledge_of(done("Rights")), course_map=course_map(rows, (offering,)))
    found: Judged = judged(known)
    gate = shared_gate(known, found.matches)
    heron = {text for text, partners in gate.named.items() if partners == {"heron"}}
    assert {"Heronmere basics", "Heronmere Guards", "Heronmere HQ", "https://example.org/heronmere"} <= heron
    assert gate.named["Rights"] == frozenset()
    assert (gate.reader, gate.everything, district_gate(gate).everything) == ("", False, True)


def test_people_are_known_by_each_way_to_write_their_names_and_only_those_inside() -> None:
    called = replace(PEOPLE[ME], preferred_name="Ada")
    roster = replace(knowledge_of().roster, people={**PEOPLE, ME: called})
    ways = [{"adabelle", "quillfeather"}, {"ada", "quillfeather"}, {"adabelle", "ada", "quillfeather"}]
    assert people_by_name(roster, {ME, "gone"}) == dict.fromkeys(map(frozenset, ways), "Adabelle Quillfeather")
    gate = partner_gate(judged(knowledge_of()).gate, roster, PARTNERS["heron"], inside={OTHER})
    assert (gate.reader, set(gate.people.values())) == ("heron", {"Cleodora Marshbane"})
    only_last = replace(roster, people={ME: replace(called, first_name="", preferred_name="")})
    assert people_by_name(only_last, {ME}) == {frozenset({"quillfeather"}): "Quillfeather"}
