"""A town in which years have passed, and what a purge of it promises."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import select

from lms_sync.model.issued import Issued
from lms_sync.operations.retention.cutoff import beginning
from lms_sync.operations.retention.decide import planned_purge
from lms_sync.operations.retention.plan import PurgePlan
from lms_sync.store.audit import broken
from lms_sync.store.schema import item, origin
from lms_sync.store.upkeep import problems_of_file
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import NAMES
from tests.operations.night_town import Town
from tests.operations.old_town import PDF, STEPS, bytes_of, judgement, purged, reports

LEAVER = "70102"
SLOW = pytest.mark.slow


def lived(town: Town, steps: Sequence[str], *, apart: int = 100) -> list[datetime]:
    """Take the steps, a night after each, and return when each night was over."""
    nights = []
    for name in steps:
        town.later(minutes=7)
        STEPS[name](town)
        town.night(days=apart)
        nights.append(town.clock())
    return nights


def check_a_purge(town: Town, nights: Sequence[datetime], cutoff: date) -> PurgePlan:
    """Purge, and hold it against all that it promises."""
    with town.workspace() as workspace:
        first = beginning(cutoff, workspace.zone)
        instants = [first, *(at for at in nights if at >= first)]
        before = {at: reports(workspace, at) for at in instants}
        plan = purged(workspace, cutoff)
        assert {at: reports(workspace, at) for at in instants} == before
        assert broken(workspace.store.audit.entries()) == ()
        for one in workspace.store.issued.listed():
            check_issued(workspace, one, cutoff)
        connection = workspace.store.connection
        referred, kept = (select(table.c.source, table.c.origin_id).distinct() for table in (item, origin))
        assert {*connection.execute(referred).all()} == {*connection.execute(kept).all()}
        again = planned_purge(workspace, cutoff)
        assert again.empty, f"a second purge of the same day has nothing to do: {again.removed}"
    assert problems_of_file(town.database, thorough=False) == ()
    content = bytes_of(town)
    for person_id in plan.people:
        for name in NAMES[person_id]:
            assert name.lower().encode() not in content, name
    return plan


def check_issued(workspace: Workspace, one: Issued, cutoff: date) -> None:
    if one.purged:
        assert (workspace.store.issued.content(one.number), one.sha256, one.code) == (b"", "0" * 64, "code")
        assert one.issued_at < beginning(cutoff, workspace.zone)
        return
    assert workspace.store.issued.content(one.number) == PDF
    assert judgement(workspace, one.agreement_id, as_of=one.as_of, known_at=one.known_at) == one.judgement


def later_night(town: Town, *, days: float) -> datetime:
    town.night(days=days)
    return town.clock()
