"""What somebody wrote into the database by hand, in a shape that no version writes, ends in a sentence."""

import json

import pytest
from sqlalchemy import text

from lms_sync.errors import ConfigError
from lms_sync.store.known.differences import read_differences
from lms_sync.store.known.readers import law_of
from tests.security.test_log_and_state import decide, opened


@pytest.mark.parametrize("payload", [None, 7, "purged", ["purged"], {}])
def test_an_entry_of_the_log_that_is_none_is_told_and_counts_for_nothing(payload: object) -> None:
    with opened() as store:
        decide(store)
        with store.transaction():
            statement = text("UPDATE audit SET payload = json(:payload) WHERE kind = 'merge'")
            store.connection.execute(statement, {"payload": json.dumps(payload)})

        told = " ".join(map(str, read_differences(store)))
        assert "the merge of" in told
        assert "was changed" in told


@pytest.mark.parametrize(("topics", "series"), [("x", "x"), ("", ""), ("[[topic]]\nid = 7", "")])
def test_a_law_that_is_none_is_told_with_what_to_do(topics: str, series: str) -> None:
    with pytest.raises(ConfigError, match="can't read") as caught:
        law_of(topics, series)
    assert "restore a backup" in caught.value.hint
