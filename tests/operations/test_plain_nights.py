"""Random nights of small exports, and of all that may speak of a row: stored together is as if planned one by one."""

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from sqlalchemy import delete, select

from lms_sync.model.evidence import Completion
from lms_sync.model.roster import Person
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.operations.retention.record import Purge, record_purge
from lms_sync.people.match import directory
from lms_sync.sources.pull import Export
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRead
from lms_sync.sources.spreadsheet.quick_rows import QuickRows
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.schema import completion, item
from lms_sync.store.store import Store
from tests.operations.two_stores import SEAL, Town, town
from tests.sources.sample_files import PACIFIC

__all__ = ["town"]

AT_ONCE = {
    "lms_sync.operations.pull.write_rows._AT_ONCE": 3,
    "lms_sync.operations.pull.row_texts.MOST_KEPT": 2,
    "lms_sync.store.new_rows._AT_ONCE": 5,
    "lms_sync.store.bulk._VALUES_AT_ONCE": 30,
    "lms_sync.store.known.readers._AT_ONCE": 4,
}
"""What is taken at once of many rows, so that few are more than that."""
LATE = "lms_sync.operations.pull.apply.findings_of"
"""What is called when nearly all is stored."""
SOME, MANY, NIGHTS = 12, 100, 6
COLUMNS = {
    "learner": "User", "person_id": "Emp", "email": "Mail", "first_name": "First", "last_name": "Last",
    "employer": "Org", "course": "Course", "unit": "Unit", "status": "Status", "completed_on": "Done on",
    "class_on": "Class on", "score": "Score", "host_school": "Host", "experienced_officer": "Officer",
    "certificate": "Cert", "instructor": "Teacher",
}  # fmt: skip
NEEDED = ("learner", "course", "completed_on")
HEADINGS = (*COLUMNS.values(), "Note")
FIRST, LAST = ("Ann", "Mia", "Tom", "Zoë"), ("Bell", "Ortiz", "Quist", "Yes")
FILES = ("a.csv", "by Ann.csv", "Bell Ann by Tom.csv", "z.csv")
NOTES = ("x", "Yes", "123-45-6789", "Ann", "=1+1", "\u200bx", "Total", "x" * 300)
STATES = (*("Yes",) * 8, "Completed", "Ann", *("No",) * 3, "", "Exempt", "Booked", "Failed", "Void", "Unheard of")
EXPORTS: tuple[Export, ...] = ("cumulative", "cumulative", "increment")
Table = list[list[str]]

LAYOUTS: Mapping[str, Mapping[str, object]] = {
    "plain": {},
    "needs": {"needs": [{"courses": ["T1"], "filled": ["host_school"]}]},
    "attempts": {"key": ["learner", "course", "completed_on"], "attempts": True},
    "units": {"key": ["course", "unit", "learner"]},
    "told": {"told": [{"role": "instructor", "where": "file name", "pattern": r"(?:by )?(\w+)"}]},
    "keep": {"keep": ["Note"]},
    "digits": {"digits": {"person_id": 6}},
}


def layout(name: str) -> Layout:
    """Return one of the layouts; a name is a status word in all of them."""
    common: Mapping[str, object] = {
        "name": name,
        "kind": "rows",
        "columns": {role: [heading] for role, heading in COLUMNS.items()},
        "optional": [role for role in COLUMNS if role not in NEEDED],
        "key": ["learner", "course"],
        "status": {
            "done": ["Yes", "Completed", "Ann"],
            "not_done": ["No", ""],
            "claim": ["Exempt"],
            "signed_up": ["Booked"],
            "failed": ["Failed"],
            "revoked": ["Void"],
        },
        "dates": {"formats": ["%m/%d/%Y"]},
    }
    return Layout.model_validate({**common, **LAYOUTS[name]}, strict=False)


def row(chance: random.Random, *, bad: float = 0.05) -> list[str]:
    """Return a row of one of six people, now and then with what identifies another one."""
    number = chance.randrange(6)
    other = number if chance.random() < 0.85 else chance.randrange(6)

    def often(words: str, share: float) -> str:
        return words if chance.random() < share else ""

    day = f"{chance.randrange(9, 12):02}/{chance.randrange(1, 28):02}/2026"
    who = [f"u{number}", often(f"E{other:06}", 0.7), often(f"u{other}@example.org", 0.6), FIRST[other % 4]]
    what = [LAST[other % 4], often("Acme", 0.9), f"T{chance.randrange(12)}", often("m1", 0.3), chance.choice(STATES)]
    when = ["in autumn" if chance.random() < bad else often(day, 0.95), often("12/20/2026", 0.5)]
    more = [often("85.5", 0.5), often("Lincoln", 0.5), often("Officer Bell", 0.2), often(f"C{other}", 0.2)]
    return [*who, *what, *when, *more, often("Ann", 0.2), often(chance.choice(NOTES), 0.3)]


def as_csv(rows: Table, without: Sequence[str]) -> bytes:
    text = io.StringIO()
    places = [place for place, heading in enumerate(HEADINGS) if heading not in without]
    csv.writer(text).writerows([each[place] for place in places] for each in (list(HEADINGS), *rows))
    return text.getvalue().encode()


