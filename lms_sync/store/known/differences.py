"""The log of decisions and the database, held against each other both ways; where they differ the safe side holds.

A link, a *no*, a merge, an answer, a hold, a decision about a claim or a doubt, a filed document, a release and an
accepted drop count only as the log tells them.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date

from lms_sync.model.dispute import Difference, Key, Payload
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.audit import KeyedHash
from lms_sync.store.known.agreed import Agreed, agreed_before, forget
from lms_sync.store.known.in_force import Subject, as_told_before, decisions_in_force
from lms_sync.store.known.logged import (
    CheckedLog,
    Logged,
    Mark,
    baseline_due,
    digest_of,
    logged,
    mark_of,
    marked,
    troubles,
)
from lms_sync.store.store import Store

_ONE_WAY = (DecisionKind.DOUBT, DecisionKind.DROP)
"""What also ends by itself, when the source answers: that it no longer counts is no difference."""
_OF_VERDICT = 2
"""So many parts name the verdict about a doubt: finding and record. More of them name what it was about."""
_LAST_ANSWER = "differences"
"""Where a connection keeps what the answer rested on, and the answer."""
_WORDS = "words of the log"
"""Where a connection keeps the log's head and a hash of its words, as they were when it was compared last."""


def differences(
    entries: Sequence[LogEntry], state: Mapping[Subject, Payload], keyed_hash: KeyedHash
) -> tuple[Difference, ...]:
    """Return where the log and the state differ, and what is wrong with the log itself. Pure.

    Until an upgrade has written its baseline, what no entry speaks of is no difference: the baseline is to cover it.
    """
    log = CheckedLog.of(entries, keyed_hash)
    by_log = logged(log, keyed_hash)
    stored = {mark_of(subject, keyed_hash): (subject[1], payload) for subject, payload in state.items()}
    whole = frozenset(says.key[:_OF_VERDICT] for (kind, _), says in by_log.items() if _tells_doubt(kind, says))
    found = [
        difference
        for mark in sorted(by_log.keys() | stored.keys())
        if (difference := _compared(mark, by_log.get(mark), stored.get(mark), keyed_hash))
        and not (difference.number == 0 and (baseline_due(entries) or _never_told(difference, whole)))
        and not _gone_with_a_purge(difference, by_log.get(mark), entries)
    ]
    of_the_log = [
        Difference(DecisionKind.DIFFERENCE, sentence, stored_digest=keyed_hash("trouble", sentence))
        for sentence in troubles(log, keyed_hash)
    ]
    return (*of_the_log, *found)


def _compared(
    mark: Mark, by_log: Logged | None, stored: tuple[Key, Payload] | None, keyed_hash: KeyedHash
) -> Difference | None:
    kind, name = mark
    says, has = by_log.digest if by_log else "", digest_of(stored[1], keyed_hash) if stored else ""
    if says == has or (kind in _ONE_WAY and not has):
        return None
    if says and stored and says == digest_of(as_told_before(kind, stored[1]), keyed_hash):
        return None
    return Difference(
        kind,
        name,
        key=stored[0] if stored else by_log.key if by_log else (),
        logged=by_log.payload if by_log else None,
        stored=stored[1] if stored else None,
        logged_digest=says,
        stored_digest=has,
        number=by_log.number if by_log else 0,
    )


def _tells_doubt(kind: DecisionKind, says: Logged) -> bool:
    """Tell whether the log says what a decision about a doubt that counts was about, and not only the verdict."""
    return kind is DecisionKind.DOUBT and len(says.key) > _OF_VERDICT and bool(says.digest)


def _never_told(difference: Difference, whole: Container[Key]) -> bool:
    """Tell whether it is what a doubt is about, where entries of earlier versions told the verdict only."""
    key = difference.key
    return difference.kind is DecisionKind.DOUBT and len(key) > _OF_VERDICT and key[:_OF_VERDICT] not in whole


def _gone_with_a_purge(difference: Difference, by_log: Logged | None, entries: Sequence[LogEntry]) -> bool:
    """Tell whether a purge of an earlier version explains that the state lacks something, which it did not tell."""
    if difference.stored_digest or by_log is None:
        return False
    purges = (e for e in entries if e.kind == DecisionKind.PURGE and not e.mac and e.number > by_log.number)
    return any(by_log.day <= entry.at.date() for entry in purges)


def read_differences(store: Store) -> tuple[Difference, ...]:
    """Return where the log and the database differ now; nothing for a store that was opened without the key.

    Asked again while not a word of the log and of what is in force is other than before, it answers as before; and
    as an earlier run did, where what that remembered is recalled (`agreed`).
    """
    return _differences_by(store, _words_now)


