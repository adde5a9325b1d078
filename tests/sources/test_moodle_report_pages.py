"""A Moodle site's custom report: what is asked, and which pages and reports are refused."""

import random
from typing import Any

import pytest

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import Completion, NotDone
from lms_sync.sources.moodle.calls import Param, flat
from tests.sources.fault_server import Ask
from tests.sources.moodle_report import RETRIEVE, read, refused, set_cell, with_report
from tests.sources.moodle_site import REPORT, RESET, moodle_at, pages_of, recording, report_site
from tests.sources.recorded import answering

INFO = "core_webservice_get_site_info"


def test_the_contract_of_sources_holds() -> None:
    with answering(report_site()) as site:
        source = moodle_at(site.url)
        first, again = source.pull(frozenset()), source.pull(frozenset())
    assert first == again
    assert (first.source, first.export, first.failed, first.skipped) == (source.name, source.export, (), ())
    items = first.files[0].items
    assert len({item.origin for item in items}) == len(items)
    assert {one.source for item in items if isinstance(one := item.reading, Completion | NotDone)} == {"esd"}


def test_parameters_are_written_as_php_reads_them() -> None:
    options: dict[str, Param] = {
        "courseid": 11,
        "options": [{"name": "limitnumber", "value": 50}, {"name": "sortby", "value": "id"}],
    }
    assert dict(flat(options)) == {
        "courseid": "11",
        "options[0][name]": "limitnumber",
        "options[0][value]": "50",
        "options[1][name]": "sortby",
        "options[1][value]": "id",
    }


def test_requests_are_pages_plus_four() -> None:
    with answering(report_site()) as site:
        moodle_at(site.url).pull(frozenset())
    names = [ask.form["wsfunction"] for ask in site.asked]
    assert names == [INFO, "core_reportbuilder_list_reports", RESET, *[RETRIEVE] * 5]


def test_filters_are_reset_before_rows_are_read_and_a_service_without_that_is_said() -> None:
    moodle = report_site()
    moodle.answers[INFO] = lambda ask: recording("ws/site_info.json")
    file = read(moodle)
    assert [finding.code for finding in file.findings] == ["filters-not-reset"]
    assert RESET in file.findings[0].found


def test_an_unchanged_report_is_skipped_and_a_changed_one_is_not() -> None:
    moodle = report_site()
    with answering(moodle) as site:
        source = moodle_at(site.url)
        (file,) = source.pull(frozenset()).files
        again = source.pull(frozenset({file.fingerprint}))
        assert again.files == ()
        assert [one.fingerprint for one in again.skipped] == [file.fingerprint]
        moodle.answers[RETRIEVE] = with_report(lambda r: set_cell(r, 1, "Completed", "No")).answers[RETRIEVE]
        assert len(source.pull(frozenset({file.fingerprint})).files) == 1


def test_a_report_by_number_needs_no_list() -> None:
    moodle = report_site()
    del moodle.answers["core_reportbuilder_list_reports"]
    assert len(read(moodle, report=2).items) == 31


def test_a_report_that_is_not_listed_is_refused_with_those_that_are() -> None:
    words = refused(report_site(), report="Completions")
    assert 'no custom reports are called "Completions"' in words
    assert f'"{REPORT}" (number 2)' in words
    assert "audience" in words


def test_a_user_outside_every_audience_is_told_so() -> None:
    moodle = report_site()
    moodle.answers["core_reportbuilder_list_reports"] = lambda ask: {"reports": [], "warnings": []}
    assert "sees none at all" in refused(moodle)


def test_an_unsorted_report_is_refused() -> None:
    chance, rows = random.Random(1), recording("ws/report.json")["data"]["rows"]
    moodle = report_site()

    def shuffled(ask: Ask) -> Any:
        report = recording("ws/report.json")
        report["data"]["rows"] = chance.sample(rows, len(rows))
        return pages_of(report)(ask)

    moodle.answers[RETRIEVE] = shuffled
    words = refused(moodle)
    assert "came twice" in words
    assert "Sort the report" in words


def test_phantom_rows_may_be_alike() -> None:
    def double_phantom(report: Any) -> None:
        rows = report["data"]["rows"]
        phantom = next(row for row in rows if not row["columns"][5])
        rows.insert(0, phantom)
        report["data"]["totalrowcount"] += 1

    assert len(read(with_report(double_phantom)).items) == 32


def test_a_report_that_tells_more_rows_than_it_gives_is_refused() -> None:
    def more(report: Any) -> None:
        report["data"]["totalrowcount"] = 33

    assert "tells of 33 rows and gave 31" in refused(with_report(more))


def test_a_row_with_too_few_cells_is_refused() -> None:
    def cut(report: Any) -> None:
        report["data"]["rows"][4]["columns"].pop()

    assert "more or fewer cells than headings" in refused(with_report(cut))


@pytest.mark.parametrize("number", [10**9, 10**400])
def test_a_report_without_end_is_not_begun(number: int) -> None:
    def endless(report: Any) -> None:
        report["data"]["totalrowcount"] = number

    assert f"{number:,} rows, more than a pull may have" in refused(with_report(endless))


def test_a_report_that_grows_while_it_is_read_is_read_again() -> None:
    moodle, small = report_site(), recording("ws/report.json")
    small["data"]["rows"] = small["data"]["rows"][:-1]
    small["data"]["totalrowcount"] -= 1
    count = 0

    def growing(ask: Ask) -> Any:
        nonlocal count
        count += 1
        return pages_of(small if count < 3 else recording("ws/report.json"))(ask)

    moodle.answers[RETRIEVE] = growing
    assert len(read(moodle).items) == 31
    assert count == 3 + 5


def test_an_empty_report_is_an_alarm_and_not_nobody() -> None:
    def empty(report: Any) -> None:
        report["data"].update(rows=[], totalrowcount=0)

    assert "never taken for nobody trained" in refused(with_report(empty))


def test_a_service_without_the_function_is_told_before_anything_is_read() -> None:
    info, moodle = recording("ws/site_info.json"), report_site()
    info["functions"] = info["functions"][:1]
    moodle.answers[INFO] = lambda ask: info
    words = refused(moodle)
    assert RETRIEVE in words
    assert "External services" in words


def test_an_answer_of_another_shape_names_the_field_and_no_value() -> None:
    moodle = report_site()
    moodle.answers[RETRIEVE] = lambda ask: {"details": {"id": "Ada Wren", "name": "x"}, "data": []}
    words = refused(moodle)
    assert "details.id" in words
    assert "Ada Wren" not in words


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"layout": "no-such"}, "no layout"),
        ({"url": "http://lms.example.org"}, "https"),
        ({"url": "https://user:secret@lms.example.org"}, "more than host and path"),
        ({"url": "lms.example.org"}, "no address"),
        ({"strategy": "functions"}, "names no courses"),
    ],
)
def test_settings_that_cannot_work_are_refused(keys: dict[str, Any], words: str) -> None:
    url = keys.get("url", "https://lms.example.org")
    more = {key: value for key, value in keys.items() if key != "url"}
    with pytest.raises(ConfigError, match=words) as caught:
        moodle_at(url, **more)
    assert "secret" not in str(caught.value)
