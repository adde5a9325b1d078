"""The law as dated, cited data (topics.toml, series.toml) and pure functions (rules.py).

A mapping says what a course teaches; only this folder says what is enough. It names no course.
"""
