"""New rules give records other keys: evidence moves to them, and what people decided about it moves along.

The same item is a correction and no drop. Its history stays under the old key, so that what was known at an earlier
time is told as it was. What can't be proven to be the same waits for HR.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt
from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, StoredCompletion, claim_id
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.learner_names import remembered
from lms_sync.model.log import Before, DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms, former_keys, learner_hash
from lms_sync.model.stored.facts import LINK
from lms_sync.operations.pull.readings import ItemRead
from lms_sync.operations.pull.rekey import Renamed, SeenKey, renamed
from lms_sync.sources.pull import READER_RULES, Pull
from lms_sync.store.known.people_decided import by_whole_id, claim_decisions
from lms_sync.store.known.readers import rename_readers
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.known.who_is_who import end_link, read_links, record_link
from lms_sync.store.store import Store

KIND = "read by"
"""Of the facts in the store: source → the reader's rules by which all that is stored of it was read."""
BY = "lms-sync"
WHY = "the record has another key since the program's rules changed"


@dataclass(frozen=True, slots=True)
class KnownAgain:
    """What became of the keys of one source tonight."""

    records: frozenset[str]
    """Those that evidence has moved to."""
    lost: frozenset[str]
    """Stored records that files of the last pull showed, and of which nobody can tell what they are called now."""


NOTHING = KnownAgain(frozenset(), frozenset())


def know_again(
    store: Store,
    pull: Pull,
    seen: Sequence[ItemRead],
    pseudonyms: Pseudonyms,
    *,
    now: datetime,
) -> KnownAgain:
    """Move what is stored of a source to the keys that its items have tonight; `seen` is what it says.

    The caller holds the transaction. Everything moves a moment before `now`, at which the pull may correct it.
    """
    other_rules = read_by(store, pull.source) != READER_RULES
    if not (other_rules or any(read.item.former for read in seen)):
        return NOTHING
    stored = store.evidence.completions(pull.source)
    if not stored:
        return NOTHING
    keys = [key for read in seen if (key := _seen_key(read.item, read.reading, pseudonyms)) is not None]
    found = renamed(stored, keys, by_place=other_rules)
    before = _spoken_before(store, pull)
    if found.records:
        _Move(store, pull.source, pseudonyms, found, now).all([c for c in stored if c.record in found.records])
    present = {key.record for key in keys} | found.records.keys()
    live = {completion.record for completion in stored} - store.evidence.accepted_absences(pull.source)
    lost = (live & before) - present if other_rules and pull.export == "cumulative" and not pull.failed else set()
    return KnownAgain(frozenset(found.records.values()), frozenset(lost))


def note_rules(store: Store, pull: Pull, *, now: datetime) -> None:
    """Record by which rules all of a source was read; nothing after a pull that could not read all of it."""
    if not pull.failed:
        store.facts.put(KIND, pull.source, {"rules": READER_RULES}, now=now)


def read_by(store: Store, source: str) -> str:
    """Return the reader's rules by which all that is stored of a source was read; empty where nobody knows."""
    return str(store.facts.read(KIND).get(source, {}).get("rules", ""))


def _spoken_before(store: Store, pull: Pull) -> frozenset[str]:
    """Return the records that the files showed as they were last read; of those that are read tonight only."""
    skipped = {file.fingerprint for file in pull.skipped}
    files = (file for file in store.evidence.files(pull.source) if file.fingerprint not in skipped)
    return frozenset().union(*(file.records.each for file in files))


def _seen_key(item: Item, reading: Reading, pseudonyms: Pseudonyms) -> SeenKey | None:
    record = getattr(reading, "record", "")
    if not record:
        return None
    learner = ""
    if isinstance(item.reading, Completion | NotDone):
        learner = learner_hash(item.reading.source, item.reading.learner.key, pseudonyms)
    return SeenKey(record, learner, former_keys(item, pseudonyms), item.origin)


