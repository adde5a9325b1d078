"""An LRS night after night, down to the store; and what `lms-sync doctor` finds out about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.diagnosis import Check, CheckState, Diagnosable
from lms_sync.sources.http.answer import HttpError
from lms_sync.store.store import Opening, Store, open_store
from tests.sources.lrs_server import (
    COMPLETED,
    PASSED,
    PASSWORD,
    Lrs,
    answering,
    opened,
    statement,
    statement_id,
    void,
)

SEAL = Pseudonyms(b"a key that the tests made up, 32")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Nights:
    """An LRS and a store, and the nights between them."""

    lrs: Lrs
    store: Store
    now: datetime = START

    def night(self) -> Pulled:
        self.now += timedelta(days=1)
        self.lrs.asked.clear()
        desk = PullContext(SEAL, directory((), SEAL))
        (pulled,) = pull_all(self.store, [opened(self.lrs)], Pulling(self.now, lambda: desk))
        return pulled

    @property
    def evidence(self) -> dict[str, Completion]:
        return {one.record: one for one in self.store.evidence.completions("lrs")}

    @property
    def cursor(self) -> str:
        return self.store.runs.cursor("lrs")


@contextmanager
def nights(lrs: Lrs) -> Iterator[Nights]:
    with answering(lrs), open_store("sqlite://", Opening("pinehill", SEAL.check, START)) as store:
        yield Nights(lrs, store)


@pytest.fixture
def town() -> Iterator[Nights]:
    lrs = Lrs([statement(n, stored=f"2025-09-{n:02}T00:00:00Z") for n in range(1, 21)], page=7)
    with nights(lrs) as one:
        yield one


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRS_PASSWORD", PASSWORD)


def outcomes(pulled: Pulled) -> dict[str, int]:
    (file,) = pulled.files
    return {} if file.unchanged else dict(file.outcomes)


def test_a_second_night_asks_for_the_overlap_only_and_changes_nothing(town: Nights) -> None:
    assert outcomes(town.night()) == {"added": 20}
    before, cursor = town.evidence, town.cursor
    assert outcomes(town.night()) == {"unchanged": 7}
    assert (town.evidence, town.cursor) == (before, cursor)


def test_what_is_not_in_the_overlap_stays_and_a_void_revokes(town: Nights) -> None:
    town.night()
    town.lrs.statements.append(void(30, statement_id(1), stored="2025-09-21T00:00:00Z"))
    assert outcomes(town.night()) == {"withdrawn": 1, "unchanged": 7}
    assert len(town.evidence) == 19
    assert outcomes(town.night())["not a completion"] == 1


def test_a_pull_that_fails_on_the_way_changes_nothing_and_moves_nothing(town: Nights) -> None:
    town.night()
    before, cursor = town.evidence, town.cursor
    town.lrs.statements += [statement(n, stored=f"2025-10-{n}T00:00:00Z") for n in range(21, 30)]
    town.lrs.canned[PASSED] = (200, b'{"statements": [')
    assert isinstance(town.night().error, HttpError)
    assert (town.evidence, town.cursor) == (before, cursor)
    town.lrs.canned.clear()
    assert town.night().error is None
    assert len(town.evidence) == 29


def test_an_empty_lrs_revokes_nothing(town: Nights) -> None:
    town.night()
    town.lrs.statements.clear()
    assert outcomes(town.night()) == {}
    assert len(town.evidence) == 20


def told(lrs: Lrs) -> dict[str, Check]:
    with answering(lrs):
        source = opened(lrs)
        assert isinstance(source, Diagnosable)
        return {check.what: check for check in source.diagnose()}


def test_the_doctor_finds_a_good_lrs_good() -> None:
    found = told(Lrs([statement(1), statement(2, PASSED), statement(3, "http://adlnet.gov/expapi/verbs/failed")]))
    assert {check.verdict for check in found.values()} == {CheckState.GOOD}
    assert list(found) == ["address and sign-in", "clocks", "rights", "verbs", "what is new"]


@pytest.mark.parametrize(
    ("lrs", "what", "verdict"),
    [
        (Lrs(), "rights", CheckState.WRONG),
        (Lrs([statement(1, "https://lms.example.org/verbs/done")]), "verbs", CheckState.WRONG),
        (Lrs([statement(1, COMPLETED)]), "verbs", CheckState.NOTE),
        (Lrs([statement(1)], compares="timestamp"), "what is new", CheckState.NOTE),
        (Lrs([statement(1)], headers={"Date": "Wed, 03 Sep 2025 18:00:00 GMT"}), "clocks", CheckState.WRONG),
    ],
)
def test_the_doctor_says_what_is_wrong_and_what_to_do(lrs: Lrs, what: str, verdict: CheckState) -> None:
    check = told(lrs)[what]
    assert check.verdict == verdict
    assert check.remedy


def test_the_doctor_cannot_go_on_with_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRS_PASSWORD", "wrong")
    with pytest.raises(HttpError, match="401"):
        told(Lrs())
