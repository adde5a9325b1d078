r"""What must never be kept: how social security numbers and birth dates look, in text and in cells. Pure.

The patterns begin with a digit and look back from there: so a search skips quickly what holds none.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from lms_sync.tables.cells import Value, text
from lms_sync.text import plain, visible

_DASH = r"[\s\-\u02d7\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]{1,3}"
"""Hyphens, dashes, minus signs and blanks of every kind."""
SSN = re.compile(
    r"\d(?<!\d\d)(?<!\d-\d)\d\d"
    rf"(?:\)?{_DASH}\d\d{_DASH}|\)\d\d{_DASH}|(?P<mark>[\W_]{{1,3}})\d\d(?P=mark)"
    r"|\s?(?P<sign>[^\w\s])\s?\d\d\s?(?P=sign)\s?)\d{4}(?!\d)(?!-\d)"
)
"""Three, two and four digits with hyphens or blanks between them, or twice the same other sign."""
LABELLED = re.compile(
    r"(?:\bssa?n|\bs\.s\.n|\bss ?#|\bsoc(?:ial|\.)? ?sec[a-z]*\.?(?: n[a-z]*)?)\W{0,3}\d{9}(?!\d)", re.IGNORECASE
)
"""Nine digits that a word calls a social security number."""
MAY_BE_SSN = re.compile(r"\d\d(?:\D{1,3}\d{4}|\d{7})")
"""What every social security number holds: a quick look, since most text with digits has neither."""
_MAY_BE_SSN_IN_ASCII = re.compile(MAY_BE_SSN.pattern, re.ASCII)
"""The same of ASCII text: quicker, since no other digits are looked for."""
NINE_DIGITS = re.compile(r"\d(?<![\d.,]\d)\d{8}(?!\d|[.,]\d)")
_DIGITS_ALIKE = bytes(ord("0" if chr(sign).isdecimal() else " ") for sign in range(128)).ljust(256)
"""For `bytes.translate`: of an ASCII text it leaves in which places digits are."""
SHORTEST = 9
"""Signs of the shortest text that may hold a social security number."""
MASK = "***-**-****"
"""Stands in a text for a social security number."""
DAY_MASK = "****-**-**"
"""Stands in a text for a birth date."""
SSN_HEADING = re.compile(r"(?<![a-z])ssn(?![a-z])|s\.s\.n|social ?_?sec|soc\.? ?sec|social ?insurance")
BIRTH_HEADING = re.compile(r"(?<![a-z])dob(?![a-z])|d\.o\.b|(?<!child)birth|\bborn\b|\bbday\b")
BIRTH_YEARS = range(1930, 2011)
"""In which people who work today were born."""
_BETWEEN = r"[-/.\u2010-\u2015\u2212]"
_YEAR = r"(?:19[3-9]\d|200\d|2010)"
_ANY_YEAR = re.compile(_YEAR)
_NAMED_MONTH = (
    r"(?:jan(?:uary|uar|v|vier)?|jän(?:ner)?|ene(?:ro)?|feb(?:ruary|ruar|rero)?|f[ée]v(?:r|rier)?|mar(?:ch|s|z|zo)?"
    r"|märz?|maerz|mrz|apr(?:il)?|abr(?:il)?|avr(?:il)?|mayo?|mai|june?|jun[io]|juin|july?|jul[io]|juil(?:let)?"
    r"|aug(?:ust)?|ago(?:sto)?|ao[ûu]t|sep(?:t|tember|tembre|tiembre)?|set(?:iembre)?|o[ck]t(?:ober|obre|ubre)?"
    r"|nov(?:ember|embre|iembre)?|de[cz](?:ember|embre)?|déc(?:embre)?|dic(?:iembre)?)\.?"
)
"""The months' names in English, Spanish, German and French, whole or as they are shortened."""
_MONTH = rf"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?|{_NAMED_MONTH})"
"""The same, also spelt wrong; where a year of four digits stands beside it."""
_MONTHS_BEGIN = frozenset("adefjmnos")
_NTH = r"(?:st|nd|rd|th|er|º)?"
_SIGNS = r"[-./,\s]{0,2}"
_DAY_MONTH = rf"\d{{1,2}}{_NTH}[-./\s]{{0,2}}(?:de |of )?"
BIRTH_DAY = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}\s?(?P<mark>{_BETWEEN})\s?\d{{1,2}}\s?(?P=mark)\s?{_YEAR}"
    rf"|{_YEAR}\s?(?P<sign>{_BETWEEN})\s?\d{{1,2}}\s?(?P=sign)\s?\d{{1,2}}(?:[ T]\d{{1,2}}:\d\d\S*)?"
    rf"|{_YEAR}[-\s]{_MONTH}[-\s]\d{{1,2}}"
    rf"|{_DAY_MONTH}{_MONTH}{_SIGNS}(?:del? )?{_YEAR}"
    rf"|{_MONTH}(?:\s+|[-/.])\d{{1,2}}{_NTH}(?:,?\s+|[-/.,]){_YEAR})(?!\d)",
    re.IGNORECASE,
)
"""A day of one of these years, in digits or with the month's name."""
_APOSTROPHE = r"['\u2018\u2019\u02bc]"
_SHORT_YEAR = rf"{_APOSTROPHE}?[3-9]\d"
_LATE_YEAR = r"(?:0\d|10)"
"""Of these two digits a numbering is made too, such as 1.2.03: years only where the rest can be nothing but a day."""
_DAY_NUMBER, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
SHORT_DAY = re.compile(
    rf"(?:{_DAY_NUMBER}\s?(?P<mark>{_BETWEEN})\s?{_MONTH_NUMBER}\s?(?P=mark)"
    rf"|{_MONTH_NUMBER}\s?(?P<sign>{_BETWEEN})\s?{_DAY_NUMBER}\s?(?P=sign)"
    rf"|(?P<named>{_DAY_MONTH}{_NAMED_MONTH}{_SIGNS}(?:del? )?)"
    rf"|{_NAMED_MONTH}(?:\s+|[-/.])\d{{1,2}}{_NTH}(?:,?\s+|[-/.,]|(?=\D)))\s?"
    rf"(?:{_SHORT_YEAR}|{_APOSTROPHE}{_LATE_YEAR}|(?<=/){_LATE_YEAR}|(?<=\s)0\d|(?(named){_LATE_YEAR}|(?!)))"
    rf"|[3-9]\d\s?(?P<between>{_BETWEEN})\s?(?:0[1-9]|1[0-2])\s?(?P=between)\s?(?:0[1-9]|[12]\d|3[01])",
    re.IGNORECASE,
)
"""The same with two digits for the year; only where a cell holds nothing else, since versions are written so too."""
_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado"
    r"|domingo|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|mo|di|mi|do|fr|sa|so"
)
LABELLED_BIRTH = re.compile(
    r"(\b(?:dob|d\.o\.b\.?|born(?: on)?|birth ?(?:day|date)|date of birth|geb\.|n[ée]e? le|nacid[oa](?: el)?))"
    rf"(\W{{0,3}})(?:\d{{1,2}}\s?{_BETWEEN}\s?\d{{1,2}}\s?{_BETWEEN}\s?|{_DAY_MONTH}{_NAMED_MONTH}{_SIGNS}(?:del? )?"
    rf"|{_NAMED_MONTH}(?:\s+|[-/.])\d{{1,2}}{_NTH}(?:,?\s+|[-/.,]|(?=\D)))"
    rf"(?:{_SHORT_YEAR}|{_APOSTROPHE}?{_LATE_YEAR})(?!\d)",
    re.IGNORECASE,
)
"""The same within a text, where a word calls it a birth date."""
BEFORE_A_DAY = re.compile(rf"(?:{_WEEKDAY})\.?,?\s+(?:(?:the|el|den|le)\s+)?", re.IGNORECASE)
BEHIND_A_DAY = re.compile(rf",?\s+\(?(?:{_WEEKDAY})\.?\)?$", re.IGNORECASE)
"""The weekday of a day."""
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
BARE_DAY = re.compile(rf"{_YEAR}{_MONTH_DAY}|{_MONTH_DAY}{_YEAR}")
"""The same without any sign between; only in a column without a role, where no id stands."""
_TIME = re.compile(r",?[ T]+\d{1,2}:\d\d\S*(?: ?[ap]\.?m\.?)?$", re.IGNORECASE)
"""A time of day behind a day, as exports write it: midnight as a rule."""
APART = "xxxx"
"""Stands between texts that are looked through together: no signs of two of them make one number."""
_SHORT = re.compile(
    r"\d(?:\.\d\d?\.'?|\.?[-/,'\sA-WYZa-wyz][-/.,'\sA-WYZa-wyz]*+)(?:[03-9]\d|10)(?!\d)"
    r"|[3-9]\d(?<!\d\d\d)\s?[-/.]\s?[01]\d\s?[-/.]"
)
"""How every SHORT_DAY ends in ASCII. No month's name has an x: what stands in two texts is not taken for one."""


