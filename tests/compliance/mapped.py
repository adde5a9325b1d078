"""A course that the map knows, a completion of it, and what that counts for."""

from collections.abc import Mapping
from datetime import date

from lms_sync.compliance.credits import Mapped, counted_by
from lms_sync.compliance.map_index import MapIndex
from lms_sync.model.course_map import CourseRow, course_map
from lms_sync.model.evidence import Completion, Learner
from lms_sync.model.finding import Origin

DAY = date(2026, 10, 5)
EVIDENCE = (("experienced_officer", "B. Roe"), ("host_school", "Lincoln HS"))
ROW = CourseRow(
    source="*",
    course="Bias free policing",
    unit="",
    title="",
    topics=(6,),
    on_the_job_days=0,
    check_ins=0,
    counts_from=None,
    counts_until=None,
    minimum_score=None,
    decided_by="T. Rainer",
    decided_on=date(2026, 9, 1),
    cell="Courses!B2",
)
DONE = Completion(
    source="canvas",
    record="r1",
    learner=Learner("canvas", "1"),
    course="101",
    course_title="Bias Free  Policing",
    day=DAY,
    origin=Origin(file="export.csv", cell="A2"),
)


def index(*rows: CourseRow) -> MapIndex:
    return MapIndex.of(course_map(rows, ()))


def credits_of(completion: Completion, found: MapIndex, *, accepted: Mapping[str, date]) -> Mapped:
    return counted_by(found.match(completion), completion, found, accepted=accepted)
