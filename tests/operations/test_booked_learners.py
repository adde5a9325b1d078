"""Who has only signed up so far is known where it is certain who it is, and puts nobody in doubt."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms, learner_hash
from lms_sync.model.roster import Person
from lms_sync.model.sign_up import SignUp
from lms_sync.operations.pull.apply import PullContext, apply_pull
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.store import Opening, Store, open_store

SEAL = Pseudonyms(b"a key that the tests made up, 32")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
NOOR = Person("00417", "Amari", "Noor", emails=("noor@heron.example.org",))
CONTEXT = PullContext(SEAL, directory((NOOR,), SEAL))
HERS = Learner("esd", "noor", "", ("noor@heron.example.org",), "Noor", "Amari")
BOOKED = NotDone("esd", "r1", HERS, "Registered", SignUp("Rights", "", date(2027, 1, 11), status="Registered"))
OTHER_ACCOUNT = replace(HERS, key="noor.2")


def learners_after(*nights: tuple[Reading, ...]) -> set[str]:
    """Return the learners who are known after a source has said this, night after night."""

    def pull(store: Store, number: int, readings: tuple[Reading, ...]) -> None:
        items = tuple(
            Item(Origin("a.csv", str(number), "", f"A{row}"), (), reading) for row, reading in enumerate(readings)
        )
        file = FileRead("a.csv", str(number), str(number), items, ())
        with store.transaction():
            night = NOW + timedelta(days=number)
            apply_pull(store, Pull("esd", "cumulative", (file,), ()), context=CONTEXT, now=night)

    with open_store("sqlite://", Opening("pinehill", SEAL.check, NOW)) as store:
        for number, readings in enumerate(nights):
            pull(store, number, readings)
        names = {learner_hash("esd", key, SEAL): key for key in ("noor", "noor.2", "zed")}
        return {names[known.learner] for known in store.evidence.learners(source="esd")}


@pytest.mark.parametrize(
    ("learner", "known"),
    [
        (HERS, {"noor"}),
        (replace(HERS, emails=()), set()),  # a name alone is a candidate, and there is no evidence to be in doubt
        (replace(HERS, first_name="Bo", last_name="Lee"), set()),
        (Learner("esd", "zed", "", ("zed@else.example.org",), "Zed", "Roe"), set()),
    ],
)
def test_who_has_only_signed_up_is_known_where_it_is_certain_who_it_is(learner: Learner, known: set[str]) -> None:
    assert learners_after((replace(BOOKED, learner=learner),)) == known


def test_who_is_neither_done_nor_signed_up_is_not_kept() -> None:
    assert learners_after((NotDone("esd", "r1", HERS, "In progress"),)) == set()


def test_a_sign_up_by_another_account_puts_no_evidence_in_doubt() -> None:
    done = Completion("esd", "r2", HERS, "Ethics", "Ethics", date(2026, 9, 3), Origin("a.csv", "s", "", "A2"))
    booked = replace(BOOKED, learner=OTHER_ACCOUNT)
    assert learners_after((done, booked)) == {"noor"}
    assert learners_after((done,), (done, booked)) == {"noor"}


def test_who_has_only_signed_up_gives_way_to_an_account_that_has_completed_something() -> None:
    done = Completion("esd", "r2", HERS, "Ethics", "Ethics", date(2026, 9, 3), Origin("a.csv", "s", "", "A2"))
    booked = replace(BOOKED, learner=OTHER_ACCOUNT)
    assert learners_after((booked,), (done, booked)) == {"noor"}
    assert learners_after((booked,), (done,)) == {"noor"}
    by_both = replace(done, record="r3", learner=OTHER_ACCOUNT)
    assert learners_after((booked,), (done, by_both)) == {"noor", "noor.2"}
