"""What a night looks at in issued documents: a confirmation that later evidence contradicts or the roster outgrew.

What was issued is never rewritten: a finding tells a person, who withdraws it or mends the evidence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lms_sync.agreements.clause_c.intact import record_troubles
from lms_sync.agreements.clause_c.status import clause_c, lacking
from lms_sync.compliance.impact import Confirmed
from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.links import IdHolders
from lms_sync.model.stored.judgement import StoredCovered
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.not_read import NotRead
from lms_sync.store.store import Store
from lms_sync.text import command_line, written_day


def confirmed(store: Store) -> tuple[Confirmed, ...]:
    """Return every confirmation that stands, as `mappings impact` asks for them."""
    return tuple(
        Confirmed(
            issued.number,
            issued.agreement_id,
            issued.as_of,
            tuple(person.id for person in issued.clause.people),
        )
        for issued in _standing(store)
    )


def _standing(store: Store) -> tuple[Issued, ...]:
    """Return every confirmation that nobody has withdrawn, also one that a later document has replaced."""
    wanted = IssuedKind.CONFIRMATION
    return tuple(
        issued for issued in store.issued.listed() if issued.kind is wanted and issued.stands and not issued.purged
    )


def certificate_findings(store: Store, issuer: Issuer) -> tuple[Finding, ...]:
    """Return what is wrong with issued documents by what is known now."""
    found = [_altered(number, why) for number, why in record_troubles(store, issuer.pseudonyms).items()]
    newest = {issued.agreement_id: issued.number for issued in store.issued.listed() if issued.stands}
    confirmations = _standing(store)
    issuer = _with_evidence(store, issuer, confirmations)
    for issued in confirmations:
        found += [
            _finding("confirmation-contradicted", issued, person_id, why)
            for person_id, why in _contradicted(issued, issuer, _then(issued, issuer))
        ]
        if newest[issued.agreement_id] == issued.number:
            found += [_finding("confirmation-outgrown", issued, who, why) for who, why in _outgrown(issued, issuer)]
    return tuple(found)


def doubtful(store: Store, issuer: Issuer) -> dict[str, str]:
    """Return number → why an issued document must not be handed on, as a sentence that names nobody.

    A confirmation that was true on its day may be handed on as what was true then, also when the agreement has
    outgrown it.
    """
    found = {
        issued.number: "it is not true by what is known now (agreements verify says why)"
        for issued in _standing(store)
        if any(_contradicted(issued, issuer, _then(issued, issuer)))
    }
    return found | record_troubles(store, issuer.pseudonyms)


def contradictions(issued: Issued, issuer: Issuer) -> tuple[str, ...]:
    """Return why a confirmation is not true by what is known now, in sentences; empty for one that is, and a plan."""
    if issued.kind is not IssuedKind.CONFIRMATION or issued.purged:
        return ()
    then = _then(issued, issuer)
    return tuple(why for _, why in (*_contradicted(issued, issuer, then), *_outgrown(issued, issuer)))


def _then(issued: Issued, issuer: Issuer) -> Judged:
    """Return those whom a document concerns, judged on its day by what is known now."""
    if issued.as_of == issuer.judged.as_of:
        return issuer.judged
    return judge_roster(issuer.snapshot, issuer.pseudonyms, as_of=issued.as_of, people=_concerned(issued, issuer))


def _concerned(issued: Issued, issuer: Issuer) -> frozenset[str]:
    """Return the Person IDs of whom it names, and of whom its agreement covered on its day."""
    covered = issuer.snapshot.roster.covered_by(issued.agreement_id, issued.as_of)
    return frozenset(_named_now(issued, issuer)).union(assignment.person_id for assignment in covered)


def _with_evidence(store: Store, issuer: Issuer, confirmations: Iterable[Issued]) -> Issuer:
    """Return the issuer with the completions of all whom the confirmations of other days concern, where they lack."""
    if not isinstance(issuer.snapshot.completions, NotRead):
        return issuer
    days = [issued for issued in confirmations if issued.as_of != issuer.judged.as_of]
    people = frozenset(person for issued in days for person in _concerned(issued, issuer))
    learners = {key for key, match in issuer.judged.matches.items() if match.person_id in people}
    completions = store.judgements.completions_of(learners, issuer.snapshot.known_at)
    return replace(issuer, snapshot=replace(issuer.snapshot, completions=completions))


def _contradicted(issued: Issued, issuer: Issuer, then: Judged) -> Iterator[tuple[str, str]]:
    """Yield (Person ID, why) of whoever was named and not documented on its day, or was covered and not named."""
    snapshot = issuer.snapshot
    named = _named_now(issued, issuer)
    for person_id, people in named.items():
        name = people[-1].name
        if person_id not in snapshot.roster.people:
            yield from ((person_id, f"{name} ({person_id}): {why}") for why in _gone_from_file(people, issuer))
        elif lacks := lacking(snapshot, then, person_id, required_then=_required_then(people)):
            was = f"was not documented on {written_day(issued.as_of)} by what is known now"
            yield person_id, f"{name} ({person_id}) {was}: {'; '.join(lacks)}"
    # Whoever begins later makes it outgrown, and not untrue on its day.
    there = snapshot.roster.people_on(issued.as_of)
    for person_id, name in _undocumented(issued, issuer, then):
        if person_id in there and person_id not in named:
            yield (
                person_id,
                f"{name} ({person_id}) was covered on {written_day(issued.as_of)} too, and was not documented then",
            )


def _outgrown(issued: Issued, issuer: Issuer) -> Iterator[tuple[str, str]]:
    """Yield (Person ID, why) of whoever is covered now, is not named in it and is not documented."""
    named = _named_now(issued, issuer)
    for person_id, name in _undocumented(issued, issuer, issuer.judged):
        if person_id not in named:
            yield person_id, f"{name} ({person_id}) is assigned under it, is not in it and is not documented"


def _undocumented(issued: Issued, issuer: Issuer, judged: Judged) -> Iterator[tuple[str, str]]:
    agreement = issuer.snapshot.roster.agreements.get(issued.agreement_id)
    if agreement is not None and agreement.partner_id in issuer.snapshot.roster.partners:
        for person in clause_c(issuer.snapshot, judged, agreement).undocumented:
            yield person.gaps.person_id, person.gaps.name


def _named_now(issued: Issued, issuer: Issuer) -> dict[str, list[StoredCovered]]:
    """Return the Person ID of today → what the document says of the person, of everybody whom it names."""
    holders = IdHolders.of(issuer.snapshot.merges, issuer.snapshot.roster.people)
    found: dict[str, list[StoredCovered]] = {}
    for person in issued.clause.people:
        found.setdefault(holders.now(person.id, issued.as_of), []).append(person)
    return found


def _required_then(people: Iterable[StoredCovered]) -> frozenset[str]:
    """Return the components that were required of somebody: a class that changed later asks for nothing more."""
    return frozenset(component for person in people for component in person.required)


def _gone_from_file(people: Iterable[StoredCovered], issuer: Issuer) -> Iterator[str]:
    """Yield what the document rests on and is no longer on file, of somebody who has left the roster meanwhile."""
    documents = {document.document for person in people for document in person.documents}
    for gone in sorted(documents - issuer.snapshot.filed.keys()):
        yield f"document {gone}, on which it rests, is no longer on file"


def _finding(code: str, issued: Issued, person_id: str, found: str) -> Finding:
    return Finding(
        Area.AGREEMENT,
        code,
        where=f"training confirmation {issued.number} of {issued.agreement_id}",
        found=found,
        expected="that everybody covered by the agreement is documented",
        remedy=f"File what is missing, or {command_line('agreements withdraw', issued.number, reason=...)} and then"
        f" {command_line('agreements plan', issued.agreement_id)}.",
        people=(person_id,),
        subject=f"{issued.number}, person {person_id}",
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
