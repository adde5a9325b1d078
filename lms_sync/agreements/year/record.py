"""Record that a yearly duty was done, and take a mistaken record back. Each act opens its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lms_sync.agreements.year.calendar import postings
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.law.school_year import SchoolYear, school_year_named, school_year_of
from lms_sync.law.yearly import Duty
from lms_sync.model.agreement import DutyDone, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Roster
from lms_sync.store.known.registers import DUTIES, joined
from lms_sync.store.known.snapshot import read_roster, read_yearly
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import did_you_mean, fold, written_day

EARLY = timedelta(days=180)
LATE = timedelta(days=365)
"""A duty is done at most so long before its school year begins, or after it ends: else the year is mistyped."""
SAY_HOW = 'Add --note "…"'
"""What to do where the words of how it was done are blank."""


@dataclass(frozen=True, slots=True)
class DutyNamed:
    """A yearly duty as somebody names it."""

    duty: str
    """Its id in the yearly law."""
    year: str = ""
    """The school year, such as 2026-27; empty for the one of the day."""
    buildings: tuple[str, ...] = ()
    """As typed; empty for all buildings of the year, or where the duty is the district's."""


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """What somebody says was done."""

    duty: Duty
    year: SchoolYear
    buildings: tuple[str, ...]
    on: date
    file: KeptFile | None


@dataclass(frozen=True, slots=True)
class DutyRecorded:
    """What was recorded of a duty."""

    new: tuple[DutyDone, ...]
    before: tuple[str, ...]
    """Buildings that were recorded before, and left as they are."""
    notes: tuple[str, ...]
    """What a reviewer should know of the file, in sentences."""


def record_done(
    workspace: Workspace, author: Author, *, named: DutyNamed, on: date | None, file: Path | None = None
) -> DutyRecorded:
    """Record that a duty was done on a day, in the words of `author.reason`, at each place without a record yet.

    Raises: UsageError for no day, a day or a year that can't be, a building without staff in that school year, a file
    that can't be kept, and when one of the buildings named has a record already, or all have.
    """
    if on is None:
        raise UsageError("the day on which it was done is blank", hint="Fill in the day.")
    store, vault = workspace.store, open_vault(*workspace.config.kept_files)
    with store.transaction():
        duty, year = _owed(workspace, named, on)
        taken = vault.take(file) if file else None
        deed = DutyEntry(duty, year, named.buildings, on, taken[0] if taken else None)
        today = workspace.day(author.at)
        _expect_plausible(deed, today=today)
        where = _places(deed, read_roster(store))
        new = _record(store, author, deed, where, today=today)
        if taken:
            vault.keep(*taken)
    done = {duty_done.building for duty_done in new}
    return DutyRecorded(new, tuple(b for b in where if b not in done), taken[0].notes if taken else ())


def undo_done(workspace: Workspace, author: Author, *, named: DutyNamed) -> tuple[DutyDone, ...]:
    """End the records of a duty and school year: of the buildings named, or all. Raises: UsageError for none."""
    with workspace.store.transaction():
        duty, year = _owed(workspace, named, workspace.day(author.at))
        return _take_back(workspace.store, author, duty, year, named.buildings)


def _owed(workspace: Workspace, named: DutyNamed, on: date) -> tuple[Duty, SchoolYear]:
    """Return the duty as the law of that school year has it."""
    begins = workspace.config.settings.year.begins
    year = school_year_named(named.year, begins) if named.year else school_year_of(on, begins)
    return read_yearly(workspace.store).on(year.first).duty(named.duty), year


def _places(deed: DutyEntry, roster: Roster) -> tuple[str, ...]:
    """Return the buildings that a deed speaks of, as the roster writes them; `""` alone for the whole district.

    Raises: UsageError for a building without staff in that school year, and for one named for a duty of the district.
    """
    duty, year = deed.duty, deed.year
    if duty.each == "district":
        if deed.buildings:
            raise UsageError(f"{duty.id}: this is done for the whole district", hint="Leave --building out.")
        return ("",)
    known = {fold(name): name for name in postings(roster, year)}
    if not known:
        raise UsageError(f"no staff is posted at any building in {year.name}", hint="See the roster's Assignments.")
    for name in deed.buildings:
        if fold(name) not in known:
            listed = ", ".join(known.values())
            raise UsageError(
                f"{name}: no staff is posted there in {year.name}",
                hint=f"{did_you_mean(name, known.values())}Buildings of that year: {listed}.",
            )
    return tuple(dict.fromkeys(known[fold(name)] for name in deed.buildings)) or tuple(known.values())


