"""Files are looked into without a process of its own; test_filing_look.py asks for the process where it matters."""

import pytest


@pytest.fixture(autouse=True)
def _looked_into_here(_files_looked_into_here: None) -> None:
    """Save each document a process."""
