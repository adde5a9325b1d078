"""Acts about the log, holds, purges and backups."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lms_sync.operations.agreed.decide import database_is_right, log_is_right
from lms_sync.operations.backup.manifest import Manifest
from lms_sync.operations.backup.restore import settle_restored
from lms_sync.operations.cleaning.decide import clean, planned_cleaning
from lms_sync.operations.cleaning.plan import CleaningPlan
from lms_sync.operations.retention import decide as retention
from lms_sync.store.kept_rows import KeptRows, Rewrite
from lms_sync.store.known.differences import read_differences
from tests.acts.here import ADA, BEN, Case, Here


def planted(here: Here) -> None:
    """Let an address stand among the released ones that no person has released."""
    store, author = here.workspace.store, replace(here.author, at=here.workspace.clock())
    with store.transaction():
        store.deliveries.release("QPD", ["stranger@evil.example"], author=author)


def _about_the_difference(here: Here, act: Callable[..., Any]) -> None:
    (difference,) = read_differences(here.workspace.store)
    here.do(act, difference_id=difference.id)
    assert read_differences(here.workspace.store) == ()


def _an_unknown_column(here: Here) -> None:
    """Let an earlier version have stored a column that the layout does not name."""
    store = here.workspace.store
    kept = KeptRows(store.connection, store.district_id)
    key, row = next(kept.rows("item"))
    with store.transaction():
        kept.rewrite([Rewrite("item", key, {"text": [*row["text"], ["Shoe size", "44"]]})])


def _purge(here: Here) -> None:
    plan = retention.planned_purge(here.workspace, date(2020, 1, 1))
    here.do(retention.purge, plan=plan)


def purge_left_over(here: Here) -> None:
    """Purge, where a file was left that nothing refers to."""
    (here.folder / "documents" / f"{'e' * 64}.pdf").write_bytes(b"%PDF-1.7")
    _purge(here)


def _backed_up(here: Here) -> Manifest:
    """Return what a backup of the district says of itself; nothing has to be written for that."""
    number, head = here.workspace.store.audit.head()
    return Manifest("x", here.author.at, "1", "1", number, head, "here", ())


CASES: Mapping[str, Case] = {
    "settle_restored": Case(
        lambda here: here.do(settle_restored, manifest=_backed_up(here), again=()),
        lambda here: here.do(settle_restored, manifest=replace(_backed_up(here), log_head="f" * 64), again=()),
    ),
    "database_is_right": Case(
        lambda here: _about_the_difference(here, database_is_right),
        lambda here: here.do(database_is_right, difference_id="none"),
        given=planted,
    ),
    "log_is_right": Case(
        lambda here: _about_the_difference(here, log_is_right),
        lambda here: here.do(log_is_right, difference_id="none"),
        given=planted,
    ),
    "add_hold": Case(
        lambda here: here.do(retention.add_hold, subject=BEN),
        lambda here: here.do(retention.add_hold, subject="99999"),
    ),
    "lift_hold": Case(
        lambda here: here.do(retention.lift_hold, subject=BEN),
        lambda here: here.do(retention.lift_hold, subject=ADA),
        given=lambda here: here.do(retention.add_hold, subject=BEN),
    ),
    "clean": Case(
        lambda here: here.do(clean, plan=planned_cleaning(here.workspace)),
        lambda here: here.do(clean, plan=CleaningPlan(())),
        given=_an_unknown_column,
    ),
    "purge": Case(
        purge_left_over,
        _purge,
    ),
}
