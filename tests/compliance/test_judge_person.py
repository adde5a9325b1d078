"""People's judgements: the same in whatever order the evidence is read."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.compliance.judge import book_of, judge_people
from lms_sync.compliance.judge_person import Judging
from lms_sync.compliance.trained_once import JudgedAnew
from lms_sync.model.completion_rows import by_learner
from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.person_names import PersonNames
from lms_sync.people.match import match_all
from tests.compliance.person_facts import DAY, ME, OTHER, PEOPLE, ROWS, SEAL, claim, done, judged, knowledge_of

COURSES = st.sampled_from([row.course for row in ROWS] + ["Knitting", "topic-04"])
LOGGED = (("experienced_officer", "A. Reed"), ("host_school", "Pinehill HS"))
EVIDENCE = st.lists(
    st.builds(
        lambda course, day, reason, logged: done(course, day, claim=reason, attributes=LOGGED if logged else ()),
        COURSES,
        st.dates(date(2026, 9, 1), date(2026, 12, 31)),
        st.none() | st.sampled_from(ClaimReason).filter(lambda reason: reason is not ClaimReason.DAY_UNSURE),
        st.booleans(),
    )
    | st.builds(claim, COURSES),
    max_size=8,
    unique_by=lambda completion: (completion.record, completion.day),
)


def judging() -> Judging:
    return Judging.of(knowledge_of(), PersonNames.of({}), as_of=DAY)


@given(EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_is_read_makes_no_difference(found: list[Completion], random: Random) -> None:
    shuffled = random.sample(found, len(found))
    assert judging().judged(ME, found) == judging().judged(ME, shuffled)


def test_a_day_to_come_makes_no_source_look_fresh() -> None:
    typed_wrong, right = done("Rights", DAY + timedelta(days=365)), done("Force", DAY - timedelta(days=40))
    assert judged(knowledge_of(typed_wrong, right)).newest == {"class": right.day}
    assert judged(knowledge_of(typed_wrong)).newest == {}
    older, today = done("Rights", DAY - timedelta(days=90)), done("Minds", DAY)
    assert judged(knowledge_of(right, older)).newest == {"class": right.day}
    assert judged(knowledge_of(right, today, older)).newest == {"class": DAY}


def test_a_completion_of_today_is_not_one_of_a_day_to_come() -> None:
    found = {days: judging().judged(ME, [done("Rights", DAY + timedelta(days=days))]).person for days in (-1, 0, 1)}
    assert {days: len(person.future) for days, person in found.items()} == {-1: 0, 0: 0, 1: 1}


@given(st.randoms(use_true_random=False))
def test_who_is_one_learner_or_several_is_judged_by_all_that_there_is_and_so_is_who_has_no_evidence(
    random: Random,
) -> None:
    elsewhere = done("All", source="vendor", learner=Learner("vendor", "a7", person_id=ME))
    found = [done("Rights"), elsewhere, claim("Day"), done("Force", who=OTHER), done("All", who="9")]
    snapshot = knowledge_of(*random.sample(found, len(found)))
    book = book_of(snapshot, SEAL)
    matches, judging = match_all(snapshot.learners, book), Judging.of(snapshot, book.known, as_of=DAY)
    theirs = {i: [c for c in snapshot.completions if matches[c.source, c.learner.key].person_id == i] for i in PEOPLE}

    judged = dict(judge_people(judging, by_learner(snapshot.completions), matches, people=PEOPLE))

    assert judged == {i: JudgedAnew.of(judging.judged(i, completions)) for i, completions in theirs.items()}
    assert sorted(map(len, theirs.values())) == [0, 1, 3]
    assert dict(judge_people(judging, by_learner(snapshot.completions), matches, people=[OTHER])).keys() == {OTHER}


def test_nobody_is_their_own_experienced_officer_whatever_reads_it_and_whatever_the_course_is_called() -> None:
    person = PEOPLE[ME]
    for officer, counts in ((f"Ofc. {person.first_name} {person.last_name}", 0), ("A. Reed", 1)):
        by = (("experienced_officer", officer), LOGGED[1])
        logged = done("Day", attributes=by), done("Check-in", attributes=by)
        standings = {s.requirement: s for s in judging().judged(ME, logged).person.judgement.standings}
        found = [(standings[name].have, len(standings[name].claims)) for name in ("on-the-job", "check-in")]
        assert found == [(counts, 1 - counts)] * 2
