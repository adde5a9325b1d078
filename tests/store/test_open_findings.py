"""Findings: new once, cleared when they are gone, known again under a former code."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from lms_sync.model.finding import FORMER_CODES, Area, Finding
from lms_sync.store.schema import finding
from tests.store.opened_store import FINDING, T0, T1, T2, opened


def test_a_finding_is_new_once_and_cleared_when_it_is_looked_for_and_gone(url: str) -> None:
    with opened(url) as store, store.transaction():
        assert store.findings.see({"file a": [FINDING]}, now=T0) == (FINDING,)
        assert store.findings.see({"file a": [FINDING]}, now=T1) == ()
        assert store.findings.see({"file b": []}, now=T1) == (), "another scope says nothing about this one"
        (waiting,) = store.findings.open()
        assert (waiting.finding, waiting.first_seen) == (FINDING, T0)
        store.findings.see({"file a": []}, now=T2)
        assert store.findings.open() == ()
        assert store.findings.see({"file a": [FINDING]}, now=T2) == (FINDING,), "it came back, so it is news"


@pytest.mark.parametrize(("now", "before"), FORMER_CODES.items())
def test_what_waits_under_a_former_code_is_not_reported_as_new(url: str, now: str, before: str) -> None:
    renamed = Finding(Area.ROSTER, now, "roster.xlsx, People!F2", "the cell is blank", "SRO or other", "Decide.")
    first = datetime(2026, 11, 1, tzinfo=UTC)
    with opened(url) as store, store.transaction():
        store.findings.see({"roster": [renamed]}, now=first)
        row = store.connection.execute(select(finding)).one()
        as_stored = {name: value for name, value in row.payload.items() if name != "subject"}
        former = {"finding_id": "708dde56", "payload": {**as_stored, "code": before}}
        store.connection.execute(update(finding).values(**former))

        assert store.findings.see({"roster": [renamed]}, now=first + timedelta(days=1)) == ()

        (waiting,) = store.findings.open()
        assert (waiting.finding.code, waiting.first_seen) == (now, first)


def test_what_waits_is_told_by_scope_and_by_code_alone(url: str) -> None:
    first, second = (Finding(Area.SOURCE, code, "a.csv", "x", "y", "z") for code in ("no-day", "no-course"))
    with opened(url) as store, store.transaction():
        store.findings.see({"file b": [first], "file a": [second], "file c": []}, now=T0)
        assert store.findings.open_scopes() == ("file a", "file b")
        assert store.findings.open_of("no-day") == (first.id,)
        store.findings.see({"file b": []}, now=T1)
        assert store.findings.open_scopes() == ("file a",)
        assert store.findings.open_of("no-day") == ()


def test_what_is_told_without_reading_all_that_waits_is_what_all_of_it_tells(url: str) -> None:
    seen = [
        Finding(area, code, f"{code} {number}", "x", "y", "z", blocks=number == 2)
        for area in (Area.SOURCE, Area.ROW)
        for code in ("no-day", "report-not-made")
        for number in range(3)
    ]
    with opened(url) as store, store.transaction():
        store.findings.see({"file a": seen}, now=T0)
        store.findings.see({"file b": [FINDING]}, now=T0)
        store.findings.see({"file b": []}, now=T1)
        waiting = [waits.finding for waits in store.findings.open()]
        assert store.findings.by_area() == Counter(found.area.value for found in waiting) == {"row": 6, "source": 6}
        in_the_way = store.findings.in_the_way(["report-not-made"])
        assert in_the_way == tuple(f for f in waiting if f.blocks or f.code == "report-not-made")
        assert len(in_the_way) == 8
