"""What a night looks at in issued documents: a confirmation that later evidence contradicts or the roster outgrew.

What was issued is never rewritten: a finding tells a person, who withdraws it or mends the evidence.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from lms_sync.agreements.clause_c import clause_c, lacking
from lms_sync.certifying.record import record_troubles
from lms_sync.gaps.impact import Confirmed
from lms_sync.gaps.judge import Judged, judge_roster
from lms_sync.issuing import Issuer
from lms_sync.matching import successors
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
    """Return every confirmation that nobody has withdrawn, also one that a later document has replaced."""
    wanted = IssuedKind.CONFIRMATION
    return tuple(one for one in store.issued.listed() if one.kind is wanted and one.stands and not one.purged)


def certificate_findings(store: Store, issuer: Issuer) -> tuple[Finding, ...]:
    """Return what is wrong with issued documents by what is known now."""
    found = [_altered(number, why) for number, why in record_troubles(store, issuer.seal).items()]
    newest = {one.agreement_id: one.number for one in store.issued.listed() if one.stands}
    days: dict[date, Judged] = {issuer.judged.as_of: issuer.judged}
    for one in _standing(store):
        found += [
            _finding("confirmation-contradicted", one, person_id, why)
            for person_id, why in _contradicted(one, issuer, _day(issuer, days, one.as_of))
        ]
        if newest[one.agreement_id] == one.number:
            found += [_finding("confirmation-outgrown", one, who, why) for who, why in _outgrown(one, issuer)]
    return tuple(found)


def contradictions(one: Issued, issuer: Issuer) -> tuple[str, ...]:
    """Return why a confirmation is not true by what is known now, in sentences; empty for one that is, and a plan."""
    if one.kind is not IssuedKind.CONFIRMATION or one.purged:
        return ()
    judged = _day(issuer, {}, one.as_of)
    return tuple(why for _, why in (*_contradicted(one, issuer, judged), *_outgrown(one, issuer)))


def _day(issuer: Issuer, days: dict[date, Judged], as_of: date) -> Judged:
    if as_of not in days:
        days[as_of] = judge_roster(issuer.knowledge, issuer.seal, as_of=as_of)
    return days[as_of]


def _contradicted(one: Issued, issuer: Issuer, then: Judged) -> Iterator[tuple[str, str]]:
    """Yield (Person ID, why) of whoever was named and not documented on its day, or was covered and not named."""
    knowledge = issuer.knowledge
    named = _named_now(one, issuer)
    for person_id, name in named.items():
        if person_id not in knowledge.roster.people:
            if _runs(one, issuer):
                yield person_id, f"{name} ({person_id}) is no longer on the roster, so nobody can tell"
        elif lacks := lacking(knowledge, then, person_id):
            was = f"was not documented on {one.as_of} by what is known now"
            yield person_id, f"{name} ({person_id}) {was}: {'; '.join(lacks)}"
    for person_id, name in _undocumented(one, issuer, then):
        if person_id not in named:
            yield person_id, f"{name} ({person_id}) was covered on {one.as_of} too, and was not documented then"


def _outgrown(one: Issued, issuer: Issuer) -> Iterator[tuple[str, str]]:
    """Yield (Person ID, why) of whoever is covered now, is not named in it and is not documented."""
    for person_id, name in _undocumented(one, issuer, issuer.judged):
        if person_id not in _named_now(one, issuer):
            yield person_id, f"{name} ({person_id}) is assigned under it, is not in it and is not documented"


def _undocumented(one: Issued, issuer: Issuer, judged: Judged) -> Iterator[tuple[str, str]]:
    agreement = issuer.knowledge.roster.agreements.get(one.agreement_id)
    if agreement is not None and agreement.partner_id in issuer.knowledge.roster.partners:
        for person in clause_c(issuer.knowledge, judged, agreement).undocumented:
            yield person.gaps.person_id, person.gaps.name


def _named_now(one: Issued, issuer: Issuer) -> Mapping[str, str]:
    """Return the Person ID of today → the name, of everybody whom the document names."""
    people, merged = issuer.knowledge.roster.people, successors(issuer.knowledge.merges)
    ids = {person["id"]: person["name"] for person in one.judgement["people"]}
    return {who if who in people else merged.get(who, who): name for who, name in ids.items()}


def _runs(one: Issued, issuer: Issuer) -> bool:
    """Tell whether the agreement has not ended, as it was when the document was issued."""
    ends = one.judgement["agreement"]["ends"]
    return ends is None or issuer.judged.as_of <= date.fromisoformat(ends)


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


def _altered(number: str, why: str) -> Finding:
    return Finding(
        Area.AGREEMENT,
        "issued-altered",
        where=f"document {number}",
        found=why,
        expected="a document as it was issued",
        remedy="Compare with a backup of the database; the PDF as sent is the proof.",
    )
