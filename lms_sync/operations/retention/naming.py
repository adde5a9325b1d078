"""What tells for whom a decision of an earlier version was made, which has no name of its own. Pure.

Who is called otherwise now keeps no such decision, so without the name of then it would count for nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from lms_sync.model.stored.facts import LINK, MERGE, PERSON
from lms_sync.model.stored_row import StoredRow
from lms_sync.operations.retention.holdings import Holdings

Removed = Mapping[str, tuple[StoredRow, ...]]
"""Table → the rows that go."""


def naming_rows(holdings: Holdings, removed: Removed, *, leavers: frozenset[str]) -> list[StoredRow]:
    """Return the rows that go though a decision that stays has its name by them: the roster's rows and findings.

    None that is about `leavers` alone: with them their decisions go, or count for nobody.
    """
    going = {(row.table, row.key) for rows in removed.values() for row in rows}
    asked = {row.key[0]: row for row in removed["finding"]}
    people = [row for row in removed["fact"] if row.key[0] == PERSON.kind]
    found: dict[tuple[str, object], StoredRow] = {}
    for decision, person_id, at in _unnamed(holdings):
        if (decision.table, decision.key) in going or person_id in leavers:
            continue
        named = [row for row in people if row.key[1] == person_id and row.counted_at(at)]
        named += [asked[decision.key[0]]] if decision.table == "decision" and decision.key[0] in asked else []
        found |= {(row.table, row.key): row for row in named}
    return [*found.values()]


def _unnamed(holdings: Holdings) -> Iterator[tuple[StoredRow, str, datetime]]:
    """Yield each decision without a name, the Person ID that it was made for, and when."""
    findings = {row.key[0]: row for row in holdings.rows["finding"]}
    for row in holdings.rows["decision"]:
        if row.content["verdict"] == "accepted" and not row.content["person_name"] and row.key[0] in findings:
            for person_id in findings[row.key[0]].content["people"]:
                yield row, person_id, row.began
    for row in holdings.facts(LINK.kind):
        link = LINK.read(row.content["payload"])
        if link.person_id and not link.person_name:
            yield row, link.person_id, row.began
    for row in holdings.facts(MERGE.kind):
        merge = MERGE.read(row.content["payload"])
        if not merge.person_name:
            yield row, merge.person_id, row.began
