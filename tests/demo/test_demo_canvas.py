"""The demo's Canvas: a class that the starter map knows, pulled for real over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sync.compliance.credits import Credited, counted_by
from lms_sync.compliance.map_index import MapIndex
from lms_sync.demo.canvas_class import ELSEWHERE, WELCOME, esd_class
from lms_sync.demo.cast import DEMO_DAY, DOMAINS
from lms_sync.demo.made_up_district import TOKEN, build, esd_canvas
from lms_sync.model.evidence import Completion
from lms_sync.operations.intake import make_sources
from lms_sync.sources.connectors import Source
from lms_sync.sources.pull import Pull
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.settings.config import read_config


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    with esd_canvas() as url:
        build(folder, url)
        yield folder


@pytest.fixture(scope="module")
def source(workspace: Path) -> Source:
    sources, _, findings = make_sources(read_config(workspace))
    assert findings == ()
    return next(one for one in sources if one.name == "canvas")


@pytest.fixture(scope="module")
def pull(source: Source) -> Pull:
    return source.pull(frozenset())


def completions(pull: Pull) -> list[Completion]:
    return [i.reading for file in pull.files for i in file.items if isinstance(i.reading, Completion)]


def test_every_unit_counts_by_the_starter_map(workspace: Path, pull: Pull) -> None:
    course_map = check_mapping(
        workspace / "mappings/courses.xlsx", sources=["moodle", "vector", "northpass"]
    ).course_map
    assert course_map is not None
    index = MapIndex.of(course_map)

    assert len(completions(pull)) > 30
    counted = [counted_by(index.match(one), one, index, accepted={}) for one in completions(pull)]
    assert all(isinstance(each, Credited) for each in counted)


def test_all_of_it_happened_in_november_before_the_demos_day(pull: Pull) -> None:
    days = [one.day for one in completions(pull)]
    assert all(day and day.month == 11 and day < DEMO_DAY for day in days)
    assert any(one.instant and one.day and one.instant.date() != one.day for one in completions(pull))


def test_its_students_come_from_all_partners_and_from_elsewhere(pull: Pull) -> None:
    domains = {email.partition("@")[2] for one in completions(pull) for email in one.learner.emails}
    assert domains == {*DOMAINS.values(), "elsewhere.example.com"}
    assert len(ELSEWHERE) == sum(one.login_id.endswith("elsewhere.example.com") for one in esd_class().students)


def test_the_page_of_welcome_counts_for_nothing_and_is_told(pull: Pull) -> None:
    (finding,) = [finding for file in pull.files for finding in file.findings]
    assert (finding.code, WELCOME in finding.where) == ("module-without-requirements", True)


def test_the_second_pull_brings_nothing_new(source: Source, pull: Pull) -> None:
    again = source.pull(frozenset(file.fingerprint for file in pull.files), pull.cursor)
    assert (again.files, len(again.skipped)) == ((), 1)


def test_the_token_lies_in_a_file_of_its_own(workspace: Path) -> None:
    holding = [path.name for path in workspace.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert holding == ["canvas.token"]