@dataclass(frozen=True, slots=True)
class _Move:
    """Moves what is stored of one source."""

    store: Store
    source: str
    pseudonyms: Pseudonyms
    found: Renamed
    now: datetime

    def all(self, completions: Sequence[Completion]) -> None:
        """Move the completions, and all that was decided about them and their learners."""
        moment = self.now - timedelta(microseconds=1)
        self._completions(completions, moment)
        self._claims(completions, moment)
        self._doubts(moment)
        self._learners(moment)
        renaming = self.store.renaming(self.source)
        renaming.absences(self.found.records, now=moment)
        renaming.files(self.found.records)
        rename_readers(self.store, self.source, self.found.learners, now=moment)

    def _completions(self, completions: Sequence[Completion], moment: datetime) -> None:
        """End what stands under old keys, and let it stand under the new ones; what stands there already stays."""
        items = self.store.renaming(self.source).item_ids()
        there = set(items)
        versions: dict[str, list[StoredCompletion]] = defaultdict(list)
        for old in completions:
            new = self._renamed(old)
            self.store.evidence.end_all([old], reason="corrected", now=moment)
            if (new.record, new.day) not in there:
                there.add((new.record, new.day))
                versions[new.record].append(StoredCompletion(new, items[old.record, old.day]))
        for same in versions.values():  # a record's versions need an instant each
            for number, version in enumerate(same):
                self.store.evidence.add([version], now=moment - timedelta(microseconds=number))

    def _renamed(self, old: Completion) -> Completion:
        learner = self.found.learners.get(old.learner.key, old.learner.key)
        record = self.found.records.get(old.record, old.record)
        return replace(old, record=record, learner=Learner(old.source, learner))

    def _claims(self, completions: Iterable[Completion], moment: datetime) -> None:
        decisions = by_whole_id(claim_decisions(self.store.findings, self.store.facts), completions)
        for old in completions:
            was, new_id = claim_id(old), claim_id(self._renamed(old))
            self.store.renaming(self.source).finding(was, new_id)
            if was in decisions and new_id not in decisions:
                self._decide(decisions[was], new_id, moment)

    def _decide(self, was: ClaimDecision, new_id: str, moment: datetime) -> None:
        decision = replace(was, claim_id=new_id)
        self.store.findings.decide(decision, now=moment)
        verdict = "accepted" if decision.accepted else "refused"
        after = {"verdict": verdict, "decided_on": decision.decided_on.isoformat(), "reason": decision.reason}
        # The program logs that it moved, and not that it decided.
        after |= {"decided_by": decision.decided_by, "person_name": decision.person_name}
        after |= {"training_day": decision.training_day.isoformat()} if decision.training_day else {}
        before = {**after, "claim": was.claim_id}
        self.store.audit.add(DecisionKind.CLAIM, new_id, self._author, before=before, after=after)

    @property
    def _author(self) -> Author:
        return Author(BY, WHY, self.now)

    def _doubts(self, moment: datetime) -> None:
        """Move the questions, open and decided ones: their ids, and what HR said, stay."""
        for key, doubt in DOUBTS.read(self.store).items():
            if doubt.source == self.source and doubt.record in self.found.records:
                DOUBTS.end(self.store, key, now=moment)
                moved = self._renamed_doubt(doubt)
                DOUBTS.put(self.store, joined(*moved.key), moved, now=moment)

    def _renamed_doubt(self, doubt: Doubt) -> Doubt:
        return replace(
            doubt,
            record=self.found.records[doubt.record],
            learner=self.found.learners.get(doubt.learner, doubt.learner),
            instead=self._renamed(doubt.instead) if doubt.instead else None,
        )

    def _learners(self, moment: datetime) -> None:
        """Let identifiers, names, links and *no*s of learners stand under their new keys too.

        A learner of whom nothing stands under the old key any more ends, so that nobody takes the two for two people.
        """
        known = {
            learner.learner: learner for learner in self.store.evidence.learners() if learner.source == self.source
        }
        moving = {old: new for old, new in self.found.learners.items() if old in known}
        renamed_ones = [replace(known[old], learner=new) for old, new in moving.items()]
        for learner in renamed_ones:
            there = known.get(learner.learner)
            known[learner.learner] = remembered(learner, there, self.pseudonyms) if there else learner
        fresh = [known[new] for new in dict.fromkeys(moving.values())]
        self.store.evidence.see_learners(self.source, fresh, self.pseudonyms, now=moment)
        remaining = {completion.learner.key for completion in self.store.evidence.completions(self.source)}
        gone = moving.keys() - remaining
        self.store.renaming(self.source).end_learners(gone, now=moment)
        self._links(moving, gone, moment)

    def _links(self, moving: Mapping[str, str], gone: Iterable[str], moment: datetime) -> None:
        links = {link.learner: link for link in read_links(self.store) if link.source == self.source}
        for old, new in moving.items():
            if old not in links or new in links:
                continue
            moved = replace(links[old], learner=new)
            record_link(self.store, moved, now=moment)
            self._logged_link(new, before=None, after=LINK.plain(moved))
            if old in gone:
                end_link(self.store, self.source, old, now=moment)
                self._logged_link(old, before=LINK.plain(links[old]), after=None)

    def _logged_link(self, learner: str, *, before: Before, after: Before) -> None:
        subject = f"{self.source}:#{learner[:8]}"
        self.store.audit.add(DecisionKind.LINK, subject, self._author, before=before, after=after)
