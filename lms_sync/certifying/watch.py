"""What a night looks at in issued documents: a confirmation that later evidence contradicts or the roster outgrew.

What was issued is never rewritten: a finding tells a person, who withdraws it or mends the evidence.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from lms_sync.agreements.clause_c import ClauseC, clause_c
from lms_sync.certifying.verify import record_is_whole
from lms_sync.gaps.impact import Confirmed
from lms_sync.gaps.judge import Judged, judge_roster
from lms_sync.issuing import Issuer
from lms_sync.model import Area, Finding
from lms_sync.store import Store
from lms_sync.store.issued import Issued, IssuedKind


def confirmed(store: Store) -> tuple[Confirmed, ...]:
    """Return every confirmation that stands, as `mappings impact` asks for them."""
    return tuple(
        Confirmed(one.number, one.agreement_id, one.as_of, tuple(person["id"] for person in one.judgement["people"]))
        for one in _standing(store)
    )


def _standing(store: Store) -> tuple[Issued, ...]:
    """Return the confirmations that stand, and that no later document of the agreement has replaced."""
    newest = {one.agreement_id: one for one in store.issued.listed() if one.stands}
    return tuple(one for one in newest.values() if one.kind is IssuedKind.CONFIRMATION and not one.purged)


def certificate_findings(store: Store, issuer: Issuer) -> tuple[Finding, ...]:
    """Return what is wrong with issued documents by what is known now."""
    days: dict[date, Judged] = {issuer.judged.as_of: issuer.judged}
    found = [_altered(one) for one in store.issued.listed() if not record_is_whole(one, issuer.seal)]
    for one in _standing(store):
        if one.as_of not in days:
            days[one.as_of] = judge_roster(issuer.knowledge, issuer.seal, as_of=one.as_of)
        found += _contradicted(one, issuer, days)
    return tuple(found)


def _contradicted(one: Issued, issuer: Issuer, days: Mapping[date, Judged]) -> Iterator[Finding]:
    agreement = issuer.knowledge.roster.agreements.get(one.agreement_id)
    if agreement is None or agreement.partner_id not in issuer.knowledge.roster.partners:
        return
    then = clause_c(issuer.knowledge, days[one.as_of], agreement)
    now = clause_c(issuer.knowledge, issuer.judged, agreement)
    named = {person["id"] for person in one.judgement["people"]}
    lacking = {p.gaps.person_id: p for p in then.undocumented if p.gaps.person_id in named}
    for person in lacking.values():
        found = f"{person.gaps.name} ({person.gaps.person_id}) was not documented on {one.as_of} by what is known now"
        yield _finding("confirmation-contradicted", one, person.gaps.person_id, f"{found}: {'; '.join(person.lacks)}")
    for person_id, name in _newcomers(now, named):
        found = f"{name} ({person_id}) is assigned under {one.agreement_id}, is not in it and is not documented"
        yield _finding("confirmation-outgrown", one, person_id, found)


def _newcomers(now: ClauseC, named: set[str]) -> Iterator[tuple[str, str]]:
    for person in now.undocumented:
        if person.gaps.person_id not in named:
            yield person.gaps.person_id, person.gaps.name


def _finding(code: str, one: Issued, person_id: str, found: str) -> Finding:
    return Finding(
        Area.AGREEMENT,
        code,
        where=f"training confirmation {one.number} of {one.agreement_id}",
        found=found,
        expected="that everybody whom the agreement covers is documented",
        remedy=f'File what is missing, or lms-sync agreements withdraw {one.number} --reason "…" and then'
        f" lms-sync agreements plan {one.agreement_id}.",
        people=(person_id,),
    )


def _altered(one: Issued) -> Finding:
    return Finding(
        Area.AGREEMENT,
        "issued-altered",
        where=f"document {one.number} of {one.agreement_id}",
        found="what the database holds of it no longer fits its verification code",
        expected="a document as it was issued",
        remedy="Compare with a backup of the database; the PDF as sent is the proof.",
    )
