"""What holds for every person, whatever the evidence."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms_sync.law.days import lawful
from lms_sync.law.rules import RulesInForce, clock_start, judge, standing_of, weighed
from lms_sync.law.series import load
from lms_sync.law.standing import Judgement, MetBy, PersonEvidence, StaffClock, State
from lms_sync.model.evidence import Claim, Credit, Documentation
from lms_sync.model.roster import ClockDecision, StaffClass

LAW = load()
TOPICS = tuple(LAW.names)
EXPECTED = {
    StaffClass.SRO: (*TOPICS, "on-the-job"),
    StaffClass.OTHER: (*TOPICS, "on-the-job", "check-in"),
    None: (*TOPICS, "on-the-job"),
}
WORST_FIRST = (State.OVERDUE, State.ON_PLAN, State.COMPLETE, State.DOCUMENTED)

# Few days and few topics, so that dates coincide and deadlines are near.
DAYS = st.sampled_from([date(2025, 9, 1) + timedelta(days=n) for n in (0, 1, 30, 180, 181, 182, 183, 364, 365, 367)])
ROSTER_DAYS = st.sampled_from([date(2018, 9, 5), date(2025, 8, 31), date(2025, 9, 2), date(2026, 9, 1)])
REQUIREMENTS = st.sampled_from(["topic-01", "topic-13", "on-the-job", "on-the-job", "check-in", "check-in"])
CREDITS = st.builds(
    Credit,
    requirement=REQUIREMENTS,
    day=DAYS,
    source=st.sampled_from(["a", "b"]),
    record=st.sampled_from(["1", "2"]),
    origin=st.just("log.xlsx, Log!A2"),
    title=st.just("Training"),
    amount=st.integers(0, 4),
    host_school=st.sampled_from(["Lincoln HS", "Stadium HS", ""]),
    experienced_officer=st.sampled_from(["Ada Park", "Ada Park", ""]),
    waived=st.sampled_from([False, False, False, True]),
)
DOCUMENTS = st.builds(
    Documentation,
    component=st.sampled_from(["classroom", "on-the-job", "check-in"]),
    kind=st.sampled_from(["verified", "waived"]),
    esd=st.just("ESD 113"),
    day=DAYS,
)
CLAIMS = st.builds(
    Claim,
    claim_id=st.sampled_from(["aa", "bb"]),
    requirement=REQUIREMENTS,
    day=st.none() | DAYS,
    reason=st.just("waiver"),
    source=st.just("vendor"),
    record=st.sampled_from(["1", "2"]),
    origin=st.just("vendor.csv, A2"),
    title=st.just("Exempt"),
)


def tuples(members: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(members, max_size=most).map(tuple)


ALL_TOPICS = tuple(Credit(topic, date(2025, 10, 1), "a", topic, "A2", "Training") for topic in TOPICS)
FINISHED = (
    *ALL_TOPICS,
    *(
        Credit("on-the-job", date(2025, 10, day), "a", f"day {day}", "A2", "Training", 1, "Lincoln HS", "Ada Park")
        for day in (6, 7)
    ),
    Credit("check-in", date(2025, 10, 8), "a", "check-ins", "A2", "Training", 6),
)
DOCUMENTED = tuple(
    Documentation(component, "verified", "ESD 113", date(2025, 10, 9))
    for component in ("classroom", "on-the-job", "check-in")
)
# With all topics met, the other components decide the state; with all of them, the documents.
CREDIT_TUPLES = st.one_of(
    tuples(CREDITS, 12),
    tuples(CREDITS, 12).map(lambda some: (*ALL_TOPICS, *some)),
    tuples(CREDITS, 4).map(lambda some: (*FINISHED, *some)),
)
DOCUMENT_TUPLES = tuples(DOCUMENTS, 3) | tuples(DOCUMENTS, 2).map(lambda some: (*DOCUMENTED, *some))
EVIDENCE = st.builds(PersonEvidence, credits=CREDIT_TUPLES, claims=tuples(CLAIMS, 2), documents=DOCUMENT_TUPLES)
CLOCKS = st.builds(
    StaffClock,
    staff_class=st.sampled_from([StaffClass.SRO, StaffClass.OTHER, StaffClass.OTHER, None]),
    first_day=st.none() | ROSTER_DAYS,
    decision=st.none() | ROSTER_DAYS.map(lambda day: ClockDecision(day, "Ada Park", day, "minutes")),
)


def on(clock: StaffClock, evidence: PersonEvidence, as_of: date) -> Judgement:
    return judge(clock, evidence, as_of=as_of, law=LAW)


def not_worse(before: Judgement, after: Judgement) -> bool:
    if before.state not in WORST_FIRST:
        return after.state is before.state
    return WORST_FIRST.index(after.state) >= WORST_FIRST.index(before.state)


@given(CLOCKS, EVIDENCE, DAYS)
def test_everybody_has_exactly_the_requirements_of_the_class(
    clock: StaffClock, evidence: PersonEvidence, as_of: date
) -> None:
    judgement = on(clock, evidence, as_of)
    assert tuple(standing.requirement for standing in judgement.standings) == EXPECTED[clock.staff_class]


@given(CLOCKS, EVIDENCE, CREDITS | DOCUMENTS, DAYS)
def test_one_more_piece_of_evidence_worsens_nothing(
    clock: StaffClock, evidence: PersonEvidence, more: Credit | Documentation, as_of: date
) -> None:
    if isinstance(more, Credit):
        richer = replace(evidence, credits=(*evidence.credits, more))
    else:
        richer = replace(evidence, documents=(*evidence.documents, more))
    before, after = on(clock, evidence, as_of), on(clock, richer, as_of)
    assert not_worse(before, after)
    for old, new in zip(before.standings, after.standings, strict=True):
        assert new.have >= old.have
        assert old.open or not new.open
        assert old.late or not new.late
        if isinstance(more, Credit) and old.on:
            assert new.on is not None
            assert new.on <= old.on


@given(CLOCKS, EVIDENCE, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_makes_no_difference(
    clock: StaffClock, evidence: PersonEvidence, as_of: date, random: Any
) -> None:
    shuffled = PersonEvidence(*(tuple(random.sample(part, len(part))) for part in parts(evidence)))
    assert on(clock, shuffled, as_of) == on(clock, evidence, as_of)


def parts(evidence: PersonEvidence) -> tuple[tuple[Any, ...], ...]:
    return evidence.credits, evidence.claims, evidence.documents


@given(CLOCKS, EVIDENCE, DAYS, DAYS)
def test_what_is_met_stays_met_on_later_days(
    clock: StaffClock, evidence: PersonEvidence, one: date, other: date
) -> None:
    before, after = on(clock, evidence, min(one, other)), on(clock, evidence, max(one, other))
    for old, new in zip(before.standings, after.standings, strict=True):
        assert old.open or not new.open
        assert new.have >= old.have
        assert set(old.credits) <= set(new.credits)


@given(CLOCKS, EVIDENCE, DAYS)
def test_a_standing_is_what_weighing_it_gives(clock: StaffClock, evidence: PersonEvidence, as_of: date) -> None:
    """Nothing, or one sound training in a topic, is not weighed; it comes to the same."""
    documents = {document.component: document for document in evidence.documents}
    for rule in RulesInForce.of(LAW, as_of).asked(clock.staff_class, clock.first_day):
        filed = replace(rule, document=documents.get(rule.component.id))
        for requirement in rule.open:
            # Of what is dated later no standing is made: it is left out before.
            credits = [c for c in evidence.credits if c.requirement == requirement and c.day <= as_of]
            claims = [claim for claim in evidence.claims if claim.requirement == requirement]
            for some in (credits, credits[:1], [replace(credit, doubted=credit.day) for credit in credits[:1]]):
                for waiting in (claims, ()):
                    quick = standing_of(requirement, filed, some, claims=waiting)
                    assert quick == weighed(requirement, filed, some, claims=waiting)


@given(CLOCKS, EVIDENCE, DAYS)
def test_everybody_is_judged_as_by_weighing_each_requirement(
    clock: StaffClock, evidence: PersonEvidence, as_of: date
) -> None:
    rules = RulesInForce.of(LAW, as_of)
    evidence = replace(evidence, documents=())
    judged = rules.judge(clock, evidence)
    runs = clock_start(clock, rules.series)
    running = runs if runs and runs <= as_of and judged.state is not State.UNDETERMINED else None
    weighed_each = [
        weighed(
            requirement,
            rule,
            [c for c in evidence.credits if c.requirement == requirement and c.day <= as_of],
            claims=[c for c in evidence.claims if c.requirement == requirement and (c.day is None or c.day <= as_of)],
        )
        for rule in rules.asked(clock.staff_class, running)
        for requirement in rule.open
    ]
    # Without a class the last one has a note more.
    assert [replace(s, notes=()) for s in judged.standings] == [replace(s, notes=()) for s in weighed_each]


@given(CLOCKS, EVIDENCE, DAYS)
def test_nothing_from_later_than_the_day_judged_shows(
    clock: StaffClock, evidence: PersonEvidence, as_of: date
) -> None:
    past = PersonEvidence(
        *(tuple(one for one in part if not one.day or one.day <= as_of) for part in parts(evidence))
    )
    judgement = on(clock, evidence, as_of)
    assert judgement == on(clock, past, as_of)
    assert all(standing.on is None or standing.on <= as_of for standing in judgement.standings)


@given(CLOCKS, EVIDENCE, DAYS)
def test_only_a_clock_that_runs_has_deadlines_and_can_be_late(
    clock: StaffClock, evidence: PersonEvidence, as_of: date
) -> None:
    judgement = on(clock, evidence, as_of)
    running = judgement.state in WORST_FIRST
    for standing in judgement.standings:
        assert (standing.due is not None) == (standing.last_lawful_day is not None) == running
        assert running or not standing.late
        if standing.due and standing.last_lawful_day:
            assert standing.due <= standing.last_lawful_day
            assert lawful(standing.last_lawful_day)
    assert bool(judgement.reasons) == (judgement.state is State.UNDETERMINED)


@example(StaffClock(StaffClass.OTHER, date(2025, 9, 2)), PersonEvidence(FINISHED), date(2025, 10, 8))
@example(StaffClock(StaffClass.OTHER, date(2025, 9, 2)), PersonEvidence((), (), DOCUMENTED), date(2025, 10, 9))
@given(CLOCKS, EVIDENCE, DAYS)
def test_state_and_standings_agree(clock: StaffClock, evidence: PersonEvidence, as_of: date) -> None:
    judgement = on(clock, evidence, as_of)
    missing = [standing for standing in judgement.standings if standing.open]
    match judgement.state:
        case State.DOCUMENTED:
            assert all(s.met_by in (MetBy.VERIFIED, MetBy.WAIVED) for s in judgement.standings)
        case State.COMPLETE:
            assert not missing
        case State.ON_PLAN:
            assert missing
            assert not any(s.late for s in missing)
        case State.OVERDUE:
            assert any(s.late for s in missing)
        case State.UNDETERMINED | State.NOT_STARTED:
            assert not any(s.late for s in judgement.standings)


@given(CLOCKS, EVIDENCE, DAYS)
def test_claims_and_accepted_waivers_document_nothing(
    clock: StaffClock, evidence: PersonEvidence, as_of: date
) -> None:
    judgement = on(clock, replace(evidence, documents=()), as_of)
    assert judgement.state is not State.DOCUMENTED
    unclaimed = on(clock, replace(evidence, claims=()), as_of)
    assert on(clock, evidence, as_of).state is unclaimed.state


@given(CLOCKS, EVIDENCE, DAYS)
def test_a_waiver_comes_from_nothing_but_a_waiver(clock: StaffClock, evidence: PersonEvidence, as_of: date) -> None:
    trained = tuple(replace(credit, waived=False) for credit in evidence.credits)
    verified = tuple(replace(document, kind="verified") for document in evidence.documents)
    judgement = on(clock, replace(evidence, credits=trained, documents=verified), as_of)
    assert MetBy.WAIVED not in {standing.met_by for standing in judgement.standings}


@given(CLOCKS, EVIDENCE, DAYS)
def test_notes_and_reasons_name_nobody(clock: StaffClock, evidence: PersonEvidence, as_of: date) -> None:
    judgement = on(clock, evidence, as_of)
    said = " ".join([*judgement.reasons, *(note for standing in judgement.standings for note in standing.notes)])
    assert not any(name in said for name in ("Park", "Lincoln", "Stadium"))


@pytest.mark.parametrize("today", [datetime(2019, 1, 1, 12), datetime(2050, 7, 4, 12)])
@settings(max_examples=20)
@given(clock=CLOCKS, evidence=EVIDENCE, as_of=DAYS)
def test_nothing_depends_on_today(today: datetime, clock: StaffClock, evidence: PersonEvidence, as_of: date) -> None:
    expected = on(clock, evidence, as_of)
    with time_machine.travel(today, tick=False):
        assert on(clock, evidence, as_of) == expected


def test_a_document_that_is_neither_verified_nor_waived_is_refused() -> None:
    lost = Documentation("classroom", "lost", "ESD 113", date(2025, 12, 1))
    with pytest.raises(ValueError, match="lost"):
        on(StaffClock(StaffClass.SRO, date(2025, 9, 2)), PersonEvidence(documents=(lost,)), date(2026, 1, 15))


def test_credits_and_claims_are_shown_oldest_first() -> None:
    days = [None, date(2025, 12, 1), date(2025, 10, 1), date(2025, 11, 3)]
    claims = tuple(Claim("aa", "check-in", day, "waiver", "vendor", "1", "A2", "Exempt") for day in days)
    credits = tuple(Credit("check-in", day, "log", "1", "A2", "Check-in") for day in days if day)
    clock = StaffClock(StaffClass.OTHER, date(2025, 9, 2))
    shown = on(clock, PersonEvidence(credits, claims), date(2026, 1, 15)).standings[-1]
    assert [claim.day for claim in shown.claims] == [date(2025, 10, 1), date(2025, 11, 3), date(2025, 12, 1), None]
    assert [credit.day for credit in shown.credits] == [date(2025, 10, 1), date(2025, 11, 3), date(2025, 12, 1)]
