"""A town for random walks: its people and courses, and what is stored when anything happens there."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt, DoubtCause
from lms_sync.model.evidence import Completion, Learner, StoredCompletion, StoredItem
from lms_sync.model.finding import UNNAMED, Origin, short_hash
from lms_sync.model.pseudonyms import pseudonymous_learner, pseudonymous_reading
from lms_sync.model.roster import Person, Roster
from lms_sync.operations.intake import take_in
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.known.snapshot import record_roster
from tests.operations.night_files import NAMES, address
from tests.operations.night_town import START, Town, found_town

PEOPLE = (*NAMES, "99999")
"""The last is of another district."""
COURSES = ("Rights", "Minds", "Calm", "Everything", "Bystanders", "Days", "Force", "calm_2", "New")
LONG = timedelta(days=400)
who, course = st.sampled_from(PEOPLE), st.sampled_from(COURSES)
when = st.dates(START.date() - LONG, START.date() + LONG) | st.none()
number = st.integers(0, 50)


@cache
def beginning() -> Path:
    """Return the folder of a town whose roster, map, settings and law are taken in, and nothing else."""
    town = found_town(Path(tempfile.mkdtemp()) / "town")
    with town.workspace() as workspace:
        take_in(workspace, now=workspace.clock())
    return town.folder


class WalkedTown(RuleBasedStateMachine):
    """A town in which anything may happen, and what is stored of it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "town"
        shutil.copytree(beginning(), folder)
        self.town = Town(folder)
        self.workspace = self.stack.enter_context(self.town.workspace())
        self.store = self.workspace.store
        self.day = START.date()
        self.done: list[Completion] = []
        self.former: dict[str, Person] = {}

    @property
    def author(self) -> Author:
        return Author("A. Roe", "looked at it", self.workspace.clock())

    def learner(self, person_id: str, account: int) -> Learner:
        """Return one of three accounts of somebody; the first tells no name."""
        last, first = NAMES.get(person_id, ("Elsewhere", "Nobody")) if account % 3 else ("", "")
        email = address(person_id) if person_id in NAMES else ""
        return Learner("class", f"{person_id}-{account % 3}", person_id, (email,) * bool(email), first, last)

    def _pass(self, day: date) -> None:
        if day <= START.date() + 3 * LONG:
            self.town.later(days=(day - self.day).days)
            self.day = day

    def _chosen(self, which: int, fits: Callable[[Completion], bool]) -> Completion | None:
        fitting = [completion for completion in self.done if fits(completion)]
        return fitting[which % len(fitting)] if fitting else None

    def _store(self, learner: Learner, title: str, day: date | None, **more: Any) -> None:
        sha = "unnamed" if title == "Calm" else "named"
        origin = Origin(
            f"{UNNAMED}{START.date()}" if sha == "unnamed" else "class.csv", sha, "", f"A{len(self.done)}"
        )
        raw = Completion(learner.source, f"{learner.key} {title}", learner, title, "", day, origin, **more)
        found = pseudonymous_reading(raw, self.workspace.pseudonyms)
        assert isinstance(found, Completion)
        self._see(learner)
        if not any(completion.record == found.record for completion in self.done):
            self._write(found)

    def _see(self, learner: Learner) -> None:
        seen = pseudonymous_learner(learner, self.workspace.pseudonyms)
        with self.store.transaction():
            self.store.evidence.see_learners(
                learner.source, [seen], self.workspace.pseudonyms, now=self.workspace.clock()
            )

    def _write(self, completion: Completion) -> None:
        item = short_hash(completion.record, str(completion.day), str(len(self.done)), str(self.town.ticks))
        stored = StoredItem(item, completion.origin, completion.record, "added", (), "0" * 32)
        with self.store.transaction():
            now = self.workspace.clock()
            self.store.evidence.add_items(completion.source, [stored], now=now)
            self.store.evidence.add([StoredCompletion(completion, item)], now=now)
        self.done.append(completion)

    def _doubt(self, about: Completion, cause: DoubtCause, instead: Completion | None) -> None:
        doubt = Doubt(
            *(about.source, about.record, about.day, cause, about.learner.key, about.course, ""),
            since=self.day,
            found_at=self.workspace.clock(),
            finding_id=short_hash("doubt", about.record, str(about.day), str(self.town.ticks)),
            instead=instead,
        )
        with self.store.transaction():
            DOUBTS.put(self.store, joined(*doubt.key), doubt, now=self.workspace.clock())

    def _record(self, roster: Roster) -> None:
        with self.store.transaction():
            record_roster(self.store, roster, now=self.workspace.clock())

    def _try(self, act: Callable[[], object]) -> None:
        """Do what a person does, where it can be done."""
        with suppress(UsageError):
            act()
