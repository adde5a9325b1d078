"""A column as its cells show it: how many of them are addresses, ids of the roster, days, states, and so on. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from lms_sync.sources.propose.date_order import Cell, is_day
from lms_sync.sources.propose.headings import heading_words, ideas_of
from lms_sync.sources.propose.states import is_state, meaning
from lms_sync.sources.propose.vocabulary import Idea
from lms_sync.sources.spreadsheet.forbidden import BIRTH_HEADING, SSN_HEADING, is_ssn, without_birth_days, without_ssn
from lms_sync.sources.spreadsheet.layout_rules import Role
from lms_sync.tables.cells import Row, Value, address, text
from lms_sync.text import fold, plain

MOST = 0.6
"""The share of its filled cells from which on a column is said to hold something."""
FEW_WORDS = 25
"""A column of status words has at most this many different ones."""
OF_PERSON = frozenset(("mi", "middle", "gender", "sex", "suffix", "initial", "sexo", "genero", "sexe"))
"""Words of headings below which a letter is no grade."""
SAMPLES = 3
"""How many sample values stand beside a column that is not used."""
DURATION = re.compile(r"\d{1,3}:\d{2}(:\d{2})?|(\d+ ?(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)\.? ?)+")
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
NAME = re.compile(r"[^\W\d_][^\d@]*([ ,][^\d@]*)?")
GRADE = re.compile(r"[A-F][+-]?|[WISUPN]|NP|NC|CR|INC")


@dataclass(frozen=True, slots=True)
class KnownValues:
    """What the workspace knows, so that cells tell what their column holds; personal, and never shown."""

    person_ids: frozenset[str] = field(default=frozenset(), repr=False)
    """Without leading zeros, in small letters."""
    emails: frozenset[str] = field(default=frozenset(), repr=False)
    titles: frozenset[str] = frozenset()
    """Of the course map, folded; its course ids among them where these are titles."""
    codes: frozenset[str] = frozenset()
    columns: Mapping[Role, str] = field(default_factory=dict)
    """Role → the heading of this file's column that plays it, as a person said."""
    course: str = ""
    """The course that every row of this file is about, as a person said."""


def known_of(
    *,
    ids: Collection[str] = (),
    emails: Collection[str] = (),
    titles: Collection[str] = (),
    codes: Collection[str] = (),
) -> KnownValues:
    """Return what is known of the district's own people and courses, ready to be compared with cells."""
    return KnownValues(
        frozenset(map(bare_id, filter(None, ids))),
        frozenset(map(fold, filter(None, emails))),
        frozenset(map(fold, filter(None, titles))),
        frozenset(map(bare_id, filter(None, codes))),
    )


def bare_id(words: str) -> str:
    """Return an id as it is left when a spreadsheet has taken it for a number."""
    return fold(words).removesuffix(".0").lstrip("0")


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column below the header; each share is of its filled cells, 0 … 1, and 0 for a column without any."""

    index: int
    """0-based."""
    heading: str
    ideas: frozenset[Idea]
    cells: tuple[Cell, ...]
    """The filled ones."""
    rows: int
    """How many rows there are below the header."""
    roster_ids: float
    emails: float
    titles: float
    codes: float
    days: float
    durations: float
    percents: float
    numbers: float
    states: float
    names: float
    """Words without digits."""
    is_course: bool = False
    """True where its heading is the title of a course on the map."""

    @property
    def filled(self) -> bool:
        """Tell whether the column holds anything."""
        return bool(self.cells)

    @property
    def words(self) -> tuple[str, ...]:
        """Return its different texts, blanks collapsed, in alphabetical order."""
        return tuple(sorted({plain(text(value)) for _, value in self.cells}, key=fold))

    @property
    def counts_rows(self) -> bool:
        """Tell whether its cells are 1, 2, 3 and so on: numbers of lines, or of answers to a form."""
        numbers = [plain(text(value)).removesuffix(".0") for _, value in self.cells]
        return numbers == [str(n) for n in range(1, len(numbers) + 1)]

    @property
    def is_forbidden(self) -> bool:
        """Tell whether it may hold social security numbers or birth dates: it is neither used nor shown."""
        folded = fold(self.heading)
        ssn = sum(is_ssn(value) for _, value in self.cells)
        return bool(SSN_HEADING.search(folded) or BIRTH_HEADING.search(folded)) or ssn * 2 > len(self.cells) > 0

    @property
    def repeats(self) -> bool:
        """Tell whether few different words stand in many rows, as states do; a column of three words may be one."""
        different = len(self.words)
        return 0 < different <= FEW_WORDS and (different < len(self.cells) or different <= SAMPLES)

    @property
    def decides(self) -> bool:
        """Tell whether few different words stand in it, some of them a state and nothing else, under any heading."""
        return self.repeats and any(map(is_state, self.words))

    @property
    def is_of_person(self) -> bool:
        """Tell whether letters below the heading say what somebody is (`MI`, `Gender`), and are no grades."""
        return bool(OF_PERSON & set(heading_words(self.heading)))

    @property
    def samples(self) -> tuple[str, ...]:
        """Return a few of its different texts in the sheet's order."""
        fit = dict.fromkeys(plain(text(_fit_to_show(value))) for _, value in self.cells)
        return tuple(list(filter(None, fit))[:SAMPLES])


def _fit_to_show(value: Value) -> Value:
    return without_birth_days(without_ssn(value, bare=True)[0], inside=True)[0]


def profile(index: int, heading: str, rows: Sequence[Row], *, known: KnownValues) -> ColumnProfile:
    """Return what the cells of a column hold; `heading` is that of the whole header."""
    cells = tuple((address(row.number, index), row.cell(index)) for row in rows if plain(text(row.cell(index))))
    values = [value for _, value in cells]
    texts = [plain(text(value)) for value in values]

    def share(fits: Callable[[str], object]) -> float:
        return sum(bool(fits(words)) for words in texts) / len(texts) if texts else 0.0

    return ColumnProfile(
        index=index,
        heading=heading,
        ideas=ideas_of(heading),
        cells=cells,
        rows=len(rows),
        roster_ids=share(lambda words: bare_id(words) in known.person_ids),
        emails=share(lambda words: "@" in words.strip("@")),
        titles=share(lambda words: fold(words) in known.titles),
        codes=share(lambda words: bare_id(words) in known.codes),
        days=sum(map(_tells_day, values)) / len(values) if values else 0.0,
        durations=sum(map(_is_duration, values)) / len(values) if values else 0.0,
        percents=share(lambda words: words.endswith("%") and NUMBER.fullmatch(words.rstrip("% "))),
        numbers=share(lambda words: NUMBER.fullmatch(words.rstrip("% "))),
        states=share(lambda words: meaning(words) is not None or GRADE.fullmatch(words)),
        names=share(NAME.fullmatch),
        is_course=fold(heading) in known.titles,
    )


def _tells_day(value: Value) -> bool:
    """Tell whether a cell is a day, or the days of several sessions."""
    if isinstance(value, str) and ";" in value:
        return all(is_day(plain(part)) for part in value.split(";") if plain(part))
    return is_day(value)


def _is_duration(value: Value) -> bool:
    is_time = isinstance(value, time) and not isinstance(value, date)
    return is_time or (isinstance(value, str) and bool(DURATION.fullmatch(plain(value))))
