"""What everybody's training plan comes to, without making it: what nothing closes, and whose plans may differ. Pure.

A night makes whole plans only for the partners that get one; HR must hear of everybody's gaps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lms_sync.compliance.plan.catalogue import Catalogue, read_catalogue
from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.plan.partner_plan import CLASSROOM, Choose, chooser, chosen_for, settling_topics
from lms_sync.model.course_map import CourseMap
from lms_sync.store.known.judged_people import JudgedInShort


@dataclass(frozen=True, slots=True)
class Outline:
    """What the plan of one partner comes to."""

    partner_id: str
    unclosed: tuple[tuple[str, str], ...]
    """(Person ID, requirement) of each requirement that no offering closes."""
    offerings: tuple[tuple[str, frozenset[str]], ...]
    """(Person ID, the ids of the offerings that are planned) of people of several partners alone."""


@dataclass(frozen=True, slots=True)
class Outlining:
    """What can be taken by whom on one day, whichever partner's plan it is for."""

    catalogue: Catalogue
    openings: Openings
    choose: Choose
    settling: frozenset[str]

    @classmethod
    def of(cls, course_map: CourseMap, openings: Openings, *, as_of: date) -> "Outlining":
        """Return what outlines of plans as of a day take."""
        catalogue = read_catalogue(course_map, as_of=as_of)
        return cls(catalogue, openings, chooser(catalogue, openings), settling_topics(catalogue, openings))

    def of_partner(self, partner_id: str, people: Mapping[str, JudgedInShort]) -> Outline:
        """Return what the plan of a partner comes to, whose people are judged so."""
        unclosed: list[tuple[str, str]] = []
        offerings: list[tuple[str, frozenset[str]]] = []
        alike: dict[tuple[int, frozenset[str]], _Planned] = {}
        for person_id, judgement in people.items():
            partners = self.openings.of_person(person_id, partner_id)
            key = id(judgement.standings), partners  # of very many people the requirements stand alike
            planned = alike.get(key)
            if planned is None:
                planned = alike[key] = self._planned(person_id, judgement, partner_id)
            unclosed += [(person_id, topic) for topic in planned.unclosed]
            if planned.lacks and len(partners) > 1:
                offerings.append((person_id, planned.offerings))
        return Outline(partner_id, tuple(unclosed), tuple(offerings))

    def _planned(self, person_id: str, judgement: JudgedInShort, partner_id: str) -> "_Planned":
        """Return what a person's plan comes to, and that of all whose requirements and partners are the same."""
        gaps = judgement.gaps
        topics = (gap for gap in gaps if gap.component == CLASSROOM)
        wanted = tuple((requirement, gap.due) for gap in topics for requirement in gap.requirements)
        chosen = chosen_for(person_id, wanted, partner_id, self.choose, openings=self.openings) if wanted else ()
        closed = self.settling.union(*(takeable.topics for takeable in chosen))
        return _Planned(
            bool(gaps),
            tuple(topic for topic, _ in wanted if topic not in closed),
            frozenset(takeable.offering.offering_id for takeable in chosen),
        )


class _Planned(NamedTuple):
    """What the plan of one person comes to."""

    lacks: bool
    """Whether anything is missing."""
    unclosed: tuple[str, ...]
    """The requirements that no offering closes."""
    offerings: frozenset[str]
    """The ids of those that are planned."""


def partners_that_differ(outlines: Iterable[Outline]) -> frozenset[str]:
    """Return the partners of people whose plans for two partners do not name the same offerings."""
    plans: dict[str, set[frozenset[str]]] = defaultdict(set)
    partners: dict[str, set[str]] = defaultdict(set)
    for outline in outlines:
        for person_id, offerings in outline.offerings:
            plans[person_id].add(offerings)
            partners[person_id].add(outline.partner_id)
    differing = (partners[person_id] for person_id, several in plans.items() if len(several) > 1)
    return frozenset(partner_id for several in differing for partner_id in several)
