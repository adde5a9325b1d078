"""The contract of all sources, kept by Canvas over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sources import test_contract as contract
from tests.sources.canvas_hall import CALM, RIGHTS, hall, school_class, student

ONLY_OF_FILES = {"test_finding_of_a_bad_file_is_no_item"}
PROMISES = {
    name: promise
    for name, promise in vars(contract).items()
    if name.startswith("test_") and name not in ONLY_OF_FILES
}


@pytest.fixture
def member() -> Iterator[contract.Member]:
    over = student(4, RIGHTS, CALM, enrolment="completed", sortable_name="Nguyễn, Thị Mai")
    first = school_class(student(1, RIGHTS), student(2, RIGHTS, CALM), student(3), over)
    second = school_class(student(1, CALM), student(5, RIGHTS), number=4712)
    with hall(first, second, page=2, wire=True) as school:
        nowhere = replace(school.source.endpoint, url="http://127.0.0.1:9")
        yield contract.Member(school.source, replace(school.source, endpoint=nowhere))


@pytest.mark.parametrize("promise", PROMISES)
def test_canvas_keeps_the_promise(member: contract.Member, promise: str) -> None:
    PROMISES[promise](member)
