"""Which rows of history, evidence, findings, runs and the audit log may go, and why an old one stays. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lms_sync.model.finding import FORMER_DIGITS
from lms_sync.model.stored.facts import (
    ASSIGNMENT,
    DOCUMENT,
    DOUBT,
    LINK,
    MERGE,
    NAME_ANSWER,
    PERSON,
    REQUEST,
    SIGN_UP,
)
from lms_sync.model.stored_row import StoredRow, words_in
from lms_sync.operations.retention.holdings import Holdings, KeptSpan
from lms_sync.operations.retention.naming import naming_rows

NEEDED = "history: an issued document that is kept rests on it"
HELD = "history and evidence: a hold covers it, or may cover it"
THEIRS = "history: of people who left and whose evidence stays"
NAMING = "history: it tells for whom a decision of an earlier version was made"
LAST = "pulls and runs: the last of their kind before then"
LOGGED = "entries of the log: a hold covers what they are about"
ISSUING = "entries of the log: of the issuing of documents that are kept"

_PERSONAL = (
    *("person", "assignment", "link", "merge", "name answer"),
    *("document", "request", "review", "adoption", "duty", "hold", "doubt", "sign-up"),
    *("partner link", "reported training", "acknowledgement", "shared evidence", "act request"),
    *("due warning", "mail taken", "correction mail", "address doubt"),
)
"""Kinds of facts that are about somebody or something in particular; the others tell by what all were judged."""
_ABOUT_THE_LOG = ("purge", "baseline", "difference")
"""Kinds of entries by which the log is told whole: they name people by hashes only, and none of them goes."""
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """By what a row goes or stays."""

    span: KeptSpan
    leavers: frozenset[str]
    """Person IDs of those whose evidence goes."""
    staying: frozenset[str]
    """Person IDs of those who left too and whose evidence stays, with the history of who they were."""
    held: frozenset[str]
    """Person IDs and Agreement IDs that a hold covers; empty when nobody has set one."""
    documents: frozenset[str] = frozenset()
    """Numbers of issued documents that stay."""

    def old(self, rows: Iterable[StoredRow]) -> list[StoredRow]:
        """Return the rows that began before the cutoff."""
        return [row for row in rows if row.began < self.span.cutoff]


@dataclass(frozen=True, slots=True)
class PlannedRows:
    """What goes of the rows, and why old ones stay."""

    removed: Mapping[str, tuple[StoredRow, ...]]
    """Table → rows; every table of which any may go is named."""
    tombstones: tuple[StoredRow, ...]
    kept: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _About:
    """Whom the rows of one table are about."""

    people: Callable[[StoredRow], frozenset[str]]
    held: Callable[[StoredRow], bool] = lambda row: False
    """A hold covers the row for another reason than its people."""


def plan_rows(holdings: Holdings, rules: RetentionRules) -> PlannedRows:
    """Return what goes of everything but letters."""
    kept: Counter[str] = Counter()
    removed: dict[str, tuple[StoredRow, ...]] = {}
    for name, about in _abouts(holdings, rules).items():
        removed[name] = tuple(row for row in holdings.rows[name] if _goes(row, rules, about, kept))
    naming = {(row.table, row.key) for row in naming_rows(holdings, removed, leavers=rules.leavers)}
    kept[NAMING] += len(naming)
    for name in ("fact", "finding"):
        removed[name] = tuple(row for row in removed[name] if (name, row.key) not in naming)
    removed["item"] = _items(holdings, rules, removed["completion"], kept)
    for name, last in (("pull", _last_pulls(holdings, rules)), ("run", _last_runs(holdings, rules))):
        old = rules.old(holdings.rows[name])
        removed[name] = tuple(row for row in old if row.key not in last)
        kept[LAST] += len(old) - len(removed[name])
    whole = [row for row in rules.old(holdings.rows["audit"]) if not row.content["purged"]]
    old = [row for row in whole if row.content["kind"] not in _ABOUT_THE_LOG]
    free = [row for row in old if not row.content["words"] & rules.held]
    kept[LOGGED] = len(old) - len(free)
    tombstones = tuple(row for row in free if not row.content["words"] & rules.documents)
    kept[ISSUING] = len(free) - len(tombstones)
    return PlannedRows(removed, tombstones, {why: number for why, number in kept.items() if number})


def _goes(row: StoredRow, rules: RetentionRules, about: _About, kept: Counter[str]) -> bool:
    people = about.people(row)
    if people and people <= rules.leavers:
        return True
    if rules.span.since(row):
        return False
    for why, stays in (
        (HELD, people & rules.held or about.held(row)),
        (THEIRS, people & rules.staying),
        (NEEDED, rules.span.needs(row)),
    ):
        if stays:
            kept[why] += 1
            return False
    return True


def _abouts(holdings: Holdings, rules: RetentionRules) -> dict[str, _About]:
    """Return table → whom its rows are about, of every table whose rows come to an end."""

    def owners(source: str, learner: str) -> frozenset[str]:
        return holdings.owners.get((source, learner), _NOBODY)

    def whose(row: StoredRow) -> frozenset[str]:
        return owners(row.key[0], row.content["learner"])

    records = _people_by(holdings, lambda row: row.key[:2], whose)
    claims = _people_by(holdings, lambda row: (row.content["claim_id"],), whose)
    # Decisions of earlier versions have the beginning only.
    claims |= _people_by(holdings, lambda row: (row.content["claim_id"][:FORMER_DIGITS],), whose)
    return {
        "fact": _About(lambda row: _people_of_fact(row, owners), held=lambda row: _is_held_fact(row, rules.held)),
        "completion": _About(whose),
        "learner": _About(lambda row: owners(row.key[0], row.key[1])),
        "decision": _About(lambda row: claims.get(row.key[:1], _NOBODY)),
        "absence": _About(lambda row: records.get(row.key[:2], _NOBODY)),
        "finding": _About(lambda row: row.content["people"]),
        "file": _About(lambda row: _NOBODY, held=lambda row: bool(rules.held)),
    }


def _people_by(
    holdings: Holdings,
    key: Callable[[StoredRow], tuple[object, ...]],
    whose: Callable[[StoredRow], frozenset[str]],
) -> dict[tuple[object, ...], frozenset[str]]:
    """Return a key of completions → whose they are."""
    found: dict[tuple[object, ...], frozenset[str]] = {}
    for row in holdings.rows["completion"]:
        found[key(row)] = found.get(key(row), _NOBODY) | whose(row)
    return found


def _people_of_fact(row: StoredRow, owners: Callable[[str, str], frozenset[str]]) -> frozenset[str]:
    payload = row.content["payload"]
    match row.key[0]:
        case PERSON.kind:
            return frozenset({PERSON.read(payload).person_id})
        case ASSIGNMENT.kind:
            return frozenset({ASSIGNMENT.read(payload).person_id})
        case REQUEST.kind:
            return frozenset({REQUEST.read(payload).person_id})
        case NAME_ANSWER.kind:
            return frozenset({NAME_ANSWER.read(payload).person_id})
        case DOCUMENT.kind:
            return frozenset(DOCUMENT.read(payload).people)
        case MERGE.kind:
            merge = MERGE.read(payload)
            return frozenset({merge.former, merge.person_id})
        case LINK.kind:
            link = LINK.read(payload)
            return owners(link.source, link.learner)
        case DOUBT.kind:
            doubt = DOUBT.read(payload)
            return owners(doubt.source, doubt.learner)
        case SIGN_UP.kind:
            known = SIGN_UP.read(payload)
            return owners(known.source, known.learner)
        case _:
            return _NOBODY


def _is_held_fact(row: StoredRow, held: frozenset[str]) -> bool:
    """Tell whether a hold may cover a fact: what everybody was judged by is kept as long as there is any hold."""
    if row.key[0] not in _PERSONAL:
        return bool(held)
    return bool(held & (words_in(row.content["payload"]) | frozenset(row.key[1].split("\x1f"))))


def _items(
    holdings: Holdings, rules: RetentionRules, gone: Iterable[StoredRow], kept: Counter[str]
) -> tuple[StoredRow, ...]:
    """Return the items that no completion refers to any more: old ones, and those of people who left.

    Whose an item is that nothing was made of, nobody can tell: such ones stay as long as there is any hold.
    """
    going = {row.key for row in gone}
    referred = {(row.key[0], row.content["item_id"]) for row in holdings.rows["completion"] if row.key not in going}
    theirs = {(row.key[0], row.content["item_id"]) for row in gone}
    alone = [row for row in holdings.rows["item"] if row.key not in referred]
    old = {row.key for row in rules.old(alone)} - theirs
    kept[HELD] += len(old) if rules.held else 0
    taken = theirs if rules.held else theirs | old
    return tuple(row for row in alone if row.key in taken)


def _last_pulls(holdings: Holdings, rules: RetentionRules) -> set[tuple[object, ...]]:
    """Return the pulls that are still asked for: per source the last attempt, the last stored, the last cursor.

    They tell how old a source was, at the cutoff and at the instants that documents rest on.
    """
    if rules.held:
        return {row.key for row in holdings.rows["pull"]}
    found: dict[tuple[object, ...], StoredRow] = {}
    for at in (rules.span.cutoff, *rules.span.instants):
        for row in holdings.rows["pull"]:
            if row.began <= at:
                found[at, row.key[0], "attempt"] = row
                if row.content["outcome"] == "stored":
                    found[at, row.key[0], "stored"] = row
                if row.content["cursor"]:
                    found[at, row.key[0], "cursor"] = row
    return {row.key for row in found.values()}


def _last_runs(holdings: Holdings, rules: RetentionRules) -> set[tuple[object, ...]]:
    """Return the last run of each command before the cutoff, and the last that came to its end."""
    found: dict[tuple[object, ...], StoredRow] = {}
    for row in rules.old(holdings.rows["run"]):
        found[row.content["command"], "begun"] = row
        if row.content["finished_at"] is not None:
            found[row.content["command"], "finished"] = row
    return {row.key for row in found.values()}
