"""What a decision was about stands in its entry of the log too, and is held against the database."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from lms_sync.model.dispute import Difference
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.log import DecisionKind
from lms_sync.operations.agreed.baseline import write_baseline
from lms_sync.operations.agreed.put_back import put_back
from lms_sync.store.known.differences import disputed, read_differences
from lms_sync.store.known.in_force import doubt_decided
from lms_sync.store.known.logged import IN_FORCE, digest_of
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.known.safe_side import believed_doubts
from lms_sync.store.store import Store
from tests.security.test_log_and_state import AT, DAY, KIM, LATER, SEAL, opened

ACCEPTED = ClaimDecision(
    "c1", accepted=True, reason="so decided", decided_by="Kim", decided_on=DAY, person_name="Roe, Ann"
)
NAMED = "UPDATE decision SET person_name = 'Poe, Ann'"
OTHERWISE = (
    "UPDATE fact SET payload = json_set(payload, '$.day', '2026-10-01') WHERE kind = 'doubt'",
    "UPDATE fact SET payload = json_set(payload, '$.cause', 'correction') WHERE kind = 'doubt'",
    "UPDATE fact SET payload = json_set(payload, '$.status', 'passed') WHERE kind = 'doubt'",
    "UPDATE fact SET payload = json_set(payload, '$.since', '2026-10-01') WHERE kind = 'doubt'",
)


def claim(store: Store, *, earlier: bool) -> None:
    """Decide a claim; `earlier` as entries of earlier versions told it."""
    about = {"verdict": "accepted", "decided_on": "2026-11-01", "reason": "so decided"}
    with store.transaction():
        store.findings.decide(ACCEPTED, now=AT)
        after = about if earlier else {**about, "person_name": "Roe, Ann"}
        store.audit.add(DecisionKind.CLAIM, "c1", KIM, before=None, after=after)


def doubt(store: Store, *, earlier: bool) -> Doubt:
    """Keep what is in doubt; `earlier` as entries of earlier versions told it."""
    asked = Doubt("vendor", "r2", DAY, DoubtCause.NOT_DONE, "l1", "c", "C", DAY, AT, finding_id="f1")
    after = {"verdict": "keep", "source": "vendor", "course": "C", "cause": "not done", "records": ["r2"]}
    with store.transaction():
        DOUBTS.put(store, joined(*asked.key), replace(asked, verdict=Verdict.KEEP), now=AT)
        told = {} if earlier else {"doubts": [doubt_decided(asked)]}
        store.audit.add(DecisionKind.DOUBT, "f1", KIM, before=None, after={**after, **told})
    return asked


def log_was_right(store: Store, found: Difference) -> None:
    """Put back what the log says, as the act does."""
    author = replace(KIM, at=LATER)
    with store.transaction():
        put_back(store, found, author)
        after = {"kind": found.kind.value, "mark": found.mark, "digest": found.logged_digest}
        store.audit.add(DecisionKind.DIFFERENCE, found.id, author, before=None, after=after)


def edited(store: Store, statement: str) -> None:
    with store.transaction():
        store.connection.execute(text(statement))


@pytest.mark.parametrize("earlier", [False, True], ids=["this version", "an earlier one"])
def test_what_was_decided_and_told_agrees(*, earlier: bool) -> None:
    with opened() as store:
        claim(store, earlier=earlier)
        doubt(store, earlier=earlier)

        assert read_differences(store) == ()


def test_another_day_in_a_decision_about_a_claim_is_found_and_put_back() -> None:
    """The day says whether the training was in time; the decision alone says it."""
    decision = replace(ACCEPTED, training_day=date(2026, 10, 5))
    about = {"verdict": "accepted", "decided_on": "2026-11-01", "reason": "so decided", "person_name": "Roe, Ann"}
    with opened() as store:
        with store.transaction():
            store.findings.decide(decision, now=AT)
            after = {**about, "training_day": "2026-10-05"}
            store.audit.add(DecisionKind.CLAIM, "c1", KIM, before=None, after=after)
        assert read_differences(store) == ()
        edited(store, "UPDATE decision SET training_day = '2026-09-05'")
        (found,) = read_differences(store)
        log_was_right(store, found)
        assert store.findings.decisions()["c1"] == decision
        assert read_differences(store) == ()


def test_another_name_in_a_decision_about_a_claim_is_found_and_put_back() -> None:
    with opened() as store:
        claim(store, earlier=False)
        edited(store, NAMED)
        (found,) = read_differences(store)
        assert disputed([found], DecisionKind.CLAIM) == {("c1",)}
        log_was_right(store, found)

        assert read_differences(store) == ()
        assert store.findings.decisions()["c1"].person_name == "Roe, Ann"


@pytest.mark.parametrize("statement", OTHERWISE)
def test_what_a_decided_doubt_is_about_is_found_when_it_is_another(statement: str) -> None:
    with opened() as store:
        doubt(store, earlier=False)
        edited(store, statement)
        found = read_differences(store)

        assert len(found) == 1
        assert [kept.verdict for kept in believed_doubts(DOUBTS.read(store).values(), found)] == [Verdict.OPEN]


def test_what_a_decided_doubt_is_about_is_put_back() -> None:
    with opened() as store:
        asked = doubt(store, earlier=False)
        edited(store, OTHERWISE[2])
        log_was_right(store, read_differences(store)[0])

        assert read_differences(store) == ()
        assert list(DOUBTS.read(store).values()) == [replace(asked, verdict=Verdict.KEEP)]


def test_a_doubt_that_ended_by_itself_or_was_undone_is_no_difference() -> None:
    with opened() as store:
        asked = doubt(store, earlier=False)
        with store.transaction():
            DOUBTS.end(store, joined(*asked.key), now=LATER)
        assert read_differences(store) == ()
    with opened() as store:
        asked = doubt(store, earlier=True)
        with store.transaction():
            DOUBTS.put(store, joined(*asked.key), asked, now=LATER)
            after = {"verdict": "undecided", "records": ["r2"], "doubts": [doubt_decided(asked)]}
            store.audit.add(DecisionKind.DOUBT, "f1", replace(KIM, at=LATER), before=None, after=after)
        assert read_differences(store) == ()


@pytest.mark.parametrize("kind", [DecisionKind.BASELINE, DecisionKind.PURGE])
def test_what_an_earlier_version_kept_as_hashes_still_agrees(kind: DecisionKind) -> None:
    about = {"verdict": "accepted", "decided_on": "2026-11-01", "reason": "so decided", "by": "Kim"}
    asked = Doubt("vendor", "r2", DAY, DoubtCause.NOT_DONE, "l1", "c", "C", DAY, AT, finding_id="f1")
    in_force = {
        "claim": {"c1": digest_of(about, SEAL.of)},
        "doubt": {"f1\x1fr2": digest_of({"verdict": "keep"}, SEAL.of)},
    }
    with opened() as store:
        with store.transaction():
            store.findings.decide(ACCEPTED, now=AT)
            DOUBTS.put(store, joined(*asked.key), replace(asked, verdict=Verdict.KEEP), now=AT)
            store.audit.add(kind, "2020-01-01", KIM, before=None, after={IN_FORCE: in_force})

        assert read_differences(store) == ()


def test_what_a_baseline_covered_is_held_against_the_database_whole() -> None:
    with opened() as store:
        with store.transaction():
            store.findings.decide(ACCEPTED, now=AT)
        write_baseline(store, now=AT)
        assert read_differences(store) == ()
        edited(store, NAMED)
        assert len(read_differences(store)) == 1
