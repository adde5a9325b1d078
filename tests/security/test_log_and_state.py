"""Issue 13, line 2: the log of decisions and the database agree. The attacks stand in attacks/log_and_state.toml."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from sqlalchemy import text

from lms_sync.model.agreement import FiledDocument, Hold, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.links import Link, Merge, NameAnswer
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.stored.facts import LINK, MERGE, NAME_ANSWER
from lms_sync.operations.agreed.baseline import write_baseline
from lms_sync.operations.agreed.put_back import put_back
from lms_sync.operations.agreed.status import difference_findings
from lms_sync.store.audit import broken, chain, hash_payload, mac_of
from lms_sync.store.known.differences import (
    agreed_absences,
    differences_rest_on,
    disputed,
    in_force_now,
    read_differences,
)
from lms_sync.store.known.logged import ENTRIES, IN_FORCE
from lms_sync.store.known.people_decided import record_answer
from lms_sync.store.known.registers import DOCUMENTS, DOUBTS, HOLDS, joined
from lms_sync.store.known.safe_side import believed, believed_decisions, believed_doubts, without_disputed
from lms_sync.store.known.snapshot import read_people_decisions, read_roster
from lms_sync.store.known.who_is_who import read_links, read_merges, record_link, record_merge
from lms_sync.store.purge import Purging
from lms_sync.store.store import Opening, Store, open_store

ATTACKS = tomllib.loads((Path(__file__).parent / "attacks" / "log_and_state.toml").read_text(encoding="utf-8"))
SEAL, DAY = Pseudonyms(b"k" * 32), date(2026, 11, 1)
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
KIM = Author("Kim", "so decided", AT)


@contextmanager
def opened(*, hashed: bool = True) -> Iterator[Store]:
    with open_store("sqlite://", Opening("d", SEAL.check, AT, keyed_hash=SEAL.of if hashed else None)) as store:
        yield store


def decide(store: Store, *, log: bool = True) -> None:
    """Make a decision of each kind, as the acts do; without `log` as before there was one."""

    def tell(kind: DecisionKind, subject: str, after: dict[str, Any] | None, before: Any = None) -> None:
        if log:
            author = KIM if after else replace(KIM, at=LATER)  # as whoever takes back what counted
            store.audit.add(kind, subject, author, before=before, after=after)

    with store.transaction():
        for learner, person in (("l1", "7"), ("l2", "")):
            link = Link(
                "vendor", learner, person, () if person else ("7",), "x, Ann Roe", "Kim", DAY, "x", "Roe, Ann"
            )
            record_link(store, link, now=AT)
            tell(DecisionKind.LINK, f"vendor:{learner}", LINK.plain(link))
        merge = Merge("70", "7", (), (), (), "Kim", DAY, "x", "Roe, Ann")
        record_merge(store, merge, now=AT)
        tell(DecisionKind.MERGE, "70", MERGE.plain(merge))
        answer = NameAnswer("7", "Roe, Ann", "Poe, Ann", same=False, by="Kim", on=DAY, reason="x")
        record_answer(store.facts, answer, now=AT)
        tell(DecisionKind.NAME, "7", NAME_ANSWER.plain(answer))
        hold = Hold("7", "a lawsuit", "Kim", DAY)
        HOLDS.put(store, "7", hold, now=AT)
        tell(DecisionKind.HOLD, "7", HOLDS.plain(hold))
        for name in ("D1", "D2"):
            file = KeptFile("0" * 64, "letter.pdf", "application/pdf", 9)
            filed = FiledDocument(name, ("7",), ("classroom",), "verified", "ESD 900", DAY, "88", file, "Kim", DAY)
            DOCUMENTS.put(store, name, filed, now=AT)
            tell(DecisionKind.DOCUMENT, name, DOCUMENTS.plain(filed))
        DOCUMENTS.end(store, "D2", now=LATER)
        tell(DecisionKind.DOCUMENT, "D2", None, DOCUMENTS.plain(filed))
        verdict = ClaimDecision("c1", accepted=False, reason="so decided", decided_by="Kim", decided_on=DAY)
        store.findings.decide(verdict, now=AT)
        tell(DecisionKind.CLAIM, "c1", {"verdict": "refused", "decided_on": "2026-11-01", "reason": "so decided"})
        store.deliveries.release("quarry", ["chief@q.example"], author=KIM)
        tell(DecisionKind.RELEASE, "quarry", {"addresses": ["chief@q.example"]})
        store.evidence.accept_absences("vendor", ["r1"], by="Kim", now=AT)
        tell(DecisionKind.DROP, "vendor", {"records": ["r1"]})
        doubt = Doubt("vendor", "r2", DAY, DoubtCause.NOT_DONE, "l1", "c", "C", DAY, AT, finding_id="f1")
        DOUBTS.put(store, joined(*doubt.key), doubt, now=AT)


@cache
def _decided() -> bytes:
    """Return the database after those decisions, made once a process."""
    with opened() as store:
        decide(store)
        return raw(store).serialize()


@contextmanager
def after_decisions() -> Iterator[Store]:
    """Yield a store of its own in which a decision of each kind was made and logged."""
    with opened() as store:
        raw(store).deserialize(_decided())
        yield store


def raw(store: Store) -> Connection:
    connection = store.connection.connection.driver_connection
    assert isinstance(connection, Connection)
    return connection


def attacked(store: Store, statements: list[str]) -> None:
    with store.transaction():
        for statement in statements:
            store.connection.execute(text(statement.replace(":", r"\:") if "json(" in statement else statement))


def test_13_2_what_was_decided_and_logged_agrees() -> None:
    with after_decisions() as store:
        assert read_differences(store) == ()


@pytest.mark.parametrize("attack", ATTACKS["attack"], ids=lambda attack: attack["name"])
def test_13_2_each_change_of_the_state_or_the_log_is_a_difference(attack: dict[str, Any]) -> None:
    with after_decisions() as store:
        rested_on = differences_rest_on(store, store.audit.words())
        attacked(store, attack["sql"])
        found = read_differences(store)
        assert differences_rest_on(store, store.audit.words()) != rested_on
    assert [one.kind.value for one in found] == attack["kinds"]
    assert any(attack["words"] in str(one) for one in found)
    findings = difference_findings(found)
    assert {finding.code for finding in findings} == {
        "log-broken" if k == "difference" else "log-differs" for k in attack["kinds"]
    }
    assert len({finding.id for finding in findings}) == len(found)


@pytest.mark.parametrize("attack", ATTACKS["attack"], ids=lambda attack: attack["name"])
def test_13_2_what_the_log_says_is_put_back(attack: dict[str, Any]) -> None:
    with after_decisions() as store:
        attacked(store, attack["sql"])
        later = replace(KIM, at=AT + timedelta(hours=1))
        for _ in range(2):  # what is kept under two keys is put back one after the other
            for difference in read_differences(store):
                if not difference.about_the_log:
                    with store.transaction():
                        put_back(store, difference, later)
                        after = {"kind": difference.kind.value, "mark": difference.mark}
                        after |= {"digest": difference.logged_digest}
                        store.audit.add(DecisionKind.DIFFERENCE, difference.id, later, before=None, after=after)
                    later = replace(later, at=later.at + timedelta(minutes=1))
        assert [str(one) for one in read_differences(store) if not one.about_the_log] == []


def test_13_2_a_decided_doubt_that_ends_by_itself_is_no_difference() -> None:
    with after_decisions() as store:
        ((name, doubt),) = DOUBTS.read(store).items()
        with store.transaction():
            DOUBTS.put(store, name, replace(doubt, verdict=Verdict.KEEP), now=LATER)
            after = {"verdict": "keep", "records": ["r2"]}
            store.audit.add(DecisionKind.DOUBT, "f1", replace(KIM, at=LATER), before=None, after=after)
        assert read_differences(store) == ()
        with store.transaction():  # the source answers: no act, and so no entry
            DOUBTS.end(store, name, now=LATER + timedelta(days=1))
        assert read_differences(store) == ()
        with store.transaction():
            author = replace(KIM, at=LATER + timedelta(days=2))
            store.audit.add(DecisionKind.BASELINE, "a later entry", author, before=None, after={})
        assert read_differences(store) == ()


def test_13_2_until_a_person_has_decided_nothing_of_it_counts() -> None:
    with after_decisions() as store:
        attacked(
            store,
            [
                "UPDATE decision SET verdict = 'accepted'",
                "UPDATE fact SET payload = json_set(payload, '$.by', 'x')"
                " WHERE kind IN ('link', 'merge', 'name answer')",
                "UPDATE fact SET payload = json_set(payload, '$.number', '1') WHERE kind = 'document'",
                "UPDATE fact SET payload = json_set(payload, '$.verdict', 'end') WHERE kind = 'doubt'",
                "UPDATE absence SET accepted_by = 'x'",
            ],
        )
        found = read_differences(store)
        assert believed(store.findings.decisions(), DecisionKind.CLAIM, found) == {}
        assert believed(DOCUMENTS.read(store), DecisionKind.DOCUMENT, found) == {}
        assert believed_decisions((read_links(store), read_merges(store)), found) == ([], [])
        assert [doubt.verdict.value for doubt in believed_doubts(DOUBTS.read(store).values(), found)] == [""]
        assert agreed_absences(store, "vendor") == frozenset()
        decided = read_people_decisions(store, read_roster(store))
        assert (decided.links, decided.merges, decided.answers) == ((), (), ())
        assert decided.disputed == {("vendor", "l1"), ("vendor", "l2")}
        assert without_disputed(decided, ()).disputed == frozenset()


def test_13_2_a_lost_key_is_told_as_one_cause() -> None:
    with after_decisions() as store:
        other = replace(store, keyed_hash=Pseudonyms(b"another key").of)
        assert [str(one) for one in read_differences(other) if one.about_the_log] == [
            "no entry's code fits the identity key: the key file is another one than the log was written with"
        ]


def test_13_2_an_upgrade_writes_one_baseline_that_covers_only_what_no_entry_speaks_of() -> None:
    with opened(hashed=False) as early:
        decide(early, log=False)
        store = replace(early, keyed_hash=SEAL.of)
        assert read_differences(store) == ()
        for _ in range(2):
            write_baseline(store, now=LATER)
        assert [entry.kind for entry in store.audit.entries()] == ["baseline"]
        assert read_differences(store) == ()
        attacked(store, ["UPDATE decision SET verdict = 'accepted'", "DELETE FROM fact WHERE kind = 'hold'"])
        assert sorted(one.kind.value for one in read_differences(store)) == ["claim", "hold"]
        text_of_it = str(store.audit.entries()[0].payload)
    assert "chief@q.example" not in text_of_it
    assert "Roe" not in text_of_it


def test_13_2_differences_to_entries_of_earlier_versions_are_shown_and_no_baseline_covers_them() -> None:
    with opened(hashed=False) as early:
        decide(early)
        attacked(early, ["UPDATE decision SET verdict = 'accepted'"])
        store = replace(early, keyed_hash=SEAL.of)
        assert [one.kind.value for one in read_differences(store)] == ["claim"]
        write_baseline(store, now=AT)
        assert [one.kind.value for one in read_differences(store)] == ["claim"]
        assert disputed(read_differences(store), DecisionKind.CLAIM) == {("c1",)}


def test_13_2_an_entry_after_the_baseline_without_a_code_is_a_difference() -> None:
    with opened(hashed=False) as early:
        decide(early)
        store = replace(early, keyed_hash=SEAL.of)
        write_baseline(store, now=AT)
        with store.transaction():  # somebody who knows how the chain is made, and not the key
            forged = early.audit.add(
                DecisionKind.RELEASE, "quarry", KIM, before=None, after={"addresses": ["stranger@evil.example"]}
            )
            store.deliveries.release("quarry", ["stranger@evil.example"], author=KIM)
        assert broken(store.audit.entries()) == ()
        assert (forged.hash, forged.payload_hash) == (chain(forged), hash_payload(forged.payload))
        assert [one.kind.value for one in read_differences(store)] == ["difference", "release"]


def test_13_2_a_tombstone_is_believed_only_if_a_later_purge_covers_it() -> None:
    with after_decisions() as store:
        numbers = [entry.number for entry in store.audit.entries()]
        with store.transaction():
            Purging(store.connection, "d").tombstone(numbers, DAY)
        assert len([one for one in read_differences(store) if one.about_the_log]) == len(numbers)
        with store.transaction():
            after = {"before": "2026-11-02", "counts": {}, ENTRIES: numbers, IN_FORCE: in_force_now(store)}
            store.audit.add(DecisionKind.PURGE, "2026-11-02", KIM, before=None, after=after)
        assert read_differences(store) == ()
        attacked(store, ["UPDATE decision SET verdict = 'accepted'", "DELETE FROM release"])
        assert sorted(one.kind.value for one in read_differences(store)) == ["claim", "release"]


def test_13_2_a_purge_of_an_earlier_version_covers_what_is_older_than_its_day() -> None:
    with opened(hashed=False) as early:
        decide(early)
        with early.transaction():
            Purging(early.connection, "d").tombstone([1, 2], DAY)
            early.audit.add(
                DecisionKind.PURGE,
                "2026-11-02",
                replace(KIM, at=AT + timedelta(days=1)),
                before=None,
                after={"before": "2026-11-02", "counts": {}},
            )
        store = replace(early, keyed_hash=SEAL.of)
        assert read_differences(store) == ()
        write_baseline(store, now=AT + timedelta(days=2))
        assert read_differences(store) == ()


def test_13_2_each_entry_carries_a_code_under_the_identity_key() -> None:
    with after_decisions() as store:
        entries = store.audit.entries()
        assert entries
        assert all(entry.mac == mac_of(entry.hash, SEAL.of) for entry in entries)
