"""The district's memory: tables, migrations, what was known when; the only SQL."""
