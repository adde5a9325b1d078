"""What a doubt does to a standing: it goes on counting, and is said where nothing sound meets it in time."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.law.rules import judge
from lms_sync.law.series import load
from lms_sync.law.standing import PersonEvidence, StaffClock, Standing, State, state_group, state_words
from lms_sync.model.evidence import Credit, Documentation
from lms_sync.model.roster import StaffClass

LAW = load()
CLOCK = StaffClock(StaffClass.OTHER, date(2025, 9, 2))
AS_OF = date(2026, 11, 23)
SINCE = date(2026, 10, 1)
TOPIC = Credit("topic-05", date(2025, 10, 1), "esd", "r1", "A2", "De-escalation", doubted=SINCE)
SOUND = replace(TOPIC, record="r2", doubted=None)


def standing(*credits: Credit, documents: tuple[Documentation, ...] = ()) -> Standing:
    judgement = judge(CLOCK, PersonEvidence(credits, documents=documents), as_of=AS_OF, law=LAW)
    (found,) = [one for one in judgement.standings if one.requirement == credits[0].requirement]
    return found


def test_what_is_met_by_a_doubted_credit_alone_is_met_and_in_doubt() -> None:
    found = standing(TOPIC)
    assert (found.open, found.on, found.doubted) == (False, TOPIC.day, SINCE)


def test_a_sound_credit_in_time_hides_the_doubt_and_a_late_one_does_not() -> None:
    assert standing(TOPIC, SOUND).doubted is None
    assert standing(TOPIC, replace(SOUND, day=date(2026, 11, 2))).doubted == SINCE


def test_what_a_sound_credit_met_late_is_late_and_is_not_in_doubt_by_a_later_one() -> None:
    late = replace(SOUND, day=date(2026, 11, 2))
    found = standing(late, replace(TOPIC, day=date(2026, 11, 10)))
    assert (found.on, found.late, found.doubted) == (late.day, True, None)


def test_a_document_in_time_hides_the_doubt_and_one_that_rests_on_the_doubted_day_does_not() -> None:
    early, late = (Documentation("classroom", "verified", "ESD 900", day) for day in (SINCE.replace(month=3), SINCE))
    assert standing(TOPIC, documents=(early,)).doubted is None
    assert standing(TOPIC, documents=(late,)).doubted == SINCE


def test_what_is_open_with_the_doubted_credits_too_is_just_open() -> None:
    found = standing(replace(TOPIC, requirement="check-in"))
    assert (found.open, found.have, found.doubted) == (True, 1, None)


def test_the_sixth_check_in_is_in_doubt_since_the_day_on_which_too_few_were_sound() -> None:
    days = [date(2025, 10, number) for number in range(1, 8)]
    six = [replace(SOUND, requirement="check-in", record=str(day), day=day) for day in days[:6]]
    assert standing(*six).doubted is None
    assert standing(*six[:5], replace(six[5], doubted=SINCE)).doubted == SINCE
    seven = [*six, replace(six[0], record="7", day=days[6])]
    later = date(2026, 11, 2)
    assert standing(*seven[:5], replace(seven[5], doubted=SINCE), seven[6]).doubted is None
    assert standing(*seven[:5], replace(seven[5], doubted=SINCE), replace(seven[6], doubted=later)).doubted == later


def test_of_several_doubts_the_first_says_since_when_too_few_are_sound() -> None:
    first = date(2026, 10, 1)
    doubts = [first.replace(day=number) for number in (20, 1, 9, 15, 4, 12)]
    check_ins = [
        replace(TOPIC, requirement="check-in", record=str(number), day=date(2025, 10, number), doubted=since)
        for number, since in enumerate(doubts, 1)
    ]
    assert standing(*check_ins).doubted == first


def test_a_record_that_is_done_again_counts_once_toward_a_count_and_meets_a_topic_by_itself() -> None:
    check_in = replace(SOUND, requirement="check-in")
    again = replace(check_in, day=date(2026, 10, 5), again=True)
    assert standing(check_in, again).have == 1
    assert standing(check_in, replace(again, again=False)).have == 2
    assert standing(again).have == 1
    topic_again = replace(SOUND, record="r1", day=date(2025, 12, 1), again=True)
    assert (standing(TOPIC, topic_again).on, standing(TOPIC, topic_again).doubted) == (TOPIC.day, None)
    assert standing(TOPIC, replace(topic_again, day=date(2026, 11, 2))).doubted == SINCE


def test_a_person_is_complete_by_doubted_credits_and_the_judgement_says_so() -> None:
    requirements = [s.requirement for s in judge(CLOCK, PersonEvidence(), as_of=AS_OF, law=LAW).standings]
    counts = {"on-the-job": 2, "check-in": 6}
    proven = replace(SOUND, host_school="Lincoln HS", experienced_officer="Ada Park")
    credits = [
        replace(proven, requirement=r, record=f"{r} {n}", day=date(2025, 10, n))
        for r in requirements
        for n in range(1, counts.get(r, 1) + 1)
    ]
    doubted = [replace(credits[0], doubted=SINCE), *credits[1:]]
    sound, doubtful = (judge(CLOCK, PersonEvidence(tuple(some)), as_of=AS_OF, law=LAW) for some in (credits, doubted))
    assert (sound.state, sound.words) == (State.COMPLETE, "complete")
    assert (doubtful.state, doubtful.words) == (State.COMPLETE, "complete, in doubt since 2026-10-01")


def test_beside_another_state_than_complete_the_words_tell_of_no_doubt() -> None:
    overdue = judge(CLOCK, PersonEvidence((TOPIC,)), as_of=AS_OF, law=LAW)
    assert (overdue.state, overdue.doubted) == (State.OVERDUE, SINCE)
    assert (overdue.words, overdue.group) == ("overdue", "overdue")
    others = [state for state in State if state is not State.COMPLETE]
    assert [state_words(state, SINCE) for state in others] == [state.value for state in others]
    assert [state_group(state, SINCE) for state in others] == [state.value for state in others]


DAYS = st.dates(date(2025, 9, 3), date(2026, 11, 20))
CREDITS = st.lists(
    st.builds(
        replace,
        st.just(SOUND),
        requirement=st.just("check-in"),
        day=DAYS,
        record=st.sampled_from("abcdefgh"),
        doubted=st.none() | DAYS,
        again=st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


@given(CREDITS)
def test_a_doubt_changes_nothing_but_what_is_said_of_it(credits: list[Credit]) -> None:
    found, sound = standing(*credits), standing(*(replace(credit, doubted=None) for credit in credits))
    assert (found.have, found.on, found.late) == (sound.have, sound.on, sound.late)
    if found.doubted:
        assert not found.open
        assert found.doubted in {credit.doubted for credit in credits}
