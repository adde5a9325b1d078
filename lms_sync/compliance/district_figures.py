"""A judgement of everybody → the partners' reports as the district's figures need them. Pure.

They tell where everybody stands and nothing of what that rests on: no credits, claims, notes, and nothing that waits
for a decision. Most people stand alike on most requirements, and those who do share one standing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from lms_sync.compliance.build import build_report, reported
from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.judge import Judged
from lms_sync.law.standing import Judgement, MetBy, Standing
from lms_sync.model.roster import Partner
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.store.known.judged_people import JudgedInShort
from lms_sync.store.known.judgements_on_demand import JudgementsOnDemand
from lms_sync.store.known.snapshot import Snapshot

_Alike = tuple[str, str, int, int, MetBy | None, date | None, date | None, date | None, bool, date | None]


def district_figures(snapshot: Snapshot, judged: Judged, partners: Iterable[Partner]) -> tuple[GapReport, ...]:
    """Return the report of each partner on the day judged, in their order, as the district reads them."""
    known: dict[_Alike, ReportedStanding] = {}  # few: of a requirement there are as many as days on which it was met

    def figure(standing: Standing, gate: Gate, expected: Sequence[ExpectedTraining] = ()) -> ReportedStanding:
        if expected and standing.open:
            return reported(standing, gate, expected)
        alike = _alike(standing)
        found = known.get(alike)
        if found is None:
            found = known[alike] = reported(standing, gate)
        return found

    figures = replace(judged, people=JudgementsOnDemand(judged.short, _without_evidence))
    return tuple(
        build_report(snapshot, figures, partner, last=None, for_district=True, standing_as=figure)
        for partner in partners
    )


def _alike(standing: Standing) -> _Alike:
    return (
        standing.requirement,
        standing.component,
        standing.need,
        standing.have,
        standing.met_by,
        standing.on,
        standing.due,
        standing.last_lawful_day,
        standing.late,
        standing.doubted,
    )


def _without_evidence(short: JudgedInShort) -> Judgement:
    return short.without_evidence
