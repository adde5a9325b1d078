"""The answer to *new name or new person?*, recorded with who, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.links import NameAnswer
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Person
from lms_sync.model.stored.facts import NAME_ANSWER
from lms_sync.people.outdated import CODE, question_id
from lms_sync.store.known.people_decided import claim_decisions, read_answers, record_answer
from lms_sync.store.known.snapshot import read_people_decisions, read_roster
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """Whether a person on the roster is the one for whom something was decided."""

    question_id: str
    person: Person
    then: str
    """The name it was decided for; empty where nobody recorded it."""


def find_question(store: Store, wanted: str) -> NameQuestion | None:
    """Return the question of that id, open or answered, while the roster has the name that it was asked of."""
    roster = read_roster(store)
    for person_id, then in _decided_for(store):
        person = roster.people.get(person_id)
        if person and question_id(person_id, then, person.name) == wanted:
            return NameQuestion(wanted, person, then)
    return None


def _decided_for(store: Store) -> Iterator[tuple[str, str]]:
    """Yield every (Person ID, name) that anybody may be asked about."""
    yield from ((answer.person_id, answer.then) for answer in read_answers(store.facts))
    decided = read_people_decisions(store, read_roster(store))
    yield from ((decision.person_id, decision.then) for decision in decided.outdated)
    names = {""} | {decision.person_name for decision in claim_decisions(store.findings, store.facts).values()}
    asked = [waiting.finding.people for waiting in store.findings.open() if waiting.finding.code == CODE]
    yield from ((person_id, name) for people in asked for person_id in people for name in sorted(names))


def answer_question(workspace: Workspace, author: Author, *, question_id: str, same: bool) -> NameAnswer:
    """Record that it is one person with a new name (`same`), or another person; the last answer counts.

    Raises: UsageError when there is no such question.
    """
    store = workspace.store
    with store.transaction():
        question = find_question(store, question_id)
        if question is None:
            raise UsageError(f"{question_id}: no such question", hint="`lms-sync worklist` shows the ids.")
        person = question.person
        asked = (person.person_id, question.then)
        before = [answer for answer in read_answers(store.facts) if (answer.person_id, answer.then) == asked]
        on = workspace.day(author.at)
        answer = NameAnswer(*asked, person.name, same, author.by, on, author.reason)
        record_answer(store.facts, answer, now=author.at)
        was = next((NAME_ANSWER.plain(earlier) for earlier in before if earlier.now == person.name), None)
        store.audit.add(DecisionKind.NAME, person.person_id, author, before=was, after=NAME_ANSWER.plain(answer))
        store.findings.clear(question.question_id, now=author.at)
    return answer