def may_be_forbidden(words: str) -> bool:
    """Tell at little cost whether an ASCII text may hold any of these."""
    return bool(_MAY_BE_SSN_IN_ASCII.search(words) or _ANY_YEAR.search(words) or _SHORT.search(words))


def may_be_ssn(day: str) -> bool:
    """Tell whether the text of a day may hold a social security number: days have their digits in few places."""
    if not day.isascii():
        return MAY_BE_SSN.search(day) is not None
    return _may_be_ssn(day.encode().translate(_DIGITS_ALIKE))


@lru_cache(maxsize=1_024)
def _may_be_ssn(digits_alike: bytes) -> bool:
    return MAY_BE_SSN.search(digits_alike.decode()) is not None


def mask(words: str) -> str:
    """Return text with social security numbers masked."""
    if len(words) < SHORTEST or MAY_BE_SSN.search(words) is None:
        return words
    return LABELLED.sub(MASK, SSN.sub(MASK, words))


def plain_texts(texts: Iterable[str]) -> bool:
    """Tell whether texts are kept as they are: every sign can be seen, and none has to be masked."""
    several = {*texts}  # ids stand in cells and in keys
    whole = APART.join(several)
    if not whole.isprintable() or visible(whole) != whole:
        return False
    may_be_ssn = not whole.isascii() or _MAY_BE_SSN_IN_ASCII.search(whole) is not None
    return not may_be_ssn or all(mask(words) == words for words in several)


