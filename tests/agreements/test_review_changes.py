"""A checklist is read against what it was written from and what counts now: nobody's newer word is lost."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.agreements.review.checklist import BLANK, PointEntry, is_plain, said_of
from lms_sync.agreements.review.filled_in import Changes, plan_changes
from lms_sync.documents.vault import plain_name
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.author import Author

DAY = date(2026, 7, 1)
FILE = KeptFile("0" * 64, "minutes.pdf", "application/pdf", 9)


def point(note: str, by: str = "A. Roe", file: KeptFile | None = None) -> ReviewedPoint:
    return ReviewedPoint(
        "HERON-26", "A1", done=True, on=DAY, how="", who="", note=note, file=file, recorded_by=by, recorded_on=DAY
    )


def row(note: str, attachment: str = "") -> PointEntry:
    return PointEntry("yes", DAY, "", "", note, attachment)


def plan(said: PointEntry, base: ReviewedPoint | None, current: ReviewedPoint | None, by: str = "B. Coe") -> Changes:
    def points(one: ReviewedPoint | None) -> Mapping[str, ReviewedPoint]:
        return {"A1": one} if one else {}

    return plan_changes({"A1": said}, points(base), points(current), by=by)


def outcome(found: Changes) -> str:
    named = {"changed": bool(found.changes), "newer": bool(found.newer), "conflict": bool(found.conflicts)}
    return next((name for name, there in named.items() if there), "same")


@pytest.mark.parametrize(
    ("said", "base", "current", "expected"),
    [
        (BLANK, None, None, "same"),
        (row("p. 3"), None, None, "changed"),
        (row("p. 3"), point("p. 3"), point("p. 3"), "same"),
        (row("p. 4"), point("p. 3"), point("p. 3"), "changed"),
        (BLANK, point("p. 3"), point("p. 3"), "changed"),  # taken back
        (BLANK, None, point("p. 3"), "newer"),  # an old copy's blank row
        (row("p. 3"), point("p. 3"), None, "newer"),  # taken back by somebody since
        (row("p. 3"), point("p. 3"), point("p. 4"), "newer"),
        (row("p. 4"), None, point("p. 4"), "same"),  # read a second time
        (row("p. 5"), None, point("p. 4"), "conflict"),
        (BLANK, point("p. 3"), point("p. 4"), "conflict"),
        (row("p. 5"), point("p. 3"), None, "conflict"),
    ],
)
def test_a_row_counts_where_it_differs_from_what_the_copy_was_written_from(
    said: PointEntry, base: ReviewedPoint | None, current: ReviewedPoint | None, expected: str
) -> None:
    assert outcome(plan(said, base, current)) == expected


def test_ones_own_later_word_needs_no_new_copy() -> None:
    assert outcome(plan(row("p. 5"), None, point("p. 4", by="B. Coe"))) == "changed"


def test_an_attachment_that_was_recorded_before_is_kept_by_its_name_and_not_read_again() -> None:
    kept = point("p. 3", file=FILE)
    (same,) = plan(row("p. 4", "minutes.pdf"), kept, kept).changes
    (other,) = plan(row("p. 4", "new.pdf"), kept, kept).changes
    (gone,) = plan(row("p. 4"), kept, kept).changes

    assert (same.file, same.unread) == (FILE, False)
    assert (other.file, other.unread) == (None, True)
    assert (gone.file, gone.unread) == (None, False)


ROWS = st.sampled_from([BLANK, row("p. 3"), row("p. 4"), PointEntry("no", note="soon")])
FACTS = st.sampled_from([None, point("p. 3"), point("p. 4", by="B. Coe"), point("p. 4")])


@given(said=ROWS, base=FACTS, current=FACTS)
def test_whatever_was_recorded_a_second_reading_changes_nothing(
    said: PointEntry, base: ReviewedPoint | None, current: ReviewedPoint | None
) -> None:
    found = plan(said, base, current)
    for change in found.changes:
        author = Author("B. Coe", "checklist", datetime(2026, 7, 2, tzinfo=UTC))
        after = change.after("HERON-26", author, DAY, file=change.file)
        assert said_of(after) == said
        assert outcome(plan(said, base, after)) == "same"


@given(base=FACTS, current=FACTS)
def test_a_copy_that_nobody_filled_in_never_changes_anything(
    base: ReviewedPoint | None, current: ReviewedPoint | None
) -> None:
    assert plan(said_of(base), base, current).changes == ()


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x.pdf",
        "a/b.pdf",
        "..",
        ".",
        "C:\\x.pdf",
        "C:x.pdf",
        "a\\b.pdf",
        "\\\\host\\x.pdf",
        "a\x1bb",
    ],
)
def test_a_path_is_no_plain_name(name: str) -> None:
    assert not is_plain(name)


@given(st.text(min_size=1))
def test_a_plain_name_leads_nowhere(name: str) -> None:
    if is_plain(name):
        assert not {"/", "\\", "\0"} & set(name)
        assert plain_name(name)[-20:] == name[-20:]