class Recorded:
    """Standings by which some corrections wait for HR; what they are asked is noted."""

    def __init__(self, asked: list[object]) -> None:
        self.asked = asked

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        self.asked.append((sorted(map(repr, ended)), sorted(map(repr, added))))

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        self.asked.append((ended, added))
        return ended[0].record < "6"


def all_with_care(_quick: QuickRows, _types: object, rows: Sequence[object]) -> QuickRead:
    """Return that every row is to be read with care."""
    return QuickRead(QuickColumns.empty(), dict.fromkeys(range(len(rows))))


@dataclass
class Nights:
    """What the files of one source say from night to night."""

    town: Town
    chance: random.Random
    files: dict[str, Table] = field(default_factory=dict)

    def pulled(self, which: int, source: Spreadsheet, *, drop: bool, anew: bool) -> tuple[Pulled, list[object]]:
        """Pull into the first store, or into the second without any row that is known or quickly read."""
        store, asked = self.town.stores[which], list[object]()
        context = PullContext(SEAL, directory(self.town.people, SEAL), standings=partial(Recorded, asked))
        pulling = Pulling(self.town.now, lambda: context, {"esd": "Kim"} if drop else {}, anew=anew)
        if which == 0:
            return pull_all(store, [source], pulling)[0], asked
        with store.transaction():
            store.known_rows.forget()
        with patch.object(QuickRows, "read", all_with_care):
            return pull_all(store, [source], pulling)[0], asked

    def edit(self) -> None:
        """Write a file anew or more into it, give it the content of another one, or take it away."""
        chance, name = self.chance, self.chance.choice(FILES)
        what = chance.random()
        if what < 0.45 or name not in self.files:
            bad = chance.choice((0, 0.02, 0.3))
            self.files[name] = [row(chance, bad=bad) for _ in range(chance.randrange(1, 40))]
        elif what < 0.75:
            self.files[name] = self.files[name] + [row(chance) for _ in range(chance.randrange(1, 9))]
        elif what < 0.85 and len(self.files) > 1:
            del self.files[name]
        else:
            self.files[name] = self.files[chance.choice([*self.files])]

    def hire(self) -> None:
        numbers = [number for number in range(6) if self.chance.random() < 0.4]
        self.town.hires(
            [Person(f"E{n:06}", LAST[n % 4], FIRST[n % 4], emails=(f"u{n}@example.org",)) for n in numbers]
        )

    def purge(self) -> None:
        """Take away a third of what is stored."""
        self.town.now += timedelta(days=1)
        records = sorted(set(self.town.stores[0].connection.scalars(select(item.c.record))))
        gone = self.chance.sample(records, len(records) // 3)
        for store in self.town.stores:
            self._purge(store, gone)

    def _purge(self, store: Store, gone: Sequence[str]) -> None:
        with store.transaction():
            for table in (completion, item):
                store.connection.execute(delete(table).where(table.c.record.in_(gone)))
            store.known_rows.forget()
            today = self.town.now.date()
            record_purge(store, Purge(today, self.town.now, today, "Kim", "old", {}), now=self.town.now)


def play(town: Town, seed: int) -> None:
    """Let files, roster and store change from night to night; nothing may tell the two stores apart."""
    chance = random.Random(seed)
    nights, kinds = Nights(town, chance), chance.sample(sorted(LAYOUTS), 2)
    layouts = {name: layout(kinds[chance.random() < 0.2]) for name in FILES}
    optional = [heading for heading in HEADINGS if heading not in {COLUMNS[role] for role in NEEDED}]
    without = chance.sample(optional, chance.randrange(8))
    export = chance.choice(EXPORTS)
    for night in range(NIGHTS):
        for _ in range(chance.randrange(1, 3)):
            nights.edit()
        for act, share in ((nights.hire, 0.4), (nights.purge, 0.15)):
            if chance.random() < share:
                act()
        for name, rows in nights.files.items():
            (town.folder / name).write_bytes(as_csv(rows, without))
        patterns = tuple(OpenedPattern(name, layouts[name], "") for name in nights.files)
        source = Spreadsheet("esd", export, patterns, town.folder, PACIFIC)
        pull = partial(nights.pulled, source=source, drop=chance.random() < 0.3, anew=chance.random() < 0.15)
        town.now += timedelta(days=chance.choice((1, 1, 20)))
        if chance.random() < 0.15:  # killed before all is stored
            for which in (0, 1):
                with patch(LATE, side_effect=KeyboardInterrupt), suppress(KeyboardInterrupt):
                    pull(which)
            town.now += timedelta(hours=1)
        (first, asked), (second, asked_there) = pull(0), pull(1)
        assert (first.files, str(first.error), first.findings) == (second.files, str(second.error), second.findings)
        assert asked == asked_there, (seed, night)
        assert town.differences() == [], (seed, night)
        for name in nights.files:
            (town.folder / name).unlink()


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in AT_ONCE.items():
        monkeypatch.setattr(name, number)


@pytest.mark.slow
def test_rows_that_go_together_are_stored_as_if_each_was_planned(town: Callable[[], Town]) -> None:
    for seed in range(SOME):
        play(town(), seed)


@pytest.mark.proof
def test_rows_that_go_together_are_stored_as_if_each_was_planned_many_times(town: Callable[[], Town]) -> None:
    for seed in range(MANY):
        play(town(), seed)
