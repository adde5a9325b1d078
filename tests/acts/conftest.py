"""Files that acts file are looked into without a process of their own."""

import pytest


@pytest.fixture(autouse=True)
def _looked_into_here(_files_looked_into_here: None) -> None:
    """Save each document a process."""
