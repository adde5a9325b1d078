"""Where people work, as HR types it: each building by one name, misspelt ones noticed, and its days."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from rapidfuzz.distance import OSA

from lms_sync.model.finding import Finding
from lms_sync.model.roster import DAYS_NOT_RECORDED, Assignment
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.text import did_you_mean, fold, plain

WEEK = 7
ALIKE_FROM, FAR_FROM = 5, 8
"""Words of so many letters are alike with one letter wrong, and with two."""


@dataclass(frozen=True, slots=True)
class KnownBuildings:
    """The sheet *Buildings*: what a building is called, and how else it is written."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Any spelling, folded → the building's name."""

    def name(self, written: str) -> str:
        """Return the building's name for any of its spellings; as it is written where it is not known."""
        return self.names.get(fold(written), written)

    def parts(self, written: str) -> tuple[str, ...]:
        """Return the buildings of one part of a list: some people separate them with commas, some names hold one."""
        pieces = tuple(filter(None, (plain(piece) for piece in written.split(","))))
        whole = fold(written.rpartition(":")[0] or written) in self.names or fold(written) in self.names
        alike = len({":" in piece for piece in pieces}) == 1
        return pieces if len(pieces) > 1 and alike and not whole else (written,)


def known_buildings(entries: Sequence[Entry]) -> KnownBuildings:
    """Return what the sheet *Buildings* says; nothing where there is none."""
    names: dict[str, str] = {}
    for entry in entries:
        name = entry.text("Building")
        names |= {fold(spelling): name for spelling in (name, *entry.words("Also written")) if spelling}
    return KnownBuildings(names)


def building_and_days(written: str) -> tuple[str, Decimal] | None:
    """Return a building and its days a week, as `Lincoln HS: 3` or `Lincoln HS` says; None for neither."""
    name, colon, words = (plain(part) for part in written.rpartition(":"))
    if not colon:
        return (words, DAYS_NOT_RECORDED) if re.search(r"[^\W\d_]", words) else None
    number = _days_a_week(words)
    return (name, number) if name and number else None


def _days_a_week(words: str) -> Decimal | None:
    """Return days a week, more than 0 and at most 7; None for anything else."""
    try:
        number = Decimal(words)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number <= WEEK else None


Placed = Sequence[tuple[Entry, Assignment]]


def building_findings(reader: FormReader, placed: Placed, known: KnownBuildings) -> Iterator[Finding]:
    """Yield one finding about all buildings without days, and one for each name that looks misspelt or is unknown."""
    yield from _without_days(reader, placed)
    rows: dict[str, list[Entry]] = defaultdict(list)
    for entry, assignment in placed:
        for name, _ in assignment.buildings:
            rows[name].append(entry)
    meant = misspelt(Counter({name: len(entries) for name, entries in rows.items()}), known)
    for name, remedy in meant.items():
        count = f", {len(rows[name])} rows" if len(rows[name]) > 1 else ", 1 row"
        wrong = Wrong(f'"{name}"{count}', "one spelling of each building", remedy)
        where = rows[name][0].where("Buildings")
        subject = f"{reader.file}, building {fold(name)}"
        yield reader.finding("building-misspelt", where, wrong, blocks=False, subject=subject)


def _without_days(reader: FormReader, placed: Placed) -> Iterator[Finding]:
    without = {
        entry.where("Buildings"): (entry, [name for name, days in assignment.buildings if days == DAYS_NOT_RECORDED])
        for entry, assignment in placed
    }
    cells = [(entry, names) for entry, names in without.values() if names]
    if not cells:
        return
    names = sorted({name for _, some in cells for name in some})
    named = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    rows = "1 row names" if len(cells) == 1 else f"{len(cells)} rows name"
    wrong = Wrong(
        f"{rows} a building without days a week ({named})",
        "days a week for each building, which the yearly report to OSPI asks for (RCW 28A.320.1241)",
        "Write them like this: Lincoln HS: 3; Stadium HS: 2. Until then they are reported as not recorded.",
    )
    first = cells[0][0].where("Buildings")
    finding = reader.finding(
        "building-days-missing", first, wrong, blocks=False, subject=f"{reader.file}, days a week at buildings"
    )
    people = dict.fromkeys(entry.text("Person ID") for entry, _ in cells if entry.text("Person ID"))
    yield replace(finding, people=tuple(people))


def misspelt(rows: Counter[str], known: KnownBuildings) -> dict[str, str]:
    """Return name → what to do about it, of each name that looks like another's misspelling or that is not listed.

    `rows` counts the rows of each name. Of two names that are alike the rarer one is asked about.
    """
    listed = {name for name in rows if fold(name) in known.names}
    correct = sorted(set(known.names.values())) or sorted(rows, key=lambda name: (-rows[name], name))
    found = {}
    for name in sorted(rows.keys() - listed):
        likely = [other for other in correct if alike(name, other) and (known.names or _more(rows, other, name))]
        if likely:
            found[name] = f'Did you mean "{likely[0]}"? Correct it, or list both in the sheet Buildings.'
        elif known.names:
            hint = did_you_mean(name, correct)
            found[name] = f"{hint}It is not in the sheet Buildings: correct it, or add it there."
    return found


def _more(rows: Counter[str], other: str, name: str) -> bool:
    return (rows[other], name) > (rows[name], other)


def alike(name: str, other: str) -> bool:
    """Tell whether two names of buildings may be one building's, one of them misspelt.

    Word by word: short words (East, a number) must be the same, and so must each word's first letter, so that
    Lincoln HS and Lincoln MS, or Northside and Southside, stay two. *HS* is *High School*, and *school* says nothing.
    """
    words, others = _building_words(name), _building_words(other)
    if fold(name) == fold(other) or len(words) != len(others):
        return False
    return all(_same_word(word, others[place]) for place, word in enumerate(words))


def _building_words(name: str) -> tuple[str, ...]:
    """Return the words of a building's name as they are compared: `Lincoln H.S.` and `Lincoln High School` alike."""
    words = re.findall(r"\w+", _SIGNS_INSIDE.sub("", fold(name)))
    return tuple(_LEVELS.get(word, word) for word in words if word != "school")


_SIGNS_INSIDE = re.compile(r"['’]|(?<=\b\w)\.(?=\w\b)")
"""What people leave out inside of a word: the sign in `Mary's`, the first point of `M.S.`"""
_LEVELS = {"hs": "high", "ms": "middle", "es": "elementary", "elem": "elementary"}


def _same_word(word: str, other: str) -> bool:
    if word == other:
        return True
    shorter = min(len(word), len(other))
    if shorter < ALIKE_FROM or word[0] != other[0] or any(letter.isdigit() for letter in word + other):
        return False
    return OSA.distance(word, other) <= (2 if shorter >= FAR_FROM else 1)
