"""Backups: one folder each that holds the database, the filed documents and what people edit; and the way back."""
