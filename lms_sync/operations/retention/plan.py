"""What a purge takes, what it keeps and why. Pure: rows and days in, a plan out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

from lms_sync.model.stored_row import StoredRow, words_in
from lms_sync.operations.retention.holdings import Holdings, KeptSpan
from lms_sync.operations.retention.leavers import EVERYTHING, everybody, held_ids, on_the_roster, staying
from lms_sync.operations.retention.letters import Letters, plan_letters
from lms_sync.operations.retention.stored_rows import RetentionRules, plan_rows


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What one purge does, and to what."""

    cutoff: date
    """Nothing that counted, was read, sent or decided on this day or later goes."""
    cutoff_at: datetime
    """Its first instant where the district is."""
    removed: Mapping[str, tuple[StoredRow, ...]] = field(default_factory=dict)
    """Table → rows that are removed; recipients go with their deliveries."""
    tombstones: tuple[StoredRow, ...] = ()
    """Entries of the audit log whose text is replaced by the day."""
    emptied: tuple[StoredRow, ...] = ()
    """Issued documents whose PDF and judgement are taken."""
    bodies: tuple[StoredRow, ...] = ()
    """Deliveries whose message is taken, and that stay otherwise."""
    files: tuple[str, ...] = ()
    """Names of kept files that are deleted."""
    people: tuple[str, ...] = ()
    """Person IDs of those who left, whose evidence goes."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """What that is old stays, and why → how much of it."""

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (any(self.removed.values()) or self.tombstones or self.emptied or self.bodies or self.files)


def plan_purge(holdings: Holdings, *, cutoff: date, cutoff_at: datetime) -> PurgePlan:
    """Return what a purge of all before `cutoff` takes; `cutoff_at` is that day's first instant."""
    if EVERYTHING in holdings.holds:
        return PurgePlan(cutoff, cutoff_at, kept={"everything: a hold covers it all": 1})
    held = held_ids(holdings, KeptSpan(cutoff_at))
    letters = plan_letters(holdings, cutoff_at, day=cutoff, held=held)
    span = KeptSpan(cutoff_at, letters.instants)
    naming = [row.content["words"] for row in letters.standing] + [
        row.content["people"] for row in letters.reports_kept
    ]
    stay = staying(holdings, span, held=held, naming=naming)
    leavers = everybody(holdings) - stay.keys() - on_the_roster(holdings, span)
    documents = frozenset(row.key[0] for row in letters.standing)
    planned = plan_rows(holdings, RetentionRules(span, leavers, frozenset(stay), held, documents))
    removed = {**planned.removed, "delivery": letters.deliveries, "report": letters.reports}
    return PurgePlan(
        cutoff,
        cutoff_at,
        removed={name: rows for name, rows in removed.items() if rows},
        tombstones=planned.tombstones,
        emptied=letters.issued,
        bodies=letters.bodies,
        files=_files(holdings, planned.removed["fact"]),
        people=tuple(sorted(leavers.intersection(_named(holdings, planned.removed)))),
        kept={**Counter(f"people who left: {why}" for why in stay.values()), **planned.kept, **_old(letters, span)},
    )


def _files(holdings: Holdings, gone: Iterable[StoredRow]) -> tuple[str, ...]:
    """Return the kept files that no fact of any time refers to once those that go are gone."""
    going = {row.key for row in gone}
    facts = (row for row in holdings.rows["fact"] if row.key not in going)
    referred = frozenset[str]().union(*(words_in(row.content["payload"]) for row in facts))
    ours = (name for name in holdings.files if _is_hash(PurePath(name).stem))
    return tuple(sorted(name for name in ours if PurePath(name).stem not in referred))


def _is_hash(stem: str) -> bool:
    return len(stem) == 64 and set(stem) <= set("0123456789abcdef")


def _named(holdings: Holdings, removed: Mapping[str, tuple[StoredRow, ...]]) -> Iterator[str]:
    """Yield every text of the facts that go and everybody whose learners go."""
    for row in removed["fact"]:
        yield row.key[1]
        yield from words_in(row.content["payload"])
    for row in removed["learner"]:
        yield from holdings.owners.get((row.key[0], row.key[1]), ())


def _old(letters: Letters, span: KeptSpan) -> dict[str, int]:
    """Return why documents and reports from before the cutoff stay, with how many."""
    documents = sum(row.began < span.cutoff for row in letters.standing)
    reports = sum(row.began < span.cutoff for row in letters.reports_kept)
    found = {
        "issued documents: their agreement had not ended by then, or a hold covers them": documents,
        "reports: the last before then, which later ones are compared with, or a hold covers them": reports,
    }
    return {why: number for why, number in found.items() if number}
