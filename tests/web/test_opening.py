"""A large district: no page waits long while everybody is judged anew; it says of when its figures are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lms_sync.model.author import Author
from lms_sync.operations import night
from lms_sync.store.workspace import Workspace
from lms_sync.web.app import PREPARED
from lms_sync.web.opening import JudgedDistrict, OpenDistrict
from tests.cli.small_district import District
from tests.web.visitor import Visitor, text

pytestmark = pytest.mark.slow
OLD = "is being worked out again"


class Gate:
    """Lets a judging go on only when it is opened."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.opened, self.begun, self.times = threading.Event(), threading.Event(), 0
        judge = night.open_issuer

        def slow(*given: Any, **named: Any) -> Any:
            self.times += 1
            self.begun.set()
            assert self.opened.wait(60)
            return judge(*given, **named)

        patch.setattr("lms_sync.web.opening.open_issuer", slow)


@pytest.fixture
def desk(own: tuple[Visitor, District]) -> tuple[Visitor, OpenDistrict]:
    visitor, _ = own
    opened: OpenDistrict = visitor.client.application.extensions["district"]
    opened.longest_wait, opened.prepare = 0.0, PREPARED
    return visitor, opened


@contextmanager
def gate(patch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(patch)
    try:
        yield made
    finally:
        made.opened.set()


def write(district: OpenDistrict) -> None:
    with district.writing("somebody") as workspace, workspace.store.transaction():
        workspace.store.deliveries.release("HERON", ["boss@heron.example.com"], author=author(workspace))


def author(workspace: Workspace) -> Author:
    return Author("A. Roe", "checked", workspace.clock())


def judged(district: OpenDistrict) -> JudgedDistrict:
    """Wait until everybody is judged by what is stored now."""
    wait, district.longest_wait = district.longest_wait, None
    with district.reading() as workspace:
        found = district.judgement(workspace)
    district.longest_wait = wait
    return found


@pytest.mark.parametrize("path", ["/", "/people", "/partners", "/worklist"])
def test_before_the_first_judgement_a_page_says_so_at_once(
    desk: tuple[Visitor, OpenDistrict], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    visitor, district = desk
    with gate(monkeypatch) as closed:
        answer = visitor.get(path)
        assert (answer.status_code, "in a few seconds" in text(answer)) == (503, True)
        closed.opened.set()
        judged(district)
        answer = visitor.get(path)
        assert (answer.status_code, OLD in answer.text) == (200, False)
        assert closed.times == 1


def test_after_a_decision_pages_go_on_with_the_judgement_before_and_say_so(
    desk: tuple[Visitor, OpenDistrict], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, district = desk
    judged(district)
    assert OLD not in visitor.page("/people")
    with gate(monkeypatch) as closed:
        write(district)
        for path in ("/", "/people", "/partners"):
            assert OLD in visitor.page(path)
        closed.opened.set()
        judged(district)
        for path in ("/", "/people", "/partners"):
            assert OLD not in visitor.page(path)
        assert closed.times == 1


def test_a_judging_that_began_before_somebody_wrote_is_not_taken_for_one_after(
    desk: tuple[Visitor, OpenDistrict], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, district = desk
    with gate(monkeypatch) as closed:
        district.start_judging()
        assert closed.begun.wait(60)
        write(district)
        closed.opened.set()
        found = judged(district)
        assert closed.times == 2
        with district.reading() as workspace:
            assert district.judgement(workspace) is found


def test_what_pages_need_first_is_made_with_the_judgement(desk: tuple[Visitor, OpenDistrict]) -> None:
    _, district = desk
    assert {"morning", "matrix"} <= set(judged(district).results)


def test_an_error_of_the_judging_is_told_and_the_next_page_tries_again(
    desk: tuple[Visitor, OpenDistrict], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, district = desk
    district.longest_wait = None

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret words of Brook")

    with monkeypatch.context() as patch:
        patch.setattr("lms_sync.web.opening.open_issuer", broken)
        answer = visitor.get("/people")
        assert (answer.status_code, "secret" in answer.text) == (500, False)
    assert visitor.get("/people").status_code == 200
