"""Whose evidence may go: people who left before the cutoff and whom nothing that stays names. Pure."""

from collections.abc import Iterable, Mapping

from lms_sync.model.stored.facts import ASSIGNMENT, DOCUMENT, MERGE, REQUEST
from lms_sync.model.stored_row import StoredRow, words_in
from lms_sync.operations.retention.holdings import Holdings, KeptSpan

EVERYTHING = "everything"
"""The subject of a hold on all that there is."""

HELD = "a hold covers them"
NAMED = "a report or document that is kept names them"
DECIDED = "somebody has decided about them since"
WAITS = "a finding that names them waits, or was settled since"
MERGED = "another Person ID of theirs stays"
SHARED = "a record of theirs may be somebody's who stays"

_DECISIONS = ("link", "merge", "name answer", "document", "request")
_ABOUT_RETENTION = ("hold", "purge", "baseline", "difference")
_NOBODY: frozenset[str] = frozenset()


def held_ids(holdings: Holdings, span: KeptSpan) -> frozenset[str]:
    """Return what holds cover: their subjects, the people of an agreement, every Person ID of one person."""
    found = frozenset(holdings.holds) | {
        assignment.person_id
        for assignment in (ASSIGNMENT.read(row.content["payload"]) for row in holdings.facts("assignment"))
        if assignment.agreement_id in holdings.holds
    }
    pairs = _merges(holdings, span)
    while more := frozenset(person_id for pair in pairs if found & pair for person_id in pair) - found:
        found |= more
    return found


def everybody(holdings: Holdings) -> frozenset[str]:
    """Return every Person ID that anything stored speaks of."""
    found = {row.key[1] for row in holdings.facts("person")}
    found |= {ASSIGNMENT.read(row.content["payload"]).person_id for row in holdings.facts("assignment")}
    found |= {REQUEST.read(row.content["payload"]).person_id for row in holdings.facts("request")}
    found |= {who for row in holdings.facts("document") for who in DOCUMENT.read(row.content["payload"]).people}
    found |= {person_id for row in holdings.facts("merge") for person_id in _pair(row)}
    return frozenset(found.union(*holdings.owners.values()))


def on_the_roster(holdings: Holdings, span: KeptSpan) -> frozenset[str]:
    """Return who was on the roster at the cutoff or later, in its sheet People or in an assignment."""
    people = {row.key[1] for row in holdings.facts("person") if span.since(row)}
    assignments = (row for row in holdings.facts("assignment") if span.since(row))
    posted = {ASSIGNMENT.read(row.content["payload"]).person_id for row in assignments}
    return frozenset(people | posted)


def staying(
    holdings: Holdings, span: KeptSpan, *, held: frozenset[str], naming: Iterable[frozenset[str]]
) -> dict[str, str]:
    """Return Person ID → why the person's evidence stays, of all who left before the cutoff and stay.

    `naming` are the texts or Person IDs in each report and document that stays.
    """
    all_of_them, present = everybody(holdings), on_the_roster(holdings, span)
    reasons: dict[str, str] = {}
    named = frozenset[str]().union(*naming)
    # Every night's summary tells HR of the findings that wait, with names.
    found = frozenset[str]().union(*(row.content["words"] for row in holdings.rows["finding"] if span.since(row)))
    for why, some in ((HELD, held), (NAMED, named), (DECIDED, _decided_since(holdings, span)), (WAITS, found)):
        for person_id in sorted((some & all_of_them) - present):
            reasons.setdefault(person_id, why)
    return _drawn_along(holdings, span, present, reasons)


def _decided_since(holdings: Holdings, span: KeptSpan) -> frozenset[str]:
    """Return the texts of every decision at the cutoff or later: whom one names, somebody has still to do with."""
    facts = [words_in(row.content["payload"]) for kind in _DECISIONS for row in _new(holdings.facts(kind), span)]
    entries = _new(holdings.rows["audit"], span)
    logged = [row.content["words"] for row in entries if row.content["kind"] not in _ABOUT_RETENTION]
    return frozenset[str]().union(*facts, *logged)


def _new(rows: Iterable[StoredRow], span: KeptSpan) -> list[StoredRow]:
    return [row for row in rows if row.began >= span.cutoff]


def _drawn_along(
    holdings: Holdings, span: KeptSpan, present: frozenset[str], reasons: Mapping[str, str]
) -> dict[str, str]:
    """Add who cannot go without taking evidence of somebody who stays, until nobody is added any more."""
    found = dict(reasons)
    groups = [(SHARED, people, holdings.tied.get(key, _NOBODY)) for key, people in holdings.owners.items()]
    groups += [(MERGED, pair, pair) for pair in _merges(holdings, span)]
    while True:
        stay = present | found.keys()
        more = {person_id: why for why, people, tied in groups if people & stay for person_id in tied - stay}
        if not more:
            return found
        found |= more


def _merges(holdings: Holdings, span: KeptSpan) -> list[frozenset[str]]:
    return [frozenset(_pair(row)) for row in holdings.facts("merge") if span.lasts(row)]


def _pair(row: StoredRow) -> tuple[str, str]:
    merge = MERGE.read(row.content["payload"])
    return merge.former, merge.person_id
