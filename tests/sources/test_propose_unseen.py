"""Sheets of kinds that nobody has seen: no row of them becomes a false completion."""

import pytest

from lms_sync.sources.propose.columns import KnownValues
from tests.sources.propose_sheets import WORKSPACE, completions, seen_by
from tests.sources.unseen_forms_and_rolls import FORMS_AND_ROLLS
from tests.sources.unseen_languages import LANGUAGES
from tests.sources.unseen_platforms import PLATFORMS
from tests.sources.unseen_police_records import POLICE_RECORDS
from tests.sources.unseen_shapes import SHAPES
from tests.sources.unseen_sheets import Unseen
from tests.sources.unseen_suites import SUITES

EVERY = (*SUITES, *PLATFORMS, *POLICE_RECORDS, *FORMS_AND_ROLLS, *LANGUAGES, *SHAPES)


@pytest.mark.parametrize("known", [WORKSPACE, KnownValues()], ids=["workspace", "nothing-known"])
@pytest.mark.parametrize("unseen", EVERY, ids=lambda one: one.name)
def test_no_row_of_an_unseen_sheet_becomes_a_false_completion(unseen: Unseen, known: KnownValues) -> None:
    found = seen_by(unseen, known)
    assert completions(unseen, found) <= unseen.done
    if not found.open_questions:
        assert completions(unseen, found) == unseen.done


@pytest.mark.parametrize("known", [WORKSPACE, KnownValues()], ids=["workspace", "nothing-known"])
def test_nineteen_fields_in_twenty_of_unseen_sheets_are_right_or_asked_about(known: KnownValues) -> None:
    wrong = [
        (unseen.name, role)
        for unseen in EVERY
        for found in [seen_by(unseen, known)]
        for role, heading in unseen.roles.items()
        if not {str(key): one for key, one in found.draft.columns.items()}.get(role, "").endswith(heading)
        and not any(f"{heading}”" in question for question in found.open_questions)
    ]
    assert len(wrong) * 20 <= sum(len(unseen.roles) for unseen in EVERY), wrong


@pytest.mark.parametrize("unseen", EVERY, ids=lambda one: one.name)
def test_every_column_is_used_or_listed(unseen: Unseen) -> None:
    found = seen_by(unseen, WORKSPACE)
    said = {*found.draft.columns.values(), *(column.heading for column in found.unused)}
    headings = max(([text for text in map(str, row) if text] for row in unseen.rows[:3]), key=len)
    silent = [heading for heading in headings if not any(one.endswith(heading) for one in said)]
    assert bool(silent) == (found.draft.matrix is not None)
