"""The contract of all sources, kept by an LRS over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sources import test_contract as contract
from tests.sources.lrs_server import (
    FAILED,
    PASSED,
    PASSWORD,
    WAIVED,
    Lrs,
    opened,
    serving,
    statement,
    statement_id,
    void,
)

ONLY_OF_FILES = {"test_finding_of_a_bad_file_is_no_item"}
PROMISES = {
    name: promise
    for name, promise in vars(contract).items()
    if name.startswith("test_") and name not in ONLY_OF_FILES
}


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> Iterator[contract.Member]:
    monkeypatch.setenv("LRS_PASSWORD", PASSWORD)
    mai = {"mbox": "mailto:mai@example.org", "name": "Mai Nguyễn"}
    statements = [
        statement(1, actor=mai),
        statement(2, PASSED, timestamp=None),
        statement(3, WAIVED),
        statement(4, result={"success": False}),
        statement(5, timestamp="soon"),
        statement(6),
        void(7, statement_id(6)),
        statement(8, FAILED),
    ]
    with serving(Lrs(statements, page=2, hides_voided=False)) as lrs:
        source = opened(lrs)
        nowhere = replace(source.endpoint, url="http://127.0.0.1:9")
        yield contract.Member(source, replace(source, endpoint=nowhere))


@pytest.mark.parametrize("promise", PROMISES)
def test_an_lrs_keeps_the_promise(member: contract.Member, promise: str) -> None:
    PROMISES[promise](member)
