import pytest

from tests.reports.golden_books import BOOKS, books
from tests.reports.golden_documents import GOLDENS, PAGES, documents


@pytest.mark.parametrize("name", PAGES)
def test_the_sample_reads_as_its_golden(name: str) -> None:
    assert documents()[name].encode() == (GOLDENS / name).read_bytes()


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_to_fill_in_holds_what_its_golden_says(name: str) -> None:
    assert books()[name].encode() == (GOLDENS / name).read_bytes()


def test_no_golden_is_left_over() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == set(documents()) | set(books())
    assert set(documents()) == set(PAGES)
    assert set(books()) == set(BOOKS)
