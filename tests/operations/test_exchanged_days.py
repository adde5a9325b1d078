"""Records that come again with day and month exchanged: an export that writes days otherwise, or days put right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lms_sync.errors import SafetyStop
from lms_sync.model.finding import Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.store import Opening, Store, open_store
from tests.sources.sample_files import PACIFIC, layout_named

SEAL = Pseudonyms(b"a key that the tests made up, 32")
PEOPLE = ("00101", "00102", "00103", "00104", "00105", "00106")
ROSTER = tuple(Person(number, "Reyes", f"Ada{n}") for n, number in enumerate(PEOPLE))
SAFESCHOOLS = layout_named("safeschools")
LOG = layout_named("on-the-job-log")
DAYS = ((3, 4), (5, 6), (1, 7), (9, 2), (4, 4), (8, 11))
"""Month and day; of one of them nobody can tell them apart."""

Row = tuple[str, str, str]
"""Person, course and day as written."""


@dataclass
class Source:
    """A source whose files are pulled night after night."""

    folder: Path
    store: Store
    layout: Layout = SAFESCHOOLS
    export: Any = "cumulative"
    zone: str = ""
    now: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)
    files: dict[str, str] = field(default_factory=dict)

    def night(self, *rows: Row, name: str = "export.csv") -> Pulled:
        (self.folder / name).write_text(self.text(rows), encoding="utf-8")
        return self.pull()

    def pull(self, *, drop: bool = False, sure: bool = False) -> Pulled:
        self.now += timedelta(days=1)
        source = Spreadsheet("esd", self.export, (OpenedPattern("*", self.layout, self.zone),), self.folder, PACIFIC)
        desk = PullContext(SEAL, directory(ROSTER, SEAL))
        dropped, right = [{"esd": "A. Roe"} if insists else {} for insists in (drop, sure)]
        (pulled,) = pull_all(self.store, [source], Pulling(self.now, lambda: desk, dropped, right))
        return pulled

    def text(self, rows: Sequence[Row]) -> str:
        if self.layout is LOG:
            lines = [f"{day},Ada Reyes,{who},{what},T. Mentor,Pine HS,8" for who, what, day in rows]
            return "\n".join(("Date,Officer,Person ID,Activity,Experienced officer,Host school,Hours", *lines, ""))
        lines = [f"Reyes,Ada,{who},{what},{day},Complete" for who, what, day in rows]
        return "\n".join(("Last Name,First Name,Employee ID,Course,Completed Date,Status", *lines, ""))

    def days(self) -> list[date | None]:
        """Return the days that count."""
        return sorted((c.day for c in self.store.evidence.completions("esd")), key=str)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    with open_store("sqlite://", Opening("pinehill", SEAL.check, Source.now)) as store:
        yield Source(tmp_path, store)


def months_first(days: Sequence[tuple[int, int]] = DAYS, course: str = "De-escalation") -> list[Row]:
    return [(PEOPLE[n], course, f"{month:02}/{day:02}/2026") for n, (month, day) in enumerate(days)]


def days_first(days: Sequence[tuple[int, int]] = DAYS, course: str = "De-escalation") -> list[Row]:
    return months_first([(day, month) for month, day in days], course)


def stop_of(pulled: Pulled) -> Finding:
    """Return what is told of a pull that was refused because its days come exchanged."""
    assert isinstance(pulled.error, SafetyStop), pulled.error
    (finding,) = [f for found in pulled.findings.values() for f in found if f.code == "days-exchanged"]
    return finding


def test_an_export_that_exchanges_day_and_month_is_refused_and_nothing_of_it_is_stored(source: Source) -> None:
    assert source.night(*months_first()).error is None
    before = source.days()
    finding = stop_of(source.night(*days_first(), ("00101", "Rights", "10/10/2026")))
    assert source.days() == before
    assert "5 of the 5 days that differ" in finding.found
    assert "2026-04-03 was 2026-03-04" in finding.found
    assert "export.csv" in finding.found
    assert "lms-sync pull esd --accept-days esd" in finding.remedy
    # Written as before, all is well; also with what came meanwhile.
    assert source.night(*months_first(), ("00101", "Rights", "10/10/2026")).error is None
    assert source.days() == sorted((*before, date(2026, 10, 10)), key=str)


def test_a_layout_that_states_how_days_are_written_now_reads_the_same_days(source: Source) -> None:
    source.night(*months_first())
    before = source.days()
    stop_of(source.night(*days_first()))
    source.layout = SAFESCHOOLS.model_copy(update={"dates": SAFESCHOOLS.dates.model_copy(update={"order": "dmy"})})
    assert source.pull().error is None
    assert source.days() == before


def test_days_that_are_right_now_take_the_former_ones_place_once_a_person_has_said_so(source: Source) -> None:
    source.night(*months_first())  # some come so much later that they would be another training
    stop_of(source.night(*days_first()))
    stop_of(source.pull(drop=True))  # which is the answer to another question
    assert source.pull(sure=True).error is None
    assert source.days() == sorted(date(2026, day, month) for month, day in DAYS)
    *_, entry = source.store.audit.entries()
    assert (entry.kind, entry.decision.by) == ("days", "A. Roe")
    assert source.pull().error is None


@pytest.mark.parametrize("number", [1, 2])
def test_single_days_put_right_stop_nothing(source: Source, number: int) -> None:
    source.night(*months_first())
    right = [*days_first()[:number], *months_first()[number:]]
    assert source.night(*right).error is None
    assert date(2026, 4, 3) in source.days()


def test_three_different_days_exchanged_are_enough_though_all_others_are_as_before(source: Source) -> None:
    others = [row for n in range(20) for row in months_first(course=f"Course {n}")]
    source.night(*others, *months_first())
    stop_of(source.night(*others, *days_first()[:3], *months_first()[3:]))


def test_one_class_whose_day_was_mistyped_is_put_right_among_others(source: Source) -> None:
    others, mistyped = months_first(course="Rights"), [(3, 4)] * 4
    source.night(*others, *months_first(mistyped))
    assert source.night(*others, *days_first(mistyped)).error is None
    assert source.days().count(date(2026, 4, 3)) == 4


def test_a_file_of_one_class_whose_day_comes_exchanged_is_refused(source: Source) -> None:
    source.night(*months_first([(3, 4)] * 4))
    stop_of(source.night(*days_first([(3, 4)] * 4)))


def test_where_most_days_are_put_right_otherwise_the_exchanged_ones_are_too(source: Source) -> None:
    more = [("00101", f"Course {n}", f"03/{n + 10}/2026") for n in range(8)]
    source.night(*months_first(), *more)
    moved = [(who, course, day.replace("03/", "05/")) for who, course, day in more]
    assert source.night(*days_first(), *moved).error is None


def test_rows_of_which_the_other_order_makes_no_day_are_told_with_the_rest(source: Source) -> None:
    late = [("00101", f"Course {n}", f"03/{n + 20}/2026") for n in range(2)]
    source.night(*months_first(), *late)
    before = source.days()
    swapped = [(who, course, f"{n + 20}/03/2026") for n, (who, course, _) in enumerate(late)]
    finding = stop_of(source.night(*days_first(), *swapped))
    assert "2 rows could not be read" in finding.found
    assert "--accept-days" in finding.remedy
    assert source.days() == before


def test_a_workbook_in_which_a_program_took_days_for_months_is_refused(source: Source) -> None:
    """What was text is a date cell now; where the other order makes no day it is text still, and reads as before."""
    late = [("00101", f"Course {n}", f"03/{n + 20}/2026") for n in range(2)]  # with more, the file says so itself
    source.night(*months_first(), *late)
    (source.folder / "export.csv").unlink()
    cells: list[Any] = [date(2026, day, month) for month, day in DAYS]
    book = Workbook()
    sheet = book.create_sheet("Export", 0)
    sheet.append(["Last Name", "First Name", "Employee ID", "Course", "Completed Date", "Status"])
    for (who, what, _), day in zip([*months_first(), *late], [*cells, *(day for *_, day in late)], strict=True):
        sheet.append(["Reyes", "Ada", who, what, day, "Complete"])
    book.save(source.folder / "export.xlsx")
    stop_of(source.pull())


def test_a_later_day_that_would_stand_beside_the_former_one_counts_as_exchanged_too(source: Source) -> None:
    far = [(1, 6), (2, 9), (3, 12), (1, 12)]
    source.night(*months_first(far))
    stop_of(source.night(*days_first(far)))
    assert len(source.days()) == len(far)


@pytest.mark.parametrize("export", ["cumulative", "increment"])
def test_records_that_have_their_day_in_the_key_do_not_count_a_second_time(source: Source, export: str) -> None:
    source.layout, source.export = LOG, export
    source.night(*months_first(course="On-the-job day"), name="first.csv")
    before = source.days()
    if export == "cumulative":
        (source.folder / "first.csv").unlink()
    stop_of(source.night(*days_first(course="On-the-job day"), name="second.csv"))
    stop_of(source.pull())
    assert source.days() == before
    assert source.pull(sure=True).error is None
    assert source.days() == sorted(date(2026, day, month) for month, day in DAYS)


def test_days_of_a_log_that_are_new_stop_nothing_though_some_are_others_exchanged(source: Source) -> None:
    source.layout = LOG
    first = months_first(course="On-the-job day")
    source.night(*first)
    assert source.night(*first, *days_first(course="On-the-job day")).error is None
    assert len(source.days()) == 2 * len(DAYS) - 1


def test_times_are_compared_as_they_are_written_whatever_day_it_is_here(source: Source) -> None:
    form = SAFESCHOOLS.dates.model_copy(update={"formats": ("%m/%d/%Y %H:%M",), "instant": True})
    source.layout, source.zone = SAFESCHOOLS.model_copy(update={"dates": form}), "UTC"
    at_night = [(who, what, f"{day} 02:15") for who, what, day in months_first()]
    source.night(*at_night)
    exchanged = [(who, what, f"{day} 02:15") for who, what, day in days_first()]
    stop_of(source.night(*exchanged))
