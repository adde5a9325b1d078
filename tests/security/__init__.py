"""Tests that nothing leaves for those for whom it is not meant."""
