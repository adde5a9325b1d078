"""Whatever files, sources and courses are called, a partner reads of nobody but its own people."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.build import build_report
from lms_sync.compliance.district_figures import district_figures
from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.judge import judge_roster
from lms_sync.law.series import load
from lms_sync.law.yearly import load_yearly
from lms_sync.model.course_map import CourseRow, course_map
from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms, merged, pseudonymous_learner, pseudonymous_reading
from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Person, Roster, StaffClass
from lms_sync.store.known.judgement_settings import JudgementSettings as Told
from lms_sync.store.known.snapshot import Snapshot

DAY = date(2026, 11, 23)
SEAL = Pseudonyms(b"made up for the tests")
LAW = load()
PARTNERS = {
    "quarry": Partner("quarry", "Quarryville Police", PartnerKind.LAW_ENFORCEMENT, (), (), Cadence.WEEKLY),
    "heron": Partner("heron", "Heronmere Guards LLC", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
    "own": Partner("own", "Safety Office", PartnerKind.DISTRICT, (), (), Cadence.WEEKLY),
}
NAMES = {
    "70101": ("Quillfeather", "Adabelle"),
    "70102": ("Núñez de Rook", "Benedetta"),
    "80201": ("Marshbane", "Cleodora"),
    "80202": ("Lindqvist-Ode", "Dovid"),
    "90301": ("Stonewell", "Evandra"),
}
PEOPLE = {
    i: Person(i, last, first, emails=(f"{first}.{i}@staff.example.org".lower(),), staff_class=StaffClass.SRO)
    for i, (last, first) in NAMES.items()
}
MAP = course_map([CourseRow("*", "C", "", "", tuple(range(1, 14)), 1, 1, None, None, None, "T", DAY)], [])


def folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold()


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(text))


def forms() -> list[str]:
    """Return the ways in which people name people and partners in the names of files and courses."""
    found = []
    for partner in PARTNERS.values():
        found += [partner.name, partner.name.upper(), partner.name.replace(" ", ""), partner.partner_id.upper()]
    for i, (last, first) in NAMES.items():
        found += [f"{last}, {first}", f"{first} {last}", f"{first}.{last}".lower(), f"{last}_{first}".upper()]
        found += [f"{first}{last}".replace(" ", ""), i, PEOPLE[i].emails[0]]
    return found


HOSTILE = st.lists(st.sampled_from([*forms(), "training", "2026", "Fall"]), min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([" ", "_", "-", " + "]).map(lambda mark: mark.join(words))
)


@st.composite
def completions(draw: st.DrawFn) -> Completion:
    """Give a completion of somebody on the roster, with names of others wherever text of theirs can stand."""
    person_id = draw(st.sampled_from(sorted(NAMES)))
    source = draw(st.sampled_from(["class", "heron-export", "quarry", "log-70101"]))
    learner = Learner(source, person_id, person_id, PEOPLE[person_id].emails)
    title = draw(HOSTILE)
    attributes = {"host_school": draw(HOSTILE), "experienced_officer": draw(HOSTILE)}
    return Completion(
        source=source,
        record=draw(st.uuids()).hex,
        learner=learner,
        course="C",
        course_title=title,
        day=DAY - timedelta(days=draw(st.integers(0, 300))),
        origin=Origin(file=f"{draw(HOSTILE)}.xlsx", sheet=draw(HOSTILE), cell="A7"),
        claim=draw(st.sampled_from([None, None, ClaimReason.WAIVER, ClaimReason.NO_HOST])),
        attributes=tuple(sorted(attributes.items())),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Give a roster on which anybody may be assigned to any partner, to several, or to none any more."""
    assignments = []
    for person_id in NAMES:
        for partner_id in draw(st.sets(st.sampled_from(sorted(PARTNERS)), max_size=2)):
            ends = draw(st.sampled_from([None, DAY - timedelta(days=1)]))
            agreement = None if partner_id == "own" else f"{partner_id}-26"
            assignments.append(Assignment(person_id, partner_id, agreement, date(2026, 9, 1), ends))
    agreements = {f"{i}-26": Agreement(f"{i}-26", i, "2026-27", date(2026, 9, 1), None) for i in ("quarry", "heron")}
    people = {i: replaced(person, draw(st.sampled_from([None, date(2026, 2, 2)]))) for i, person in PEOPLE.items()}
    return Roster(PARTNERS, agreements, people, tuple(assignments))


def replaced(person: Person, first_day: date | None) -> Person:
    return Person(
        person.person_id,
        person.last_name,
        person.first_name,
        emails=person.emails,
        staff_class=person.staff_class,
        first_day=first_day,
    )


