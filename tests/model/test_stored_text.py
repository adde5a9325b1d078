"""What is stored as JSON, read by its text: the same as by the payload."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import ConfigError
from lms_sync.model.stored.facts import ASSIGNMENT, PERSON
from lms_sync.model.stored.pulled import ATTRIBUTES
from lms_sync.model.stored.stored_type import StoredType


@pytest.mark.parametrize(
    "text",
    [
        '{"host_school": "Lincoln HS"}',
        '{"host_school": "one half of a sign: \\ud83d"}',
        '{"host_school": "\\ud83d\\ude00"}',
        '{"host_school": "\\u0000"}',
        '{"host_school": "of two", "host_school": "the last"}',
    ],
)
def test_a_text_reads_as_its_payload_does(text: str) -> None:
    assert ATTRIBUTES.read_text(text) == ATTRIBUTES.read(json.loads(text))


@pytest.mark.parametrize(
    "text", ['{"host_school": 1}', '["host_school"]', "null", '{"host_school": ', "\ud83d", "[" * 100_000]
)
def test_what_no_version_wrote_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="the database holds a completion's attributes"):
        ATTRIBUTES.read_text(text)


WRITTEN = {"decided_by": "Kim", "decided_on": "2026-08-24"}
READ_BY_TEXT: dict[StoredType[Any], dict[str, Any]] = {
    PERSON: {"person_id": "7", "last_name": "Roe", "first_name": "Ann", "preferred_name": "", "clock": None}
    | {"emails": ["a@x.example"], "staff_class": "other", "class_decided_on": "2026-08-24", "first_day": None}
    | {"other_ids": [["vendor", "8"]], "linked_as": [["vendor", "8", "Roe, Ann"]]},
    ASSIGNMENT: {"person_id": "7", "partner_id": "q", "agreement_id": "q-26", "starts": "2026-09-01", "ends": None}
    | {"position": "", "buildings": [["A", "0.5"]], "series": "required", **WRITTEN},
}
"""Kinds of facts that are read by the ten thousand, and one of each as it is stored."""
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates().map(str),
    lambda some: st.lists(some, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(READ_BY_TEXT, key=lambda form: form.kind)), st.data())
def test_a_fact_reads_by_its_text_as_by_its_payload(form: StoredType[Any], data: st.DataObject) -> None:
    payload = dict(READ_BY_TEXT[form])
    assert form.plain(form.read(payload)).keys() >= payload.keys()
    for name in data.draw(st.sets(st.sampled_from(sorted(payload)), max_size=2)):
        payload[name] = data.draw(ANYTHING)
    text = json.dumps(payload)
    try:
        expected = form.read(json.loads(text))
    except ConfigError as error:
        with pytest.raises(ConfigError, match=re.escape(str(error))):
            form.read_texts([("a", text)])
    else:
        key = getattr(expected, form.id_field or "person_id")
        assert form.read_texts([(key, text)]) == {key: expected}
