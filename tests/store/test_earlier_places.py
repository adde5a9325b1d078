"""Where earlier versions read each row and completion is told as it was, by tables that keep it otherwise."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lms_sync.store.schema import completion
from tests.store.earlier_databases import (
    OF_SEVERAL_SHEETS,
    WITH_UNUSED_ITEMS,
    WITHOUT_ORIGINS,
    earlier,
    written,
)

SAID_AGAIN = "d1" * 16
"""The id of an item that goes: nothing stands on it, its file is gone, and a later one says the same."""


@pytest.mark.parametrize("version", [*WITHOUT_ORIGINS, OF_SEVERAL_SHEETS])
def test_its_items_and_completions_stand_where_they_were_read(version: str, tmp_path: Path) -> None:
    names = (column.name for column in completion.c if column.name not in ("origin_id", "cell", "item"))
    of_completion = ", ".join(f"completion.{name}" for name in names)
    of_item = "source, item_id, recorded_at, record, outcome, text_hash, text"
    places = "file, sha256, sheet, url, {0}.cell, {0}.item"
    with closing(sqlite3.connect(written(version, tmp_path))) as before:
        joined = "completion JOIN item USING (district_id, source, item_id)"
        items = set(before.execute(f"SELECT {of_item}, {places.format('item')} FROM item"))
        completions = set(before.execute(f"SELECT {of_completion}, {places.format('item')} FROM {joined}"))
    with earlier(version, tmp_path) as store:
        of_item = of_item.replace("recorded_at", "item.recorded_at")
        found = {
            name: store.connection.exec_driver_sql(
                f"SELECT {columns}, {places.format(name)}"
                f" FROM {name} JOIN origin USING (district_id, source, origin_id)"
            )
            for name, columns in (("item", of_item), ("completion", of_completion))
        }
        assert {tuple(row) for row in found["item"]} == items
        assert {tuple(row) for row in found["completion"]} == completions
        (origins,) = store.connection.exec_driver_sql("SELECT count(*) FROM origin").one()
    assert origins == len({row[7:11] for row in items})
    assert version != OF_SEVERAL_SHEETS or (origins, len(completions)) == (6, 8)


def test_items_on_which_nothing_stands_go_but_for_the_last_of_each_text_and_those_of_files_that_are_there(
    tmp_path: Path,
) -> None:
    unused = "SELECT item_id FROM item WHERE outcome IN ('refused', 'not a completion')"
    with closing(sqlite3.connect(written(WITH_UNUSED_ITEMS, tmp_path))) as database:
        before = {item_id for (item_id,) in database.execute(unused)}
    with earlier(WITH_UNUSED_ITEMS, tmp_path) as store:
        after = {item_id for (item_id,) in store.connection.exec_driver_sql(unused)}

    assert {item_id[:2] for item_id in before} == {"d1", "dd", "e1", "f0", "f1"}
    assert before - after == {SAID_AGAIN}
