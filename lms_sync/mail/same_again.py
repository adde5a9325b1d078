"""Whether a report says what the last one said: people, gaps, what counts, what is planned; not its dates. Pure."""

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.model.finding import short_hash
from lms_sync.model.issued import IssuedReport
from lms_sync.model.stored.judgement import REPORT
from lms_sync.reports.gaps_export import report_json


def planned_mark(plan: TrainingPlan) -> str:
    """Return what changes when other offerings are planned for anybody.

    Proposed days move on with the calendar and are left out, as is the day by which a course at one's own pace is to
    be finished.
    """
    parts = []
    for person in plan.people:
        for sitting in person.sittings:
            when = "" if sitting.self_paced else f"{sitting.starts} {sitting.ends}"
            parts.append(" ".join((person.person_id, sitting.offering_id, when, *sitting.closes)))
        parts.append(" ".join((person.person_id, "unclosed", *person.unclosed)))
    return short_hash(*sorted(parts))


def says_the_same(report: GapReport, plan: TrainingPlan, last: IssuedReport) -> bool:
    """Tell whether `report` says what `last` said. Earlier versions did not record what was planned."""
    before = last.report
    now = REPORT.read(report_json([report])["partners"][0])
    same_plan = before.planned in ("", planned_mark(plan))
    return same_plan and now == before.model_copy(update={"planned": ""})
