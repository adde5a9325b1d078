"""What waits for a person, night after night, and what persons decided about claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lms_sync.model.finding import ClaimDecision, Finding, OpenFinding
from lms_sync.model.stored.pulled import FINDING
from lms_sync.store.facts import known
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import decision, finding


@dataclass(frozen=True, slots=True)
class Findings:
    """One district's findings and decisions."""

    connection: Connection
    district_id: str

    def open(self) -> tuple[OpenFinding, ...]:
        """Return what waits, the longest first."""
        query = select(finding).where(finding.c.district_id == self.district_id, finding.c.cleared_at.is_(None))
        rows = self.connection.execute(query.order_by(finding.c.first_seen, finding.c.finding_id)).mappings()
        return tuple(value_of(OpenFinding, row, finding=FINDING.read(row["payload"])) for row in rows)

    def see(self, scopes: Mapping[str, Iterable[Finding]], *, now: datetime) -> tuple[Finding, ...]:
        """Record what was found when each scope was looked at, and return what is new since the last look.

        A scope that was looked at and a finding in it that was not found again is cleared; scopes that are not
        named were not looked at and keep theirs.
        """
        waiting = {(o.scope, o.finding.id): o.finding for o in self.open()}
        found = {(scope, f.id): f for scope, findings in scopes.items() for f in findings}
        gone = [(scope, i) for scope, i in waiting if scope in scopes and (scope, i) not in found]
        self._clear(gone, now)
        new = {key: f for key, f in found.items() if key not in waiting}
        for (scope, _), seen in new.items():
            self._add(seen, scope, now)
        self._touch([i for key in found if key in waiting for i in [key[1]]], now)
        for (scope, finding_id), seen in found.items():
            if waiting.get((scope, finding_id), seen) != seen:
                self._reword(finding_id, seen)
        return tuple(new.values())

    def decide(self, verdict: ClaimDecision, *, now: datetime) -> None:
        """Record a decision; it ends an earlier one about the same claim."""
        same = (decision.c.district_id == self.district_id) & (decision.c.claim_id == verdict.claim_id)
        self.connection.execute(update(decision).where(same, decision.c.ended_at.is_(None)).values(ended_at=now))
        row = row_of(verdict, without=("accepted",), verdict="accepted" if verdict.accepted else "refused")
        self.connection.execute(insert(decision).values(district_id=self.district_id, recorded_at=now, **row))

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
        same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == finding_id)
        payload = self.connection.execute(select(finding.c.payload).where(same)).scalar()
        return next(iter(FINDING.read(payload).people), "") if payload else ""

    def _add(self, new: Finding, scope: str, now: datetime) -> None:
        payload = FINDING.plain(new)
        values = {"scope": scope, "first_seen": now, "last_seen": now, "cleared_at": None, "payload": payload}
        same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == new.id)
        if not self.connection.execute(update(finding).where(same).values(**values)).rowcount:
            self.connection.execute(insert(finding).values(district_id=self.district_id, finding_id=new.id, **values))

    def _reword(self, finding_id: str, new: Finding) -> None:
        """Keep a finding's newest words and weight; since when it waits stays."""
        same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == finding_id)
        payload = FINDING.plain(new)
        self.connection.execute(update(finding).where(same).values(payload=payload))

    def clear(self, finding_id: str, *, now: datetime) -> None:
        """Record that a finding no longer waits: a person has decided it."""
        same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == finding_id)
        self.connection.execute(update(finding).where(same).values(cleared_at=now))

    def reopen(self, finding_id: str) -> None:
        """Record that a finding waits again: a decision about it was taken back."""
        same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == finding_id)
        self.connection.execute(update(finding).where(same).values(cleared_at=None))

    def _clear(self, gone: Iterable[tuple[str, str]], now: datetime) -> None:
        for scope, finding_id in gone:
            same = (finding.c.district_id == self.district_id) & (finding.c.finding_id == finding_id)
            self.connection.execute(update(finding).where(same, finding.c.scope == scope).values(cleared_at=now))

    def _touch(self, ids: list[str], now: datetime) -> None:
        touched = (finding.c.district_id == self.district_id) & finding.c.finding_id.in_(ids)
        self.connection.execute(update(finding).where(touched).values(last_seen=now))
