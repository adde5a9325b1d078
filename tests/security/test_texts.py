"""Issue 13, lines 10 and 14: texts and items from outside, at the doors and where they are printed (attacks/)."""

import io
import sys
import tomllib
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest

from lms_sync.cli.opening import day, instant
from lms_sync.cli.printing import printing
from lms_sync.cli.show import print_table, print_text
from lms_sync.errors import UsageError
from lms_sync.law.school_year import school_year_named
from lms_sync.model.evidence import Completion, Item, Learner, Refused
from lms_sync.model.finding import Origin
from lms_sync.sources.fit_items import through_the_door
from lms_sync.sources.http.answer import HttpError, WebAnswer
from lms_sync.sources.pull import FileRead, Pull, pull_within
from lms_sync.text import escaped_name, typed_day
from tests.sources.test_places import NONE, SHEET, source

CASES = tomllib.loads((Path(__file__).parent / "attacks" / "texts.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["printed"])
def test_13_10_what_is_printed_steers_no_terminal(case: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    out, errors = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", errors)
    with printing():
        sys.stdout.write(case["text"])
        sys.stderr.writelines([case["text"]])
        click.echo(click.style("Bold", bold=True), color=True)
        print_table(["Heading"], [[case["text"]]])
        print_text(case["text"])
    assert out.getvalue().startswith(case["printed"])
    assert "\x1b[1mBold\x1b[0m" in out.getvalue()
    plain = out.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in plain + errors.getvalue())
    assert plain.expandtabs(8).count(case["printed"].expandtabs(8).split()[0]) >= 3
    assert errors.getvalue() == case["printed"]


def pulled(**changes: Any) -> Item:
    """Return an item as it comes out of a pull, with a completion that is odd in one thing."""
    learner = Learner("lms", "e7", first_name=str(changes.pop("first_name", "Ann")))
    values: dict[str, Any] = {"course_title": "Rights", "day": date(2026, 9, 1)} | changes
    completion = Completion(
        source="lms", record="r1\x1fc1", learner=learner, course="c1", origin=Origin(url="x"), **values
    )
    item = Item(Origin(url="x", item="7"), (("Name", "A\u200bnn"),), completion)
    pull = Pull("lms", "increment", (FileRead("x", "", "", (item,), ()),))
    (file,) = pull_within(lambda: pull, source="lms", seconds=60).files
    return file.items[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "\ud83d"},
        {"course_title": "\x1b[2J"},
        {"status": "a\x00b"},
        {"attributes": (("host_school", "\u202eloohcS"),)},
        {"day": date(1, 1, 1)},
        {"day": date(9999, 12, 31)},
        {"score": Decimal("NaN")},
        {"score": Decimal("Infinity")},
        {"score": Decimal("1E+99999999")},
        {"score": Decimal("-1E+400")},
        {"score": Decimal("9" * 41)},
    ],
    ids=str,
)
def test_13_14_what_breaks_in_one_record_is_that_items_finding(changes: dict[str, Any]) -> None:
    item = pulled(**changes)
    assert isinstance(item.reading, Refused)
    assert item.reading.finding.where == "x, 7"
    assert item.text == (("Name", "Ann"),)


def test_13_14_long_scores_and_names_are_as_long_as_every_engine_keeps() -> None:
    """PostgreSQL refuses longer ones, and the whole source with them."""
    item = pulled(score=Decimal(f"0.{'3' * 60}"))
    assert isinstance(item.reading, Completion)
    assert item.reading.score == Decimal("0.333333333333")
    long = replace(item, origin=Origin(file=f"{'f' * 400}.ods", sheet="s" * 400, cell="A7"))
    kept = through_the_door(long, source="lms").origin
    assert (len(kept.file), len(kept.sheet), kept.file[-4:]) == (255, 255, ".ods")


def test_13_10_an_item_in_order_passes() -> None:
    assert isinstance(pulled().reading, Completion)


@pytest.mark.parametrize("depth", [600, 100_000])
def test_13_14_nested_brackets_are_no_json_and_stop_nothing(depth: int) -> None:
    answer = WebAnswer("lms", "GET x", "https://x", 200, {}, b"[" * depth + b"]" * depth)
    with suppress(HttpError):
        answer.json()


def test_13_10_texts_of_an_answer_come_without_characters_that_nobody_sees() -> None:
    answer = WebAnswer("lms", "GET x", "https://x", 200, {}, '{"na\u200bme": ["Ro\u00ade", 7, null]}'.encode())
    assert answer.json() == {"name": ["Roe", 7, None]}


@pytest.mark.parametrize(
    "words", ["0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01", "2026-02-30", "20261399", ""]
)
def test_13_14_a_typed_day_that_no_calendar_goes_on_from_is_told(words: str) -> None:
    with pytest.raises(ValueError, match=r"year|format|month|day|isoformat"):
        typed_day(words)
    with pytest.raises(UsageError, match=r"not a day|too far away"):
        day(words, option="--as-of")
    with pytest.raises(UsageError, match="not an instant"):
        instant(f"{words}T23:59", ZoneInfo("UTC"))


@pytest.mark.parametrize("year", ["9999-00", "0001-02", "2026-28"])
def test_13_14_a_school_year_that_no_calendar_has_is_told(year: str) -> None:
    with pytest.raises(UsageError, match="not a school year"):
        school_year_named(year, "09-01")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("b\nlms-sync: nothing waits.csv", "b\\x0alms-sync: nothing waits.csv"),
        ("a\x1b[2J\t.csv", "a\\x1b[2J\\x09.csv"),
        ("c\udcff.csv", "c\\xff.csv"),
        ("d\u2028\u202egpj.csv", "d\\u2028\\u202egpj.csv"),
        ("e\u200b.csv", "e.csv"),
    ],
)
def test_13_10_the_name_of_a_file_is_one_line_that_steers_nothing(tmp_path: Path, name: str, shown: str) -> None:
    assert escaped_name(name) == shown
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / name).write_bytes(SHEET.read_bytes())
    (file,) = source(tmp_path, "inbox/*.csv").pull(NONE).files
    assert (file.name, file.items[0].origin.file) == (shown, shown)
