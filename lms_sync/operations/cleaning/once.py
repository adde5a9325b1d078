"""What is stored is looked through once by each version's rules of keeping, by the first night."""

from datetime import datetime
from typing import TYPE_CHECKING

from lms_sync.model.author import Author
from lms_sync.store.kept_rows import KeptRows
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.workspace import Workspace

if TYPE_CHECKING:
    from lms_sync.operations.cleaning.plan import CleaningPlan

KIND = "kept"
"""Of the facts in the store: by which rules what is stored was looked through last."""
RULES = "3"
"""Version of what may be kept; another one makes everything be looked through again."""
BY, WHY = "lms-sync", "columns, names and numbers that this version does not keep"


def clean_once(workspace: Workspace, *, now: datetime) -> "CleaningPlan | None":
    """Clean what is stored, and return what was done; None where it was looked through by these rules before.

    It is looked through again when holds were set or lifted since.
    """
    store = workspace.store
    mark = {"version": RULES, "holds": sorted(HOLDS.read(store))}
    if store.facts.read(KIND).get(KIND) == mark:
        return None
    # Imported here: nearly every night has nothing to look through.
    from lms_sync.operations.cleaning.decide import clean, planned_cleaning
    from lms_sync.operations.cleaning.plan import CleaningPlan

    plan = CleaningPlan(())
    if KeptRows(store.connection, store.district_id).any("item"):
        plan = planned_cleaning(workspace)
    if plan.changes:
        plan = clean(workspace, Author(BY, WHY, now), plan=plan)
    with store.transaction():
        store.facts.put(KIND, KIND, mark, now=now)
    return plan