def knowledge_of(roster: Roster, done: list[Completion]) -> Snapshot:
    sealed = [one for one in (pseudonymous_reading(c, SEAL) for c in done) if isinstance(one, Completion)]
    return Snapshot(
        known_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        roster=roster,
        course_map=MAP,
        law=LAW,
        yearly=load_yearly(),
        settings=Told("Pinehill Schools", "Human Resources", "America/Los_Angeles", 60),
        completions=tuple(sealed),
        learners=merged(pseudonymous_learner(one.learner, SEAL) for one in done),
        decisions={},
        documents={},
        pulls={},
    )


def texts(value: object) -> Iterator[str]:
    """Yield every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from texts(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts((key, part))
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            yield from texts(part)


def told_of(text: str, report: GapReport, roster: Roster) -> list[str]:
    """Return whom `text` tells of who is not this partner's."""
    run, words = squeezed(text), re.split(r"[^a-z0-9]+", folded(text))
    own = {one.person_id for one in report.people}
    others = [one for one in roster.partners.values() if one != report.partner]
    found = [one.name for one in others if squeezed(one.name) in run or one.partner_id in words]
    for i, (last, first) in NAMES.items():
        whole = (squeezed(first + last), squeezed(last + first))
        if i not in own and (i in words or any(name in run for name in whole)):
            found.append(i)
    return found


@pytest.mark.slow
@settings(max_examples=100)
@given(rosters(), st.lists(completions(), max_size=8))
def test_no_text_of_a_report_tells_of_anybody_outside_the_partner(roster: Roster, done: list[Completion]) -> None:
    snapshot = knowledge_of(roster, done)
    judged = judge_roster(snapshot, SEAL, as_of=DAY)
    for partner in PARTNERS.values():
        report = build_report(snapshot, judged, partner, last=None)
        assert {one.person_id for one in report.people} == {
            one.person_id for one in roster.assigned(partner.partner_id, DAY)
        }
        for text in texts(report):
            assert told_of(text, report, roster) == [], text


@given(rosters(), st.lists(completions(), max_size=8))
def test_what_is_withheld_changes_no_figure(roster: Roster, done: list[Completion]) -> None:
    snapshot = knowledge_of(roster, done)
    judged = judge_roster(snapshot, SEAL, as_of=DAY)
    for partner in PARTNERS.values():
        theirs = build_report(snapshot, judged, partner, last=None)
        whole = build_report(snapshot, judged, partner, last=None, for_district=True)
        assert figures(theirs) == figures(whole)


@given(rosters(), st.lists(completions(), max_size=8))
def test_the_district_s_figures_are_the_whole_reports_without_what_they_rest_on(
    roster: Roster, done: list[Completion]
) -> None:
    snapshot = knowledge_of(roster, done)
    judged = judge_roster(snapshot, SEAL, as_of=DAY)
    whole = [build_report(snapshot, judged, p, last=None, for_district=True) for p in PARTNERS.values()]
    found = district_figures(snapshot, judged, PARTNERS.values())
    assert [without_grounds(report) for report in found] == [without_grounds(report) for report in whole]
    assert not [s for report in found for p in report.people for s in p.requirements if s.credits or s.claims]


def without_grounds(report: GapReport) -> GapReport:
    """Return a report without what its standings rest on, and what waits for a decision."""
    people = (replace(p, decisions=(), requirements=tuple(map(bare, p.requirements))) for p in report.people)
    return replace(report, people=tuple(people))


def bare(standing: ReportedStanding) -> ReportedStanding:
    return replace(standing, credits=(), claims=(), notes=())


def figures(report: GapReport) -> list[object]:
    return [
        (
            p.person_id,
            p.state,
            [(s.requirement, s.have, s.met_by, s.on, s.due, len(s.credits)) for s in p.requirements],
        )
        for p in report.people
    ]


def test_the_generated_names_would_be_told_without_the_withholder() -> None:
    """Without this the property above could hold because nothing hostile ever reaches a report."""
    assignments = (Assignment("70101", "quarry", "quarry-26", date(2026, 9, 1), None),)
    roster = Roster(PARTNERS, {}, {i: replaced(p, date(2026, 2, 2)) for i, p in PEOPLE.items()}, assignments)
    done = Completion(
        "heron-export",
        "r",
        Learner("heron-export", "70101", "70101"),
        "C",
        "Course of HERONMERE GUARDS LLC",
        DAY,
        Origin(file="Marshbane_Cleodora.xlsx", sheet="80202", cell="A7"),
        attributes=(("experienced_officer", "Evandra Stonewell"), ("host_school", "own")),
    )
    snapshot = knowledge_of(roster, [done])
    judged = judge_roster(snapshot, SEAL, as_of=DAY)
    report = build_report(snapshot, judged, PARTNERS["quarry"], last=None, for_district=True)
    told = {whom for text in texts(report) for whom in told_of(text, report, roster)}
    assert told >= {"Heronmere Guards LLC", "80201", "80202", "90301"}
