import pytest
from golden_documents import GOLDENS, documents


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_sample_reads_as_its_golden(name: str) -> None:
    assert documents()[name].encode() == (GOLDENS / name).read_bytes()


def test_no_golden_is_left_over() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == set(documents())
