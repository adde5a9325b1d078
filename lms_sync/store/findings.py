"""What waits for a person, night after night, and what persons decided about claims."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from lms_sync.model.finding import FORMER_DIGITS, ClaimDecision, Finding, OpenFinding, with_distinct_ids
from lms_sync.model.stored.pulled import FINDING
from lms_sync.store.carried import carried
from lms_sync.store.facts import known, not_ended
from lms_sync.store.rows import each_row, row_of, value_of
from lms_sync.store.schema import decision, finding
from lms_sync.text import in_order

_OF_NOBODY = re.compile(r"file .* #[0-9a-f]{16}")
"""The scope of a file whose name is kept as a hash."""
_FEW_SCOPES = 20
"""Up to so many scopes are asked for by name."""


_IDS_AT_ONCE = 500
"""A statement takes only so many."""


@dataclass(frozen=True, slots=True)
class Findings:
    """One district's findings and decisions."""

    connection: Connection
    district_id: str

    def open(self, *, scopes: Collection[str] | None = None) -> tuple[OpenFinding, ...]:
        """Return what waits, the longest first, then by its place; of these scopes only, where any are given."""
        return self._sorted(*(() if scopes is None else [finding.c.scope.in_(scopes)]))

    def _sorted(self, *which: ColumnElement[bool]) -> tuple[OpenFinding, ...]:
        return tuple(sorted(self._waiting(*which), key=lambda o: (o.first_seen, in_order(o.finding.where))))

    def _waiting(self, *which: ColumnElement[bool]) -> Iterator[OpenFinding]:
        """Yield the same, of one night by their ids."""
        columns = finding.c.finding_id, cast(finding.c.payload, Text), finding.c.scope, finding.c.first_seen
        asked = select(*columns).where(*self._waits, *which).order_by(finding.c.first_seen, finding.c.finding_id)
        rows = each_row(self.connection.execute(asked))
        return (_open(finding_id, text, *seen) for finding_id, text, *seen in rows)

    @property
    def _waits(self) -> tuple[ColumnElement[bool], ...]:
        return finding.c.district_id == self.district_id, finding.c.cleared_at.is_(None)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of everything that waits or ever waited."""
        ours = finding.c.district_id == self.district_id
        return tuple(self.connection.scalars(select(finding.c.finding_id).where(ours)))

    def open_scopes(self) -> tuple[str, ...]:
        """Return the scopes in which anything waits, in their order."""
        return tuple(
            self.connection.scalars(select(finding.c.scope).where(*self._waits).distinct().order_by("scope"))
        )

    def open_of(self, code: str) -> tuple[str, ...]:
        """Return the ids of what waits under one code."""
        same = finding.c.payload["code"].as_string() == code
        return tuple(self.connection.scalars(select(finding.c.finding_id).where(*self._waits, same)))

    def in_the_way(self, codes: Collection[str]) -> tuple[Finding, ...]:
        """Return what waits under some codes, and what keeps a file from coming into force: hardly anything."""
        code, blocks = finding.c.payload["code"].as_string(), finding.c.payload["blocks"].as_boolean()
        return tuple(waits.finding for waits in self._sorted(or_(code.in_(codes), blocks)))

    def by_area(self) -> dict[str, int]:
        """Return area → how much waits there."""
        area = finding.c.payload["area"].as_string()
        counted = select(area, func.count()).where(*self._waits).group_by(area)
        return dict(map(tuple, self.connection.execute(counted)))

    def known(self, finding_id: str) -> Finding | None:
        """Return a finding of this id, also one that waits no longer; None where there never was one."""
        named = finding.c.finding_id.in_((finding_id, finding_id[:FORMER_DIGITS]))
        of_district = finding.c.district_id == self.district_id
        payload = self.connection.execute(select(finding.c.payload).where(of_district, named)).scalar()
        return FINDING.read(payload) if payload else None

    def concerned(self, finding_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return id → the Person IDs whom it concerns, of each finding that waits or waited under such an id."""
        asked = {name: known_id for known_id in finding_ids for name in (known_id, known_id[:FORMER_DIGITS])}
        names, found = list(asked), {}
        for start in range(0, len(names), _IDS_AT_ONCE):
            named = finding.c.finding_id.in_(names[start : start + _IDS_AT_ONCE])
            query = select(finding.c.finding_id, finding.c.payload)
            for row in self.connection.execute(query.where(finding.c.district_id == self.district_id, named)):
                found[asked[row.finding_id]] = FINDING.read(row.payload).people
        return found

    def see(self, scopes: Mapping[str, Iterable[Finding]], *, now: datetime) -> tuple[Finding, ...]:
        """Record what was found when each scope was looked at, and return what is new since the last look.

        A scope that was looked at and a finding in it that was not found again is cleared; scopes that are not
        named were not looked at and keep theirs.
        """
        found = _by_id(scopes)
        waiting = self._carried_over(found, scopes)
        gone = [i for i, before in waiting.items() if before.scope in scopes and i not in found]
        self._update([{"of_id": finding_id, "cleared_at": now} for finding_id in gone])
        self._forget({i: waiting[i].finding for i in gone if _OF_NOBODY.fullmatch(waiting[i].scope)})
        self._update([{"of_id": finding_id, "last_seen": now} for finding_id in found if finding_id in waiting])
        new = {finding_id: seen for finding_id, seen in found.items() if finding_id not in waiting}
        self._add(new, now)
        before = {i: (waiting[i].scope, waiting[i].finding) for i in found if i in waiting}
        self._reword({i: found[i] for i in before if before[i] != found[i]})
        return tuple(seen for _, seen in new.values())

    def _carried_over(
        self, found: Mapping[str, tuple[str, Finding]], scopes: Collection[str]
    ) -> dict[str, OpenFinding]:
        """Return id → what waits; what waits since an earlier version gets the id that it has tonight."""
        few = not found and len(scopes) <= _FEW_SCOPES  # then what waits elsewhere is the same afterwards
        waiting = {o.finding.id: o for o in self._waiting(*([finding.c.scope.in_(scopes)] if few else ()))}
        former = [o for i, o in waiting.items() if o.former and o.scope in scopes and i not in found]
        fresh = [seen for finding_id, seen in found.items() if finding_id not in waiting]
        for old_id, same in (carried(former, fresh) if former else {}).items():
            self.connection.execute(delete(finding).where(self._the(same.id)))
            self.connection.execute(update(finding).where(self._the(old_id)).values(finding_id=same.id))
            waiting[same.id] = waiting.pop(old_id)
        return waiting

    def _the(self, finding_id: str) -> ColumnElement[bool]:
        return and_(finding.c.district_id == self.district_id, finding.c.finding_id == finding_id)

    def decide(self, verdict: ClaimDecision, *, now: datetime) -> None:
        """Record a decision; it ends an earlier one about the same claim."""
        ids = (verdict.claim_id, verdict.claim_id[:FORMER_DIGITS])
        same = (decision.c.district_id == self.district_id) & decision.c.claim_id.in_(ids)
        self.connection.execute(update(decision).where(same, not_ended(decision, now)).values(ended_at=now))
        row = row_of(verdict, without=("accepted",), verdict="accepted" if verdict.accepted else "refused")
        self.connection.execute(insert(decision).values(district_id=self.district_id, recorded_at=now, **row))

    def undecide(self, claim_id: str, *, now: datetime) -> None:
        """Let every decision about a claim end: it waits again."""
        same = (decision.c.district_id == self.district_id) & (decision.c.claim_id == claim_id)
        self.connection.execute(update(decision).where(same, not_ended(decision, now)).values(ended_at=now))

    def decisions(self, known_at: datetime | None = None) -> dict[str, ClaimDecision]:
        """Return claim id → the decision that counted at `known_at`."""
        query = select(decision).where(decision.c.district_id == self.district_id, known(decision, known_at))
        return {
            row["claim_id"]: value_of(ClaimDecision, row, accepted=row["verdict"] == "accepted")
            for row in self.connection.execute(query).mappings()
        }

    def accepted_without_name(self, known_at: datetime | None = None) -> dict[str, tuple[str, datetime]]:
        """Return claim id → (Person ID, when) of what earlier versions recorded as accepted without a name.

        The Person ID is the one that the claim's finding was about; empty where the finding is gone.
        """
        unnamed = (decision.c.verdict == "accepted") & (decision.c.person_name == "")
        query = select(decision).where(decision.c.district_id == self.district_id, unnamed, known(decision, known_at))
        when = {row.claim_id: row.recorded_at for row in self.connection.execute(query)}
        return {claim: (self._person_of(claim), at) for claim, at in when.items()}

    def _person_of(self, finding_id: str) -> str:
        found = self.known(finding_id)
        return next(iter(found.people), "") if found else ""

    def _add(self, new: Mapping[str, tuple[str, Finding]], now: datetime) -> None:
        """Keep id → scope and finding; one that was cleared before waits again since now."""
        known_ids = set(self.ids()) if new else set()
        when = {"first_seen": now, "last_seen": now, "cleared_at": None}
        rows = {i: {**when, "scope": scope, "payload": FINDING.plain(seen)} for i, (scope, seen) in new.items()}
        self._update([{"of_id": i, **row} for i, row in rows.items() if i in known_ids])
        whose = {"district_id": self.district_id}
        added = [{**whose, "finding_id": i, **row} for i, row in rows.items() if i not in known_ids]
        if added:
            self.connection.execute(insert(finding), added)

    def _reword(self, changed: Mapping[str, tuple[str, Finding]]) -> None:
        """Keep findings' newest words and weight, and where they were found; since when they wait stays."""
        self._update(
            [
                {"of_id": finding_id, "scope": scope, "payload": FINDING.plain(seen)}
                for finding_id, (scope, seen) in changed.items()
            ]
        )

    def _update(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write values over those of findings by `of_id`; every row tells the same columns."""
        if rows:
            names: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of_id"}
            which = and_(finding.c.district_id == self.district_id, finding.c.finding_id == bindparam("of_id"))
            self.connection.execute(update(finding).where(which).values(**names), rows)

    def clear(self, finding_id: str, *, now: datetime) -> None:
        """Record that a finding no longer waits: a person has decided it."""
        self.connection.execute(
            update(finding).where(self._the(finding_id), finding.c.cleared_at.is_(None)).values(cleared_at=now)
        )

    def _forget(self, cleared: Mapping[str, Finding]) -> None:
        """Take place and words of findings that wait no longer, about files of nobody on the roster."""
        where = "a file of nobody on the roster"
        blank = {i: replace(seen, where=where, found="…", remedy="…", handle=i) for i, seen in cleared.items()}
        self._update([{"of_id": i, "payload": FINDING.plain(seen)} for i, seen in blank.items()])

    def reopen(self, finding_id: str) -> None:
        """Record that a finding waits again: a decision about it was taken back."""
        self.connection.execute(update(finding).where(self._the(finding_id)).values(cleared_at=None))


def _is_former(text: str) -> bool:
    """Tell whether an earlier version wrote a finding, which made its id of the words that were found."""
    return '"subject":' not in text  # a quotation mark within a text stands behind a backslash


def _open(finding_id: str, text: str, scope: str, first_seen: datetime) -> OpenFinding:
    """Return a finding as stored; one of an earlier version goes by the id that it has until it is found again."""
    stored, former = FINDING.read_text(text), _is_former(text)
    return OpenFinding(replace(stored, handle=finding_id) if former else stored, scope, first_seen, former)


def _by_id(scopes: Mapping[str, Iterable[Finding]]) -> dict[str, tuple[str, Finding]]:
    """Return id → scope and finding; what two scopes find is one finding, of the first of them."""
    found = [(scope, finding) for scope, findings in scopes.items() for finding in findings]
    apart = with_distinct_ids(finding for _, finding in found)
    by_id: dict[str, tuple[str, Finding]] = {}
    for scope, seen in found:
        distinct = apart[seen]
        by_id.setdefault(distinct.id, (scope, distinct))
    return by_id