def is_ssn(value: Value) -> bool:
    """Tell whether a cell holds a social security number, and nothing else."""
    return isinstance(value, str) and SSN.fullmatch(plain(value)) is not None


def is_birth_day(value: Value) -> bool:
    """Tell whether a cell holds a day on which somebody may have been born, and nothing else."""
    if isinstance(value, date | datetime):
        return value.year in BIRTH_YEARS
    if not isinstance(value, str):
        return False
    words = plain(_narrow(value))
    if weekday := BEFORE_A_DAY.match(words):
        words = words[weekday.end() :]
    if not (words[:1].isdecimal() or words[:1].casefold() in _MONTHS_BEGIN):
        return False
    day = _TIME.sub("", words) if ":" in words else words
    if " " in day and not day[-1].isdecimal():
        day = BEHIND_A_DAY.sub("", day)
    return BIRTH_DAY.fullmatch(day) is not None or SHORT_DAY.fullmatch(day) is not None


def is_bare_birth_day(value: Value) -> bool:
    """Tell whether a cell holds eight digits that are such a day, and nothing else: `19850302`, `03021985`."""
    words = text(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return isinstance(words, str) and BARE_DAY.fullmatch(plain(_narrow(words))) is not None


def _narrow(words: str) -> str:
    """Return text with the plain form of wide digits and signs: `０３／０２` → `03/02`."""
    return words if words.isascii() else unicodedata.normalize("NFKC", words)


def without_ssn(value: Value, *, bare: bool) -> tuple[Value, int]:
    """Return a cell without social security numbers, and how many it held; `bare`: nine digits alone are one.

    A cell that holds nothing else is blank afterwards.
    """
    found = 0
    words = text(value) if isinstance(value, int | float) else value
    if not isinstance(words, str) or MAY_BE_SSN.search(words) is None:
        return value, 0
    for pattern in (SSN, NINE_DIGITS) if bare else (SSN, LABELLED):
        value, times = _without(value, pattern, MASK)
        found += times
    return value, found


def without_birth_days(value: Value, *, inside: bool) -> tuple[Value, int]:
    """Return a cell without birth dates, and how many it held; `inside`: also within a longer text."""
    if is_birth_day(value):
        return None, 1
    if not isinstance(value, str):
        return value, 0
    narrow, found = _narrow(value), 0
    clean: Value = narrow
    if inside and _ANY_YEAR.search(narrow):
        clean, found = _without(narrow, BIRTH_DAY, DAY_MASK)
    if LABELLED_BIRTH.search(narrow):
        clean, labelled = _without(clean, LABELLED_BIRTH, rf"\1\2{DAY_MASK}")
        found += labelled
    return (clean, found) if found else (value, 0)


def _without(value: Value, pattern: re.Pattern[str], instead: str) -> tuple[Value, int]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value, 0
    words = value if isinstance(value, str) else text(value)
    if len(words) < SHORTEST or pattern.search(words) is None:
        return value, 0
    if pattern.fullmatch(plain(words)):
        return None, 1
    return pattern.subn(instead, words)
