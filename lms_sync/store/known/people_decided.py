"""What persons decided about who is who, and whether the roster still has the people for whom they decided it.

A Person ID may be given to somebody else, and a link, an id in `Other IDs` or a merge must not make the new bearer
trained. Where the names have no word in common, it counts for nobody until a person has answered *new name or new
person?*
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lms_sync.model.evidence import Completion, claim_id
from lms_sync.model.finding import FORMER_DIGITS, ClaimDecision
from lms_sync.model.links import IdHolders, Link, Merge, NameAnswer, OutdatedDecision, PeopleDecisions
from lms_sync.model.person_names import PersonNames
from lms_sync.model.roster import Person
from lms_sync.model.stored.facts import NAME_ANSWER
from lms_sync.store.facts import FactStore
from lms_sync.store.findings import Findings
from lms_sync.store.known.decided_names import PeopleHistory, names_when_linked, need_history


def read_answers(facts: FactStore, known_at: datetime | None = None) -> tuple[NameAnswer, ...]:
    """Return the answers to *new name or new person?* as they counted at `known_at`."""
    return tuple(NAME_ANSWER.read_all(facts.read(NAME_ANSWER.kind, known_at)).values())


def record_answer(facts: FactStore, answer: NameAnswer, *, now: datetime) -> None:
    """Make an answer what counts for its Person ID and names from `now` on."""
    key = "\x1f".join((answer.person_id, answer.then, answer.now))
    facts.put(NAME_ANSWER.kind, key, NAME_ANSWER.plain(answer), now=now)


def decisions_about(
    facts: FactStore,
    people: Mapping[str, Person],
    *,
    decided: tuple[Sequence[Link], Sequence[Merge]],
    known_at: datetime | None = None,
) -> PeopleDecisions:
    """Return which of the links and merges in `decided`, and of the ids in `Other IDs`, count for whom."""
    links, merges = decided
    answers = read_answers(facts, known_at)
    history = PeopleHistory.of(facts, known_at) if need_history(links, merges, people.values()) else None
    if history is not None:
        times = _recorded(facts, known_at)
        links = [_named_link(link, history, times) for link in links]
        merges = [_named_merge(merge, history, times) for merge in merges]
    return standing_decisions(people, (links, merges), answers=answers, history=history)


def claim_decisions(
    findings: Findings, facts: FactStore, known_at: datetime | None = None
) -> dict[str, ClaimDecision]:
    """Return claim id → the decision in force, each with the name that the person had when it was made."""
    decisions = findings.decisions(known_at)
    unnamed = findings.accepted_without_name(known_at)
    history = PeopleHistory.of(facts, known_at) if unnamed else PeopleHistory({})
    names = {claim: history.name_at(person_id, at) for claim, (person_id, at) in unnamed.items()}
    return decisions | {claim: replace(decisions[claim], person_name=name) for claim, name in names.items()}


def by_whole_id(
    decisions: Mapping[str, ClaimDecision], completions: Iterable[Completion]
) -> dict[str, ClaimDecision]:
    """Return claim id → decision; one of an earlier version, which has the id's beginning only, under the whole id.

    A beginning that two claims share decides neither.
    """
    beginnings = {claim for claim in decisions if len(claim) == FORMER_DIGITS}
    if not beginnings:
        return dict(decisions)
    whole: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    for claim in {claim_id(completion) for completion in completions}:
        if (beginning := claim[:FORMER_DIGITS]) in beginnings:
            whole[beginning].append(claim)
    found = {claim: decision for claim, decision in decisions.items() if len(whole.get(claim, ())) == 0}
    sole = {beginning: claims[0] for beginning, claims in whole.items() if len(claims) == 1}
    return {claim: replace(decisions[old], claim_id=claim) for old, claim in sole.items()} | found


def _recorded(facts: FactStore, known_at: datetime | None) -> dict[tuple[str, str], datetime]:
    """Return (kind, key) → when what counts at `known_at` was recorded."""
    return {
        (kind, version.key): version.recorded_at
        for kind in ("link", "merge")
        for version in facts.history(kind)
        if known_at is None or version.recorded_at <= known_at
    }


def _named_link(link: Link, history: PeopleHistory, times: Mapping[tuple[str, str], datetime]) -> Link:
    at = times.get(("link", f"{link.source}\x1f{link.learner}"))
    if link.person_name or not link.person_id or at is None:
        return link
    return replace(link, person_name=history.name_at(link.person_id, at))


def _named_merge(merge: Merge, history: PeopleHistory, times: Mapping[tuple[str, str], datetime]) -> Merge:
    at = times.get(("merge", merge.former))
    if merge.person_name or at is None:
        return merge
    return replace(merge, person_name=history.name_at(merge.person_id, at))


def standing_decisions(
    people: Mapping[str, Person],
    decided: tuple[Iterable[Link], Iterable[Merge]],
    *,
    answers: Sequence[NameAnswer],
    history: PeopleHistory | None = None,
) -> PeopleDecisions:
    """Return which decisions count, by the names on the roster; `history` tells the names in `Other IDs`. Pure."""
    links, merges = tuple(decided[0]), tuple(decided[1])
    if not (links or merges or any(person.other_ids for person in people.values())):
        return PeopleDecisions(answers=tuple(answers))
    by_roster = PersonNames.of(people, answers=answers)
    lost = {merge.former: found for merge in merges if (found := _of_merge(merge, by_roster, answers))}
    counting = tuple(merge for merge in merges if merge.former not in lost)
    names = PersonNames.of(people, merges=counting, answers=answers) if counting else by_roster
    outdated = [
        *lost.values(),
        *_of_links(links, counting, names=names, answers=answers),
        *_of_other_ids(people, history, names=names, answers=answers),
    ]
    return PeopleDecisions(links, counting, tuple(answers), tuple(outdated))


def _of_merge(merge: Merge, names: PersonNames, answers: Sequence[NameAnswer]) -> OutdatedDecision | None:
    subject = f"the merge of {merge.former} into {merge.person_id}"
    return outdated(OutdatedDecision(merge.person_id, merge.person_name, subject), names, answers)


def _of_links(
    links: Iterable[Link], merges: Sequence[Merge], *, names: PersonNames, answers: Sequence[NameAnswer]
) -> Iterator[OutdatedDecision]:
    holders = IdHolders.of(merges, names.written.keys())
    for link in links:
        if link.person_id:
            label = f"the link of {link.source}:{link.shown.partition(',')[0]}"
            person_id = holders.now(link.person_id, link.on)
            decision = OutdatedDecision(person_id, link.person_name, label, learner=(link.source, link.learner))
            if found := outdated(decision, names, answers):
                yield found


def _of_other_ids(
    people: Mapping[str, Person], history: PeopleHistory | None, *, names: PersonNames, answers: Sequence[NameAnswer]
) -> Iterator[OutdatedDecision]:
    for person in people.values():
        for other_id, name in names_when_linked(person, history).items():
            subject = f"the id {other_id[0]}:{other_id[1]} in Other IDs"
            decision = OutdatedDecision(person.person_id, name, subject, learner=other_id, in_other_ids=True)
            if found := outdated(decision, names, answers):
                yield found


def outdated(
    decision: OutdatedDecision, names: PersonNames, answers: Iterable[NameAnswer]
) -> OutdatedDecision | None:
    """Return a decision that does not count by the name on the roster, with whether a person has answered; else None.

    One for somebody who is not on the roster counts for nobody anyway.
    """
    if decision.person_id not in names.written:
        return None
    answered = [a for a in answers if a.person_id == decision.person_id and a.then == decision.then]
    if decision.then and names.may_be(decision.person_id, decision.then):
        return None
    still = [a for a in answered if names.may_be(decision.person_id, a.now)]
    if any(a.same for a in still):
        return None
    return replace(decision, answered=bool(still))
