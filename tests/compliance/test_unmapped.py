"""What the worklist says of a course that no row of the map decides."""

from dataclasses import replace
from datetime import date

from lms_sync.compliance.credits import Mapped, NotCounted, NotCountedReason, Unmapped
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.undecided import undecided_completion
from lms_sync.compliance.unmapped import unmapped_courses, unmapped_findings
from lms_sync.files import shipped
from lms_sync.model.evidence import Completion, Learner
from lms_sync.model.finding import Finding, Origin
from lms_sync.workspace.mapping.phrases import read_phrases
from lms_sync.workspace.mapping.suggest import suggester

DAY = date(2026, 10, 5)
DONE = Completion("moodle", "r1", Learner("moodle", "1"), "sss-01_sh__amp__co", "", DAY, Origin(file="progress.csv"))


def finding(mapped: Mapped) -> Finding:
    """Return the one finding of a completion."""
    waiting = undecided_completion(DONE, mapped)
    assert waiting is not None
    judged = Judged(DAY, {}, {}, {}, frozenset(), (), 0, {}, Gate("", {}, {}, {}, {}), Openings())
    judged = replace(judged, undecided={"p1": (waiting,)})
    suggest = suggester(read_phrases(shipped("mappings") / "phrases.toml"), {}, ())
    (found,) = unmapped_findings(unmapped_courses(judged, suggest, assigned=frozenset()))
    return found


def test_a_course_without_a_row_asks_for_one() -> None:
    found = finding(Unmapped())
    assert "has no decided row" in found.found
    assert "mappings suggest" in found.remedy


def test_a_files_name_that_may_mean_two_courses_names_their_rows() -> None:
    found = finding(NotCounted(NotCountedReason.ALIKE, "Courses!B2 and Courses!B3"))
    assert "Courses!B2 and Courses!B3" in found.found
    assert "sss-01_sh__amp__co" in found.remedy
    assert found.handle == finding(Unmapped()).handle
    assert replace(found, found="", remedy="") == replace(finding(Unmapped()), found="", remedy="")