def _expect_plausible(deed: DutyEntry, *, today: date) -> None:
    """Refuse a day to come, and one that is far from the school year. Raises: UsageError."""
    if deed.on > today:
        raise UsageError(f"--on {deed.on}: a day in the future", hint="Record it when it has been done.")
    if not deed.year.first - EARLY <= deed.on <= deed.year.last + LATE:
        raise UsageError(
            f"--on {deed.on}: far from the school year {deed.year.name}", hint="See --on and --year again."
        )


def _record(
    store: Store, author: Author, deed: DutyEntry, buildings: Sequence[str], *, today: date
) -> tuple[DutyDone, ...]:
    """Record the deed for each of `buildings` that has no record yet, and return what was recorded."""
    stored = DUTIES.read(store)
    before = {b: duty_done for b in buildings if (duty_done := stored.get(joined(deed.duty.id, deed.year.name, b)))}
    if before and (deed.buildings or len(before) == len(buildings)):
        listed = "\n".join(
            f"  {_where(b, deed)}: on {written_day(duty_done.on)}, by {duty_done.recorded_by}"
            for b, duty_done in before.items()
        )
        raise UsageError(
            f"{deed.duty.id} {deed.year.name} is recorded already:\n{listed}",
            hint="Nothing was recorded. A mistaken record is taken back with `lms-sync calendar undo`.",
        )
    duty_dones = tuple(
        DutyDone(deed.duty.id, deed.year.name, b, deed.on, author.reason, deed.file, author.by, today)
        for b in buildings
        if b not in before
    )
    for duty_done in duty_dones:
        DUTIES.put(store, _key(duty_done), duty_done, now=author.at)
        store.audit.add(DecisionKind.DUTY, _subject(duty_done), author, before=None, after=DUTIES.plain(duty_done))
    return duty_dones


def _where(building: str, deed: DutyEntry) -> str:
    return building or f"{deed.duty.name}, the whole district"


def _take_back(
    store: Store, author: Author, duty: Duty, year: SchoolYear, buildings: Iterable[str]
) -> tuple[DutyDone, ...]:
    done = {
        fold(duty_done.building): duty_done
        for duty_done in DUTIES.read(store).values()
        if (duty_done.duty, duty_done.school_year) == (duty.id, year.name)
    }
    chosen = [_recorded(name, done, what=f"{duty.id} {year.name}") for name in buildings] or list(done.values())
    if not chosen:
        raise UsageError(
            f"{duty.id} {year.name}: nothing was recorded", hint="`lms-sync calendar --all` shows what was."
        )
    for duty_done in dict.fromkeys(chosen):
        DUTIES.end(store, _key(duty_done), now=author.at)
        store.audit.add(DecisionKind.DUTY, _subject(duty_done), author, before=DUTIES.plain(duty_done), after=None)
    return tuple(dict.fromkeys(chosen))


def _recorded(name: str, done: Mapping[str, DutyDone], *, what: str) -> DutyDone:
    if fold(name) not in done:
        names = [duty_done.building for duty_done in done.values() if duty_done.building]
        raise UsageError(
            f"{what}: nothing was recorded for {name}",
            hint=f"{did_you_mean(name, names)}Recorded: {', '.join(names) or 'nothing'}.",
        )
    return done[fold(name)]


def _key(duty_done: DutyDone) -> str:
    return joined(duty_done.duty, duty_done.school_year, duty_done.building)


def _subject(duty_done: DutyDone) -> str:
    return " ".join(part for part in (duty_done.duty, duty_done.school_year, duty_done.building) if part)
