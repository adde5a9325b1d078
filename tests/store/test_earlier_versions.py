"""What earlier versions stored is read back: each kind of payload in each shape that was ever written."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select

from lms_sync.agreements.clause_c.codes import verification_code
from lms_sync.agreements.clause_c.intact import digest_of, record_troubles
from lms_sync.agreements.review.record import read_recorded
from lms_sync.errors import ConfigError
from lms_sync.law.yearly import load_yearly, parse_yearly
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import Issued
from lms_sync.model.stored import facts
from lms_sync.model.stored.judgement import CLAUSE, REPORT
from lms_sync.model.stored.log_payload import ISSUE
from lms_sync.model.stored.pulled import FINDING
from lms_sync.sources.canvas.memory import recall
from lms_sync.store import store as store_module
from lms_sync.store.known.registers import DOCUMENTS, REQUESTS
from lms_sync.store.known.snapshot import (
    ShippedLaw,
    read_map,
    read_roster,
    read_snapshot,
    read_yearly,
    record_program,
)
from lms_sync.store.migrations.upgrade import known_revisions, newest, present_revision, upgrade
from lms_sync.store.purge import LOOKED_AT, Purging
from lms_sync.store.schema import metadata
from tests.postgresql import Server
from tests.store.earlier_databases import (
    LATER,
    PSEUDONYMS,
    REVISIONS,
    VERSIONS,
    WITH_DOCUMENTS,
    WITH_LOG,
    brought_up_to_date,
    earlier,
    earlier_on_server,
    written,
)

every_version = pytest.mark.parametrize("version", VERSIONS)


@every_version
def test_its_database_is_brought_up_to_date(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        tables = inspect(store.connection)
        for table in metadata.tables.values():
            names = [column["name"] for column in tables.get_columns(table.name)]
            assert sorted(names) == sorted(column.name for column in table.columns), table.name
        assert store.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest()


def test_a_migration_that_stops_before_its_end_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(connection: Connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    path = written(WITH_DOCUMENTS, tmp_path)
    before = dumped(path)
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "upgrade", stopped)
        with pytest.raises(KeyboardInterrupt), brought_up_to_date(path):
            pass
    assert dumped(path) == before
    with brought_up_to_date(path) as store:
        assert present_revision(store.connection) == newest()


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_database_of_each_schema_is_kept() -> None:
    """Who adds a revision keeps a database as the one before left it."""
    assert set(known_revisions()[:-1]) <= set(REVISIONS.values())


@pytest.mark.slow
@pytest.mark.parametrize("version", REVISIONS)
def test_a_servers_database_is_brought_up_to_what_sqlite_is_brought_up_to(
    version: str, tmp_path: Path, postgresql: Server
) -> None:
    with earlier(version, tmp_path) as here, earlier_on_server(version, tmp_path, postgresql.empty()) as there:
        assert present_revision(there.connection) == newest()
        for table in metadata.sorted_tables:
            query = select(table).order_by(*table.primary_key.columns)
            rows = [sorted(map(repr, store.connection.execute(query))) for store in (here, there)]
            assert rows[0] == rows[1], table.name
        names = {index["name"] for index in inspect(there.connection).get_indexes("delivery")}
        assert "ix_delivery_of_report" in names
        assert (read_roster(there), read_map(there)) == (read_roster(here), read_map(here))


@every_version
def test_its_roster_and_its_map_are_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        roster, course_map = read_roster(store), read_map(store)
    assert set(roster.partners) == {"acso", "fpd", "fsd", "nps"}
    assert len(roster.agreements) == 3
    assert {person.staff_class for person in roster.people.values()} >= {None, "SRO"}
    assert [person.clock.starts for person in roster.people.values() if person.clock]
    assert {assignment.agreement_id is None for assignment in roster.assignments} == {True, False}
    assert course_map.version
    assert {row.decided_on is None for row in course_map.rows} == {True, False}
    assert {offering.ends is None for offering in course_map.offerings} == {True, False}


@every_version
def test_its_evidence_is_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        completions, learners = store.evidence.completions(), store.evidence.learners()
        (file,) = [file for source in ("canvas", "district-log", "moodle") for file in store.evidence.files(source)]
    assert any(completion.attributes for completion in completions)
    assert {learner.in_clear is None for learner in learners} == {True, False}
    assert {learner.names for learner in learners} == {None}
    assert sum(file.ledger.values()) > 0
    assert file.records.each <= file.spoken.each


@every_version
def test_its_pulls_and_cursors_are_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        (moodle, _), (canvas, _) = (store.runs.pulls()[source] for source in ("moodle", "canvas"))
        memory = recall(store.runs.cursor("canvas"))
    assert moodle is not None
    assert moodle.ledger["course-participants.csv"]["added"] == 225
    assert canvas is not None
    assert canvas.ledger["course 4711"]["added"] == 42
    assert memory.classes["4711"].modules["101"].requirements == 2
    assert len(memory.classes["4711"].students) == 2
    # Of the first version: what it tells is not relied on, so everybody is asked for once more.
    assert (memory.version, memory.trusted) == (2, 0)


@every_version
def test_its_findings_are_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        waiting = store.findings.open()
    assert len(waiting) == 3
    assert {one.finding.weight for one in waiting} >= {0}
    assert {bool(one.finding.people) for one in waiting} == {True, False}


@every_version
def test_its_reports_are_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        issued = [store.reports.last(partner) for partner in ("fsd", "nps")]
    reports = [one.report for one in issued if one is not None]
    assert [report.id for report in reports] == ["fsd", "nps"]
    requirements = [one for report in reports for person in report.people for one in person.requirements]
    assert any(requirement.claims for requirement in requirements)
    assert any(requirement.credits for requirement in requirements)
    assert {requirement.met_by is None for requirement in requirements} == {True, False}


@pytest.mark.parametrize("version", WITH_LOG)
def test_its_log_is_read(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        entries = store.audit.entries()
    kinds = {"class", "assignment", "clock", "map", "release"}
    assert {entry.kind for entry in entries} >= kinds
    assert all(entry.decision.subject and entry.decision.by and entry.decision.after for entry in entries)


@every_version
def test_retention_reads_its_rows(version: str, tmp_path: Path) -> None:
    with earlier(version, tmp_path) as store:
        rows = {name: Purging(store.connection, store.district_id).rows(name) for name in LOOKED_AT}
    assert all(row.content["people"] for row in rows["report"])
    assert any(row.content["people"] for row in rows["finding"])


def test_its_filed_documents_and_requests_are_read(tmp_path: Path) -> None:
    with earlier(WITH_DOCUMENTS, tmp_path) as store:
        documents, requests = DOCUMENTS.read(store), REQUESTS.read(store)
    assert all(len(document.names) == len(document.people) for document in documents.values())
    assert [request.answered_on for request in requests.values()] == [None]


def test_an_issued_document_still_fits_its_code_and_the_log(tmp_path: Path) -> None:
    with earlier(WITH_DOCUMENTS, tmp_path) as store:
        (issued,) = store.issued.listed()
        (logged,) = [ISSUE.read(entry.decision.after) for entry in store.audit.entries() if entry.kind == "plan"]
        # Its PDF is not among the rows that were taken over: everything else of the record is whole.
        assert record_troubles(store, PSEUDONYMS) == {
            issued.number: "the PDF that is kept of it is not the one that was issued"
        }
    assert _code_of(issued) == issued.code
    assert (logged.number, logged.sha256, logged.record) == (issued.number, issued.sha256, digest_of(issued))


def _code_of(issued: Issued) -> str:
    return verification_code(
        PSEUDONYMS, issued.number, as_of=issued.as_of, known_at=issued.known_at, judgement=issued.judgement
    )


def test_what_an_issued_document_says_is_read(tmp_path: Path) -> None:
    with earlier(WITH_DOCUMENTS, tmp_path) as store:
        (issued,) = store.issued.listed()
    clause = issued.clause
    assert (clause.partner.id, clause.agreement.id, clause.as_of) == ("nps", "NPS-2026", issued.as_of)
    assert len(clause.people) == 20
    assert {person.staff_class for person in clause.people} == {"SRO", "other"} or clause.people[0].staff_class
    assert any(person.documents for person in clause.people)
    assert any(person.lacks for person in clause.people)
    people = [
        {**person, "requirements": [{**one, "doubted": None, "signed_up": []} for one in person["requirements"]]}
        for person in issued.judgement["people"]
    ]
    later = {"version": 1, "known_at": "2026-11-25T22:10:00.008000Z", "people": people}
    assert CLAUSE.plain(clause) == {**issued.judgement, **later}


def test_before_the_yearly_law_was_recorded_it_is_the_one_that_ships(tmp_path: Path) -> None:
    changed = parse_yearly(load_yearly().text.replace("Policy 4311", "Policy 4312"))
    with earlier(WITH_DOCUMENTS, tmp_path) as store:
        then = datetime(2026, 11, 25, 23, tzinfo=UTC)
        before = read_snapshot(store, then)
        assert before is not None
        assert before.yearly == read_yearly(store) == load_yearly()
        with store.transaction():
            law = ShippedLaw(before.law, changed)
            record_program(store, law, before.settings, versions={"program": "1"}, now=LATER)
        assert read_yearly(store) == changed
        assert read_yearly(store, then) == load_yearly()
        assert read_recorded(store).yearly == changed
        assert read_recorded(store, then).yearly == load_yearly()
        after = read_snapshot(store, LATER)
    assert after is not None
    assert after.yearly == changed
    assert after.law == before.law


def test_a_finding_without_a_weight_weighs_nothing() -> None:
    payload = FINDING.plain(Finding(Area.FILE, "code", "here", "x", "y", "z"))
    del payload["weight"]
    assert FINDING.read(payload).weight == 0


def test_a_document_filed_before_names_were_kept_has_none() -> None:
    file = {"sha256": "ab", "name": "a.pdf", "media_type": "application/pdf", "size": 3}
    payload = {
        **{"document_id": "D1", "people": ["E1"], "components": ["classroom"], "kind": "verified", "esd": "ESD 900"},
        **{"day": "2026-11-20", "number": "", "file": file, "filed_by": "A. Roe", "filed_on": "2026-11-21"},
    }
    document = facts.DOCUMENT.read(payload)
    assert (document.names, document.reason, document.origin, document.file.notes) == ((), "", "", ())


def test_the_first_version_logged_no_digest_of_an_issued_document() -> None:
    logged = ISSUE.read({"number": "TC-2026-0001", "sha256": "ab", "as_of": "2026-11-25", "people": ["E1"]})
    assert (logged.as_of, logged.people, logged.record) == (date(2026, 11, 25), ("E1",), None)
    assert ISSUE.read({"number": "TC-2026-0001", "sha256": "ab"}).as_of is None


@pytest.mark.parametrize(
    ("payload", "place"),
    [({"version": 2}, "version"), ({"purged": "2032-01-01"}, "as_of"), ([], "as a whole"), (None, "as a whole")],
)
def test_what_no_version_wrote_is_refused_without_its_content(payload: object, place: str) -> None:
    with pytest.raises(ConfigError, match=rf"can't read \({place}: ") as error:
        CLAUSE.read(payload)
    assert "newer version" in error.value.hint


def test_a_refusal_tells_no_content() -> None:
    report = {"id": "nps", "name": "Northpass", "agreement": None, "people": [{"name": "Roe, Jordan"}]}
    with pytest.raises(ConfigError) as error:
        REPORT.read(report)
    assert "Roe" not in str(error.value)


def test_the_database_is_copied_before_its_tables_are_changed(tmp_path: Path) -> None:
    with earlier(WITH_DOCUMENTS, tmp_path):
        pass
    (copy,) = tmp_path.glob("*-before-*")
    with closing(sqlite3.connect(copy)) as kept:
        (revision,) = kept.execute("SELECT version_num FROM alembic_version").fetchone()
    assert revision != newest()
    assert f"before-{newest()}-was-{revision}" in copy.name
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
