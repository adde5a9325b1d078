"""What earlier versions stored and this one would not: databases as they left them, cleaned by the first night."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lms_sync.demo import made_up_district
from lms_sync.files import shipped
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.agreement import Hold
from lms_sync.operations.cleaning.decide import planned_cleaning
from lms_sync.operations.cleaning.once import KIND, clean_once
from lms_sync.operations.pull.readable import hidden_text
from lms_sync.operations.retention.leavers import EVERYTHING
from lms_sync.store.kept_rows import KeptRows, Rewrite
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.purge import Purging
from lms_sync.store.store import Opening, open_store
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import read_config
from tests.postgresql import Server
from tests.store.earlier_databases import LATER, PSEUDONYMS, VERSIONS, WITH_DOCUMENTS, earlier

pytestmark = pytest.mark.slow  # whole nights by the dozen

SETTINGS = Path(made_up_district.__file__).with_name("lms_sync.toml").read_text(encoding="utf-8")
NEWEST = WITH_DOCUMENTS
STRANGER = "f" * 32
MENTOR, SSN = "Vexley Thorncastle", "123 45 6789"
ATTRIBUTES = {"experienced_officer": MENTOR, "hours": "6"}


@contextmanager
def opened(folder: Path, version: str = NEWEST, settings: str = SETTINGS) -> Iterator[Workspace]:
    """Open a version's database as this version's workspace, with the demo's layouts."""
    (folder / "lms_sync.toml").write_text(settings, encoding="utf-8")
    shutil.copytree(shipped("mappings") / "layouts", folder / "mappings" / "layouts", dirs_exist_ok=True)
    with earlier(version, folder) as store:
        carrier = FolderCarrier(folder / "outbox", lambda: LATER)
        yield Workspace(read_config(folder), store, PSEUDONYMS, carrier, lambda: LATER, lambda: "1")


def rows(workspace: Workspace, name: str) -> dict[Any, Mapping[str, Any]]:
    return dict(KeptRows(workspace.store.connection, workspace.store.district_id).rows(name))


def headings(workspace: Workspace, source: str) -> set[str]:
    return {
        heading for _, row in rows(workspace, "item").items() if row["source"] == source for heading, _ in row["text"]
    }


def as_a_strangers(workspace: Workspace) -> tuple[Any, Any]:
    """Let what is stored of the log be of somebody unknown, as an earlier version would have kept it."""
    ((key, completion),) = [pair for pair in rows(workspace, "completion").items() if pair[0][0] == "district-log"]
    item = (completion["source"], completion["item_id"])
    text = [("Officer", "#0a0a0a0a"), ("Agency", "Farmouth"), ("Experienced officer", MENTOR), ("Signature", SSN)]
    changes = [
        Rewrite("completion", key, {"learner": STRANGER, "record": STRANGER, "attributes": ATTRIBUTES}),
        Rewrite("item", item, {"text": [list(pair) for pair in [*text, ("Host school", "Lincoln HS")]]}),
    ]
    with workspace.store.transaction():
        KeptRows(workspace.store.connection, workspace.store.district_id).rewrite(changes)
    return (key[0], STRANGER, *key[2:]), item


def on_the_roster(workspace: Workspace, person_id: str) -> None:
    """Let the roster have had a person whose rows are stored."""
    (person, *_) = [row["payload"] for row in rows(workspace, "fact").values() if row["kind"] == "person"]
    named = person | {"person_id": person_id, "last_name": "Adeyemi", "first_name": "Folake", "emails": []}
    with workspace.store.transaction():
        workspace.store.facts.put("person", person_id, named, now=LATER)


@pytest.mark.parametrize("version", VERSIONS)
def test_6_columns_that_no_layout_names_are_taken_out_of_a_stored_workspace(tmp_path: Path, version: str) -> None:
    with opened(tmp_path, version) as workspace:
        assert "Signature" in headings(workspace, "district-log")
        canvas = headings(workspace, "canvas")
        plan = clean_once(workspace, now=LATER)
        assert plan is not None
        assert plan.counts["item"] >= 1
        assert headings(workspace, "district-log") <= {
            *("Date", "Officer", "Person ID", "Agency", "Activity", "Experienced officer", "Host school", "Hours"),
        }
        assert headings(workspace, "canvas") == canvas
        entry = workspace.store.audit.entries()[-1]
        assert (entry.kind, entry.payload["after"]["rows"]) == ("cleaning", plan.counts)
        assert clean_once(workspace, now=LATER) is None
        assert planned_cleaning(workspace).changes == ()


def test_6_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as workspace:
        before = {name: rows(workspace, name) for name in ("item", "completion", "audit", "fact")}
        rehearsing = replace(workspace, store=replace(workspace.store, rehearsal=True))
        workspace.store.let_go()
        outer = workspace.store.connection.begin()
        plan = clean_once(rehearsing, now=LATER)
        outer.rollback()
        assert plan is not None
        assert plan.changes
        assert {name: rows(workspace, name) for name in before} == before
        again = clean_once(workspace, now=LATER)
        assert again is not None
        assert again.counts == plan.counts


