"""The night's summary for HR."""
