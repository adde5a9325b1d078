"""Whether what was read of a source speaks of anybody."""

from collections.abc import Mapping

import pytest

from lms_sync.model.run import FileLedger
from lms_sync.operations.pull.empty import is_empty
from lms_sync.sources.pull import Export, FileRead, Pull

READ = FileRead("a.csv", "5a", "f", (), ())
UNREAD = FileRead("b.csv", "", "", (), (), failed=True)


@pytest.mark.parametrize(
    ("outcomes", "export", "files", "empty"),
    [
        (({},), "cumulative", (READ,), True),
        (({"skipped": 2}, {}), "cumulative", (READ,), True),
        (({"skipped": 2}, {"not a completion": 1}), "cumulative", (READ,), False),
        (({"refused": 1},), "cumulative", (READ,), False),
        (({"added": 1, "skipped": 1},), "cumulative", (READ,), False),
        (({},), "increment", (READ,), False),
        (({},), "cumulative", (READ, UNREAD), False),
    ],
)
def test_rows_that_speak_of_nobody(
    outcomes: tuple[Mapping[str, int], ...], export: Export, files: tuple[FileRead, ...], *, empty: bool
) -> None:
    ledgers = [FileLedger(f"{number}.csv", counted) for number, counted in enumerate(outcomes)]
    assert is_empty(Pull("vendor", export, files), ledgers) is empty
