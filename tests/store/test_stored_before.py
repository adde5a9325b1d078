"""What was stored before tonight is read only where somebody's judgement is asked for, and then as it is stored."""

from datetime import date
from pathlib import Path

from sqlalchemy import event

from lms_sync.store.judgements import StoredJudgement
from lms_sync.store.known.stored_before import StoredBefore
from tests.store.opened_store import opened

DAY = date(2026, 11, 23)


def test_judgements_are_read_once_and_not_before_one_is_asked_for(url: str, tmp_path: Path) -> None:
    stored = {f"p{number}": StoredJudgement(DAY, "f", bytes([number]) * number) for number in range(1, 40)}
    statements: list[str] = []
    with opened(url) as store, store.transaction():
        store.judgements.replace(stored.items())
        event.listen(store.connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        before = StoredBefore(store.judgements, stored, tmp_path)
        assert ("p1" in before, "p40" in before, len(before), [*before]) == (True, False, 39, [*stored])
        assert before.keys() - {"p2"} == stored.keys() - {"p2"}
        assert statements == []
        assert {person_id: before[person_id] for person_id in before} == {
            i: kept.packed for i, kept in stored.items()
        }
        assert len(statements) == 1
