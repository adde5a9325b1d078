"""Opening a database: its schema and migrations, keys that start with the district, whose it is."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import StoredCompletion
from lms_sync.store.migrations import versions
from lms_sync.store.migrations.upgrade import newest
from lms_sync.store.schema import metadata
from tests.store.opened_store import DONE, FINDING, ITEM, T0, opened


def test_every_key_starts_with_the_district() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key)).name == "district_id", table.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "district_id", key.name


def test_the_migrations_make_the_schema_of_the_program(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with opened(url):
        pass
    plain = create_engine("sqlite://")
    metadata.create_all(plain)
    made, meant = inspect(create_engine(url)), inspect(plain)
    assert set(made.get_table_names()) - {"alembic_version"} == set(meant.get_table_names())
    for table in meant.get_table_names():
        columns = [{k: str(v) for k, v in c.items()} for c in made.get_columns(table)]
        assert columns == [{k: str(v) for k, v in c.items()} for c in meant.get_columns(table)], table
        assert (
            made.get_pk_constraint(table)["constrained_columns"]
            == meant.get_pk_constraint(table)["constrained_columns"]
        )


def test_no_migration_imports_from_the_program() -> None:
    folder = Path(versions.__path__[0])
    revisions = sorted(folder.glob("[0-9]*.py"))
    assert len(revisions) >= 3
    for path in revisions:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert {name.split(".")[0] for name in names} <= {"sqlalchemy", "alembic"}, path.name


def test_a_database_of_a_newer_program_is_left_alone(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="9999"), opened(url):
        pass
    assert newest() != "9999"


def test_another_identity_key_is_refused(url: str) -> None:
    with opened(url):
        pass
    with pytest.raises(ConfigError, match="identity key"), opened(url, key_check="other"):
        pass


def test_a_database_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(ConfigError) as error, opened(f"sqlite:///{tmp_path}/folder.db"):
        pass
    assert "[store] url" in error.value.hint


def test_districts_do_not_see_each_other(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.facts.record("person", {"E1": {"a": 1}}, now=T0)
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1")], now=T0)
        store.findings.see({"x": [FINDING]}, now=T0)
    with opened(url, district_id="other", beside_others=True) as store:
        assert store.facts.read("person") == {}
        assert store.evidence.completions() == ()
        assert list(store.evidence.of_each_learner(T0)) == []
        assert store.findings.open() == ()