def read_differences_again(store: Store) -> tuple[Difference, ...]:
    """Return what `read_differences` does, later in a night that has asked before: what is in force is read anew.

    The log's words count as they were compared then, while it has no new entry.
    """
    return _differences_by(store, words_compared)


def _differences_by(store: Store, words: Callable[[Store], str]) -> tuple[Difference, ...]:
    if store.keyed_hash is None:
        return ()
    in_force = decisions_in_force(store)
    rests_on = _resting_on(words(store), in_force, store.keyed_hash)
    rested_on, found = _last_answer(store)
    if rested_on != rests_on:
        before = agreed_before(store)
        agree = before is not None and before.covers(rests_on, store.keyed_hash)
        found = () if agree else differences(store.audit.entries(), in_force, store.keyed_hash)
        store.connection.info[_LAST_ANSWER] = rests_on, found
    return found


def words_compared(store: Store) -> str:
    """Return the log's words as this connection compared them last; as they are now where it has added any since."""
    head, words = store.connection.info.get(_WORDS, ((), ""))
    return words if head == store.audit.head() else _words_now(store)


def rested_on(store: Store) -> str:
    """Return what this connection's last comparison rested on; as it is now where the log has grown since.

    As `differences_rest_on`: what somebody rewrites after it was compared is another state for whoever asks later.
    """
    head, _ = store.connection.info.get(_WORDS, ((), ""))
    rests_on, _ = _last_answer(store)
    same = rests_on and head == store.audit.head()
    return rests_on if same else differences_rest_on(store, words_compared(store))


def _words_now(store: Store) -> str:
    head, words = store.audit.head(), store.audit.words()
    store.connection.info[_WORDS] = head, words
    return words


def compare_anew(store: Store) -> None:
    """Have the next question of this connection compare every word, whatever was found before."""
    forget(store)
    store.connection.info.pop(_LAST_ANSWER, None)


def found_to_agree(store: Store, *, today: date) -> Agreed | None:
    """Return what this connection has compared itself and found to agree; None where it has not."""
    rests_on, found = _last_answer(store)
    before, keyed_hash = agreed_before(store), store.keyed_hash
    if keyed_hash is None or not rests_on or found or (before and before.covers(rests_on, keyed_hash)):
        return None
    return Agreed.of(today, rests_on, keyed_hash)


def _last_answer(store: Store) -> tuple[str, tuple[Difference, ...]]:
    """Return what this connection's last answer rested on, and the answer."""
    known: tuple[str, tuple[Difference, ...]] = store.connection.info.get(_LAST_ANSWER, ("", ()))
    return known


def differences_rest_on(store: Store, words: str) -> str:
    """Return a keyed hash that is another one once the log, whose words are these, or what is in force is another.

    While it is the same, `read_differences` answers the same. Of a store that was opened without the key: the words.
    """
    return _resting_on(words, decisions_in_force(store), store.keyed_hash) if store.keyed_hash else words


def _resting_on(words: str, in_force: Mapping[Subject, Payload], keyed_hash: KeyedHash) -> str:
    return keyed_hash("log and state", f"{words} {in_force!r}")


def unspoken(store: Store) -> dict[str, dict[str, str]] | None:
    """Return what an earlier version left and no entry speaks of, as a baseline keeps it.

    None where no baseline is due: nothing was decided before this version, or one was written.
    """
    first, keyed_hash = store.audit.first(), store.keyed_hash
    if keyed_hash is None or (first is not None and first.mac):  # as `baseline_due` has it, without reading the log
        return None
    entries = store.audit.entries()
    if not baseline_due(entries):
        return None
    by_log = logged(CheckedLog.of(entries, keyed_hash), keyed_hash)
    state = decisions_in_force(store)
    found = {subject: payload for subject, payload in state.items() if mark_of(subject, keyed_hash) not in by_log}
    return marked(found, keyed_hash) if entries or found else None


def in_force_now(store: Store) -> dict[str, dict[str, str]]:
    """Return what a purge's entry keeps of all that counts after it; empty without the identity key."""
    return marked(decisions_in_force(store), store.keyed_hash) if store.keyed_hash else {}


def disputed(found: Sequence[Difference], kind: DecisionKind) -> frozenset[Key]:
    """Return the keys of one kind of which log and state differ."""
    return frozenset(difference.key for difference in found if difference.kind is kind and difference.key)


def agreed_absences(store: Store, source: str) -> frozenset[str]:
    """Return the records that a person agreed are missing from a source, as far as the log tells of it."""
    accepted = store.evidence.accepted_absences(source)
    if not accepted:
        return accepted
    doubtful = disputed(read_differences(store), DecisionKind.DROP)
    return frozenset(record for record in accepted if (source, record) not in doubtful)
