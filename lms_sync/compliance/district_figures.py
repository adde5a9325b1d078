"""A judgement of everybody → the partners' reports as the district's figures need them. Pure.

They tell where everybody stands and nothing of what that rests on: no credits, claims, notes, and nothing that waits
for a decision. Most people stand alike on most requirements, and those who do share one standing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from lms_sync.compliance.build import build_report
from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.reported import reported
from lms_sync.law.standing import Judgement, Standing
from lms_sync.model.roster import Partner
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.store.known.judged_people import JudgedInShort
from lms_sync.store.known.judgements_on_demand import JudgementsOnDemand
from lms_sync.store.known.snapshot import Snapshot

_alike: Callable[[Standing], tuple[object, ...]] = attrgetter(
    *("requirement", "component", "need", "have", "met_by", "on", "due", "last_lawful_day", "late", "doubted")
)
"""Gives what a figure tells of a standing: all but what it rests on."""


def district_figures(snapshot: Snapshot, judged: Judged, partners: Iterable[Partner]) -> tuple[GapReport, ...]:
    """Return the report of each partner on the day judged, in their order, as the district reads them."""
    known: dict[tuple[object, ...], ReportedStanding] = {}
    """Few: of a requirement there are as many as days on which it was met."""

    def figures(
        standings: Iterable[Standing], gate: Gate, expected: Sequence[ExpectedTraining] = ()
    ) -> tuple[ReportedStanding, ...]:
        found: list[ReportedStanding] = []
        for standing in standings:
            alike = _alike(standing)
            figure = known.get(alike)
            if figure is None:
                figure = known[alike] = reported(standing, gate)
            found.append(reported(standing, gate, expected) if expected and figure.open else figure)
        return tuple(found)

    without = replace(judged, people=JudgementsOnDemand(judged.short, _without_evidence))
    return tuple(
        build_report(snapshot, without, partner, last=None, for_district=True, standings_as=figures)
        for partner in partners
    )


def _without_evidence(short: JudgedInShort) -> Judgement:
    return short.without_evidence
