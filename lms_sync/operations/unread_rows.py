"""Rows that could not be taken in and name a person on the roster: for the record of that person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms_sync.compliance.person_record import UnreadRow
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.people.match import directory, names_somebody
from lms_sync.reports.issuer import Issuer
from lms_sync.store.refused_items import RefusedItem, refused_items
from lms_sync.store.workspace import Workspace
from lms_sync.text import fold, in_order

_NUMBER = re.compile(r"[0-9]+$")


@dataclass(frozen=True, slots=True)
class UnreadRows:
    """All rows that wait to be read tonight."""

    issuer: Issuer
    rows: tuple[tuple[RefusedItem, Finding], ...]
    """Each with what waits for it; none of files of which so much was refused that partners wait."""

    @classmethod
    def of(cls, workspace: Workspace, issuer: Issuer) -> "UnreadRows":
        """Return those of a workspace."""
        waiting = [w.finding for w in workspace.store.findings.open() if w.finding.area is Area.ROW]
        counted = {(rows.source, rows.file) for rows in issuer.snapshot.refused}
        kept = refused_items(workspace.store) if waiting else ()
        single = [item for item in kept if (item.source, item.origin.file) not in counted]
        single.sort(key=lambda item: (item.source, in_order(str(item.origin))))
        return cls(issuer, tuple([(item, found) for item in single if (found := _of_row(item, waiting))]))

    def of_person(self, person_id: str) -> tuple[UnreadRow, ...]:
        """Return those that may be a person's: of a file of which much was refused how many, of others each row."""
        several = [r for r in self.issuer.snapshot.refused if r.everybody or person_id in r.people]
        counted = [UnreadRow(r.source, Origin(r.file), "; ".join(r.causes), r.refused) for r in several]
        return (*counted, *self._naming(person_id))

    def _naming(self, person_id: str) -> Iterator[UnreadRow]:
        """Yield the rows that name a person by an identifier, the whole name or a user name that is theirs."""
        of, snapshot = self.issuer.pseudonyms.of, self.issuer.snapshot
        book = directory((snapshot.roster.people[person_id],), self.issuer.pseudonyms)
        theirs = {key for key, match in self.issuer.judged.matches.items() if match.person_id == person_id}
        for row, finding in self.rows:
            texts = [text for _, text in row.text if text]
            named = ((row.source, of(f"learner of {row.source}", fold(text))) for text in texts)
            if any(key in theirs for key in named) or names_somebody(texts, book, self.issuer.pseudonyms):
                yield UnreadRow(row.source, row.origin, finding.found)


def _of_row(row: RefusedItem, waiting: list[Finding]) -> Finding | None:
    """Return the finding that names a cell of a row; None where nothing waits for it any more."""
    number = _NUMBER.search(row.origin.cell)
    if number is None:
        return None
    sheet = str(row.origin).removesuffix(row.origin.cell)
    cell = re.compile(f"{re.escape(sheet)}[A-Z]+{number[0]}(?![0-9])")
    return next((found for found in waiting if found.source == row.source and cell.search(found.where)), None)
