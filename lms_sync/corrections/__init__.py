"""The correction loop: a sheet that a partner fills in comes back and becomes claims, never credit by itself."""

CORRECTIONS = "corrections"
"""The name of the built-in source; no [[source]] may have it."""
