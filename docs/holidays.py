"""lms_sync/law/holidays.txt, by the library `holidays`: `python -m docs.holidays` writes it, a test compares it."""

from lms_sync.law.days import SATURDAY, WRITTEN_OUT, state_holidays

YEARS = range(2014, 2061)
BEGINNING = """# The weekdays that are legal holidays of the state, or on which one is observed, as the
# library `holidays` tells them: RCW 1.12.040; RCW 1.16.050.
# The library takes an eighth of a second to begin, so that a night reads them here.
"""


def page() -> str:
    """Return the file: a line a year."""
    return BEGINNING + "".join(map(_line, YEARS))


def _line(year: int) -> str:
    days = sorted(day for day in state_holidays(year) if day.weekday() < SATURDAY)
    return f"{year}: {' '.join(f'{day:%m-%d}' for day in days)}\n"


if __name__ == "__main__":
    WRITTEN_OUT.write_text(page(), encoding="utf-8")
