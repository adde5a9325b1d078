"""What is stored as JSON, read by its text: the same as by the payload."""

import json

import pytest

from lms_sync.errors import ConfigError
from lms_sync.model.stored.pulled import ATTRIBUTES


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


@pytest.mark.parametrize("text", ['{"host_school": 1}', '["host_school"]', "null", '{"host_school": ', "\ud83d"])
def test_what_no_version_wrote_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="the database holds a completion's attributes"):
        ATTRIBUTES.read_text(text)
