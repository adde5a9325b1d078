"""A judgement of everybody → the partners' reports as the district's figures need them. Pure.

They tell where everybody stands and nothing of what that rests on: no credits, claims, notes, and nothing that waits
for a decision. Most people stand alike on most requirements, and those who do share one standing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from lms_sync.compliance.build import build_report
from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.reported import reported
from lms_sync.law.standing import Judgement, Standing
from lms_sync.model.roster import Partner
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.store.known.judged_people import JudgedInShort, RequirementsAlike
from lms_sync.store.known.judgements_on_demand import JudgementsOnDemand
from lms_sync.store.known.snapshot import Snapshot

_how = attrgetter("component", "need", "have", "met_by", "due", "last_lawful_day", "late", "doubted")
"""Gives how requirements that are alike stand."""
_OnDays = dict[date | None, Standing]
"""Day on which a requirement was met → its standing; of requirements that stand alike apart from that day."""


def district_figures(snapshot: Snapshot, judged: Judged, partners: Iterable[Partner]) -> tuple[GapReport, ...]:
    """Return the report of each partner on the day judged, in their order, as the district reads them."""
    known: dict[int, tuple[Standing, ReportedStanding]] = {}
    """By the id of a standing, with the standing itself, so that no other comes to have its id."""
    shared = _Standings()

    def figures(
        standings: Sequence[Standing], gate: Gate, expected: Sequence[ExpectedTraining] = ()
    ) -> tuple[ReportedStanding, ...]:
        theirs = tuple([(known.get(id(standing)) or new(standing, gate))[1] for standing in standings])
        if not expected:
            return theirs
        pairs = zip(standings, theirs, strict=True)
        return tuple([reported(standing, gate, expected) if figure.open else figure for standing, figure in pairs])

    def new(standing: Standing, gate: Gate) -> tuple[Standing, ReportedStanding]:
        return known.setdefault(id(standing), (standing, reported(standing, gate)))

    without = replace(judged, people=JudgementsOnDemand(judged.short, shared.judgement))
    return tuple(
        build_report(snapshot, without, partner, last=None, for_district=True, standings_as=figures)
        for partner in partners
    )


@dataclass(frozen=True, slots=True)
class _Standings:
    """Standings without what they rest on, each made once: many people stand alike on a requirement."""

    _of_requirements: dict[tuple[RequirementsAlike, ...], list[_OnDays]] = field(default_factory=dict)
    """In the law's order."""
    _alike: dict[tuple[object, ...], _OnDays] = field(default_factory=dict)
    """By the requirement and how it stands."""

    def judgement(self, short: JudgedInShort) -> Judgement:
        """Return a judgement as `JudgedInShort.without_evidence` does."""
        places = self._of_requirements.get(short.standings)
        if places is None:
            alike = ((requirement, *_how(those)) for those, requirement in short.alike)
            places = [self._alike.setdefault(figures, {}) for figures in alike]
            self._of_requirements[short.standings] = places
        try:
            standings = [known[on] for known, on in zip(places, short.on, strict=True)]
        except KeyError:  # somebody met one on a day on which nobody else has
            pairs = zip(places, short.without_evidence.standings, strict=True)
            standings = [known.setdefault(standing.on, standing) for known, standing in pairs]
        return Judgement(short.state, short.reasons, tuple(standings))
