"""Stored evidence brought up to date with a source's pull: decide (changes.py, pure), then act (apply.py)."""
