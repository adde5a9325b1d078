"""The database's history: one Alembic revision a change of schema.py, applied in the caller's transaction."""
