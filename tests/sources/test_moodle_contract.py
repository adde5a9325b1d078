"""The contract of all sources, kept by Moodle over real HTTP, by report and by functions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.sources import test_contract as contract
from tests.sources.fault_server import FakeTime, serving
from tests.sources.moodle_site import FakeMoodle, moodle_at, report_site
from tests.sources.test_moodle_functions import functions_site

ONLY_OF_FILES = {"test_finding_of_a_bad_file_is_no_item"}
PROMISES = {
    name: promise
    for name, promise in vars(contract).items()
    if name.startswith("test_") and name not in ONLY_OF_FILES
}
STRATEGIES: dict[str, tuple[Callable[[], FakeMoodle], dict[str, Any]]] = {
    "report": (report_site, {}),
    "functions": (functions_site, {"strategy": "functions", "courses": ["SSS-10"]}),
}
"""Strategy → a site that it can read, and the keys of the [[source]] section that choose it."""


@pytest.fixture(params=STRATEGIES)
def member(request: pytest.FixtureRequest) -> Iterator[contract.Member]:
    make_site, keys = STRATEGIES[request.param]
    with serving(make_site()) as site:
        source = moodle_at(site.url, FakeTime().clock, **keys)
        nowhere = replace(source.endpoint, url="http://127.0.0.1:9")
        yield contract.Member(source, replace(source, endpoint=nowhere))


@pytest.mark.parametrize("promise", PROMISES)
def test_moodle_keeps_the_promise(member: contract.Member, promise: str) -> None:
    PROMISES[promise](member)
