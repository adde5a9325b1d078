"""What a doubt makes of credits, and what HR is asked of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lms_sync.compliance.doubted import DoubtIndex
from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import ClaimReason, Completion, Credit
from lms_sync.model.finding import Area, Finding
from tests.compliance.person_facts import DAY, GUARD, ME, OTHER, SEAL, done, knowledge_of, sealed

SINCE = date(2026, 11, 20)
RIGHTS = done("Rights", record="r1")
AGAIN = replace(RIGHTS, day=date(2027, 3, 10))
"""After the last lawful day of the classroom, 2 March 2027."""
SOON = replace(RIGHTS, day=date(2027, 1, 11))
LOGGED = (("experienced_officer", "A. Reed"), ("host_school", "Pinehill HS"))
JOB = done("Day", record="j1", attributes=LOGGED)
LATER = date(2027, 4, 1)


def doubt(about: Completion, cause: DoubtCause = DoubtCause.NOT_DONE, **more: object) -> Doubt:
    stored = sealed(about)
    named = (stored.source, stored.record, stored.day, cause, stored.learner.key, about.course, about.course)
    found = Doubt(*named, since=SINCE, found_at=datetime(2026, 11, 20, 10, tzinfo=UTC), finding_id="0a1b2c3d")
    return replace(found, **more)  # type: ignore[arg-type]


def again(about: Completion, later: Completion, **more: object) -> Doubt:
    return doubt(about, DoubtCause.DONE_AGAIN, instead=sealed(later), **more)


def judged(found: Iterable[Completion], *doubts: Doubt, as_of: date = DAY) -> Judged:
    return judge_roster(replace(knowledge_of(*found), doubts=doubts), SEAL, as_of=as_of)


def asked(found: Iterable[Completion], *doubts: Doubt, as_of: date = DAY) -> tuple[Finding, ...]:
    return tuple(f for f in judged(found, *doubts, as_of=as_of).findings if f.area is Area.DOUBT)


def standing(found: Iterable[Completion], requirement: str, *doubts: Doubt) -> tuple[object, ...]:
    person = judged(found, *doubts, as_of=LATER).people[ME]
    (one,) = [s for s in person.standings if s.requirement == requirement]
    return one.have, one.on, one.doubted


def test_a_completion_is_in_doubt_since_the_first_open_question_about_it() -> None:
    index = DoubtIndex.of(
        [doubt(RIGHTS, since=date(2026, 11, 21)), again(RIGHTS, AGAIN), doubt(RIGHTS, verdict=Verdict.KEEP)], []
    )
    credit = Credit("topic-01", date(2026, 10, 5), "class", "r1", "A2", "Rights")
    (marked,) = index.marked([credit], sealed(RIGHTS))
    assert (marked.doubted, marked.again) == (SINCE, False)
    (other,) = index.marked([credit], sealed(AGAIN))
    assert other.doubted is None


@pytest.mark.parametrize("verdict", [Verdict.KEEP, Verdict.END])
def test_what_hr_has_decided_is_neither_in_doubt_nor_asked(verdict: Verdict) -> None:
    decided = doubt(RIGHTS, verdict=verdict)
    assert asked([RIGHTS], decided) == ()
    assert standing([RIGHTS], "topic-01", decided) == (1, date(2026, 10, 5), None)


def test_a_claim_that_the_source_has_taken_back_says_so_to_whoever_decides_it() -> None:
    waived = replace(RIGHTS, day=None, claim=ClaimReason.WAIVER)
    (found,) = [f for f in judged([waived], doubt(waived, status="Failed")).findings if f.area is Area.CLAIM]
    assert found.found.endswith("the source says waived or exempt; since 20 Nov 2026 the source says “Failed”")
    decided = doubt(waived, status="Failed", verdict=Verdict.KEEP)
    (found,) = [f for f in judged([waived], decided).findings if f.area is Area.CLAIM]
    assert found.found.endswith("waived or exempt")


def test_one_completion_is_told_with_the_person_the_day_and_the_sources_word() -> None:
    (found,) = asked([RIGHTS], doubt(RIGHTS, status="In Progress"))
    assert found.found == (
        "Quillfeather, Adabelle (70101): “Rights”, completed on 5 Oct 2026, now says “In Progress”"
        " (in doubt since 20 Nov 2026)"
    )
    assert (found.code, found.id, found.people) == ("completion-doubted", "0a1b2c3d", (ME,))
    assert 'lms-sync worklist keep 0a1b2c3d --reason "…"' in found.remedy
    assert 'lms-sync worklist end 0a1b2c3d --reason "…"' in found.remedy


def test_several_days_of_one_record_are_told_in_one_sentence() -> None:
    (found,) = asked([RIGHTS, SOON], doubt(RIGHTS), doubt(SOON), as_of=LATER)
    assert "completed on 5 Oct 2026 and 11 Jan 2027, now says that it is not done" in found.found


def test_several_people_of_one_finding_look_like_a_reset() -> None:
    three = [done("Rights", who=who, record=f"r {who}") for who in (ME, OTHER, GUARD)]
    (found,) = asked(three, *map(doubt, three))
    assert found.found.startswith("Rights looks reset: 3 people who had completed it no longer have")
    assert (found.people, found.weight) == ((ME, OTHER, GUARD), 3)


def test_who_has_done_it_again_in_time_since_is_not_asked_about() -> None:
    """A reset of 83 was told as 83 for as long as HR had not decided, whoever had done it again."""
    three = [done("Rights", who=who, record=f"r {who}") for who in (ME, OTHER, GUARD)]
    doubts = [*map(doubt, three)]
    once_more = [replace(completion, day=SOON.day) for completion in three]
    (found,) = asked([*three, once_more[0]], *doubts, as_of=LATER)
    assert found.found.startswith("Rights looks reset: 2 people who had completed it no longer have (in doubt")
    assert (found.people, found.weight) == ((OTHER, GUARD), 2)
    assert asked([*three, *once_more], *doubts, as_of=LATER) == ()
    (to_come,) = asked([*three, once_more[0]], *doubts)
    assert "3 people" in to_come.found, "it is not done before its day"


def test_who_has_done_it_again_too_late_is_asked_about_and_told_so() -> None:
    """Without the day that the source took back it is late."""
    three = [done("Rights", who=who, record=f"r {who}") for who in (ME, OTHER, GUARD)]
    late = replace(three[0], day=AGAIN.day)
    (found,) = asked([*three, late], *map(doubt, three), as_of=LATER)
    assert found.found.startswith(
        "Rights looks reset: 2 people who had completed it no longer have;"
        " 1 person did it again since, where the first day may make a difference (in doubt"
    )
    assert found.people == (ME, OTHER, GUARD)
    (alone,) = asked([RIGHTS, AGAIN], doubt(RIGHTS), as_of=LATER)
    assert "was taken back, and done again on 10 Mar 2027, where the first day may make a difference" in alone.found
    twice = asked([*three, late], *map(doubt, three), doubt(late), as_of=LATER)
    assert "3 people who had completed it no longer have" in twice[0].found


def test_nobody_is_asked_about_what_counts_for_nobody() -> None:
    stranger = done("Rights", who="99999", record="r9")
    unmapped = done("Knitting", record="k1")
    assert asked([stranger, unmapped], doubt(stranger), doubt(unmapped)) == ()


@pytest.mark.parametrize(("days", "leads"), [(13, False), (14, True)])
def test_what_is_undecided_for_14_days_leads(days: int, leads: bool) -> None:  # noqa: FBT001
    since = date.fromordinal(DAY.toordinal() - days)
    (found,) = asked([RIGHTS], doubt(RIGHTS, since=since))
    assert found.leads is leads


def test_of_several_the_one_that_waits_the_longest_makes_it_lead() -> None:
    two = [done("Rights", who=who, record=f"r {who}") for who in (ME, OTHER)]
    (found,) = asked(two, doubt(two[0]), doubt(two[1], since=date(2026, 11, 1)))
    assert found.leads


def test_done_again_is_asked_where_the_later_day_alone_would_be_late() -> None:
    assert standing([RIGHTS, AGAIN], "topic-01", again(RIGHTS, AGAIN)) == (1, date(2026, 10, 5), SINCE)
    (found,) = asked([RIGHTS, AGAIN], again(RIGHTS, AGAIN), as_of=LATER)
    assert (
        "completed on 5 Oct 2026, is now completed on 10 Mar 2027: done again, or the day corrected?" in found.found
    )
    assert found.code == "done-again-or-corrected"


def test_done_again_is_not_asked_where_the_later_day_is_in_time_too_or_a_doubt_came_before() -> None:
    assert asked([RIGHTS, SOON], again(RIGHTS, SOON), as_of=LATER) == ()
    assert standing([RIGHTS, SOON], "topic-01", again(RIGHTS, SOON)) == (1, date(2026, 10, 5), None)
    assert asked([RIGHTS, AGAIN], again(RIGHTS, AGAIN, after_reset=True), as_of=LATER) == ()
    assert standing([RIGHTS, AGAIN], "topic-01", again(RIGHTS, AGAIN, after_reset=True))[2] is None


def test_of_the_days_that_the_map_counts_the_earliest_is_the_credit() -> None:
    """The map counts Minds until 30 September, and Force from 80 points."""
    early, late = (replace(done("Force", record="f1"), day=day) for day in (date(2026, 10, 5), date(2027, 1, 11)))
    failed, passed = replace(early, score=Decimal(60)), replace(late, score=Decimal(90))
    assert standing([failed, passed], "topic-07", again(failed, passed)) == (1, date(2027, 1, 11), None)


@pytest.mark.parametrize("after_reset", [False, True])
def test_done_again_adds_nothing_to_a_count_and_is_asked(after_reset: bool) -> None:  # noqa: FBT001
    later = replace(JOB, day=date(2027, 1, 11))
    question = again(JOB, later, after_reset=after_reset)
    assert standing([JOB, later], "on-the-job", question)[0] == 1
    assert len(asked([JOB, later], question, as_of=LATER)) == 1
    assert standing([JOB, later], "on-the-job", replace(question, verdict=Verdict.KEEP))[0] == 2
    assert standing([JOB, later], "on-the-job", replace(question, verdict=Verdict.END))[0] == 1


def test_a_record_of_two_days_counts_once_even_where_no_question_is_known() -> None:
    assert standing([JOB, replace(JOB, day=date(2027, 1, 11))], "on-the-job")[0] == 1


def test_a_waiting_correction_casts_no_doubt_and_tells_both_days() -> None:
    moved = doubt(RIGHTS, DoubtCause.CORRECTION, instead=sealed(AGAIN))
    assert standing([RIGHTS], "topic-01", moved) == (1, date(2026, 10, 5), None)
    (found,) = asked([RIGHTS], moved)
    assert "completed on 5 Oct 2026, now says 10 Mar 2027" in found.found
    for other, words in (
        (replace(RIGHTS, attributes=(("hours", "1"),)), "now says 5 Oct 2026, with other details"),
        (
            replace(RIGHTS, status="Exempt", score=Decimal(40)),
            "now says 5 Oct 2026, with other details (status “Exempt”, score 40) (in doubt",
        ),
        (replace(RIGHTS, day=None), "now says no day"),
    ):
        (found,) = asked([RIGHTS], replace(moved, instead=sealed(other)))
        assert words in found.found