def test_6_of_strangers_nothing_readable_stays_and_free_pages_are_emptied(tmp_path: Path) -> None:
    with opened(tmp_path) as workspace:
        key, item = as_a_strangers(workspace)
        clean_once(workspace, now=LATER)
        completion, stored = rows(workspace, "completion")[key], rows(workspace, "item")[item]
    mentor = hidden_text(MENTOR, PSEUDONYMS)
    assert completion["attributes"] == {"experienced_officer": mentor, "hours": "6"}
    assert dict(stored["text"]) == {
        "Officer": "#0a0a0a0a",
        "Agency": hidden_text("Farmouth", PSEUDONYMS),
        "Experienced officer": mentor,
        "Host school": "Lincoln HS",
    }
    content = (tmp_path / f"{NEWEST}.db").read_bytes()
    assert [words for words in (MENTOR, SSN, "Farmouth") if words.encode() in content] == []


def test_5_birth_dates_that_earlier_rules_kept_are_taken_out_of_what_they_looked_through(tmp_path: Path) -> None:
    with opened(tmp_path) as workspace:
        _, item = as_a_strangers(workspace)
        text = [["Officer", "#0a0a0a0a"], ["Host school", "3.2.85"], ["Hours", "6"]]
        with workspace.store.transaction():
            KeptRows(workspace.store.connection, workspace.store.district_id).rewrite(
                [Rewrite("item", item, {"text": text})]
            )
            workspace.store.facts.put(KIND, KIND, {"version": "1", "holds": []}, now=LATER - timedelta(days=1))
        clean_once(workspace, now=LATER)
        assert dict(rows(workspace, "item")[item]["text"]) == {"Officer": "#0a0a0a0a", "Hours": "6"}


def test_6_a_file_of_strangers_loses_its_name_unless_an_issued_report_cites_it(tmp_path: Path) -> None:
    with opened(tmp_path) as workspace:
        _, item = as_a_strangers(workspace)
        clean_once(workspace, now=LATER)
        assert rows(workspace, "item")[item]["file"] == "a file read on 2026-11-23"
        assert b"on-the-job-2026.ods" not in b"".join(
            repr(row).encode() for name in ("file", "item", "finding") for row in rows(workspace, name).values()
        )


def test_6_what_an_issued_report_cites_stays(tmp_path: Path) -> None:
    with opened(tmp_path) as workspace:
        kept = KeptRows(workspace.store.connection, workspace.store.district_id)
        ((key, before),) = [pair for pair in rows(workspace, "completion").items() if pair[0][0] == "district-log"]
        assert key[:2] in kept.cited()
        clean_once(workspace, now=LATER)
        item = rows(workspace, "item")[key[0], before["item_id"]]
        assert (rows(workspace, "completion")[key], item["file"]) == (before, "on-the-job-2026.ods")
        assert dict(item["text"])["Experienced officer"] == "Moreau, Cyril"


@pytest.mark.parametrize("subject", ["00301", EVERYTHING])
def test_6_holds_are_respected_until_they_are_lifted(tmp_path: Path, subject: str) -> None:
    with opened(tmp_path) as workspace:
        on_the_roster(workspace, "00301")
        before, store = rows(workspace, "item"), workspace.store
        with store.transaction():
            HOLDS.put(store, subject, Hold(subject, "a suit", "A. Roe", date(2026, 11, 30)), now=LATER)
        plan = clean_once(workspace, now=LATER)
        assert plan is not None
        assert plan.kept >= 1
        theirs = {key for key in before if key[0] == "district-log" or subject == EVERYTHING}
        assert {key: rows(workspace, "item")[key] for key in theirs} == {key: before[key] for key in theirs}
        with store.transaction():
            HOLDS.end(store, subject, now=datetime(2026, 12, 2, tzinfo=UTC))
        assert clean_once(workspace, now=datetime(2026, 12, 3, tzinfo=UTC)) is not None
        assert "Signature" not in headings(workspace, "district-log")


def test_6_of_a_source_whose_layout_is_gone_only_columns_of_a_role_stay(tmp_path: Path) -> None:
    gone = SETTINGS.replace('name = "district-log"', 'name = "another"')
    with opened(tmp_path, settings=gone) as workspace:
        key = next(key for key, row in rows(workspace, "item").items() if row["source"] == "district-log")
        text = [("Officer", "Mina"), ("Activity", "Check-in"), ("Shoe size", "44")]
        with workspace.store.transaction():
            rewrite = Rewrite("item", key, {"text": [list(pair) for pair in text]})
            KeptRows(workspace.store.connection, workspace.store.district_id).rewrite([rewrite])
        clean_once(workspace, now=LATER)
        assert headings(workspace, "district-log") == {"Officer", "Activity"}


def test_6_postgresql_writes_the_tables_anew(postgresql: Server) -> None:
    """What was deleted stands in the table's file until then, and not behind it; the connection goes on as before."""
    url = postgresql.fresh()
    with open_store(url, Opening("pinehill", "key", LATER)) as store:
        with store.transaction():
            store.facts.put("person", "00417", {"mentor": MENTOR}, now=LATER)
        with store.transaction():
            store.connection.exec_driver_sql("DELETE FROM fact")
        assert MENTOR.encode() in _file_of(postgresql, url, "fact")
        Purging(store.connection, "pinehill").shrink(["fact", "item", "completion"])
        assert MENTOR.encode() not in _file_of(postgresql, url, "fact")
        with store.transaction():
            store.facts.put("person", "00417", {"mentor": "nobody"}, now=LATER)
        assert store.facts.read("person") == {"00417": {"mentor": "nobody"}}


def _file_of(server: Server, url: str, table: str) -> bytes:
    """Return what lies on the server's disk of a table."""
    database = url.partition("@/")[2].partition("?")[0]
    server.say("CHECKPOINT", database)
    ((place,),) = server.say(f"SELECT pg_relation_filepath('{table}')", database)
    return (server.sockets / "data" / str(place)).read_bytes()
