"""The one way by which a text reaches a partner's document: an allow-list, held by a type.

What partners' templates, workbooks and PDFs get are values of `PartnerText`, and no other module makes one
(tests/compliance/test_gate.py). What stands open to everybody goes through a function of this module; what depends on
the reader goes through the reader's `Gate`, which looks names up and never searches for words in them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NewType

from lms_sync.compliance.class_hours import is_figure
from lms_sync.model.evidence import Claim, Completion, Credit
from lms_sync.model.finding import Origin
from lms_sync.model.names import plain_words
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.store.known.readers import name_key
from lms_sync.text import fold, written_day
from lms_sync.workspace.settings.sources import A_FILE

PartnerText = NewType("PartnerText", str)
"""A text that the partner for whom it was made may read."""

NOTHING = PartnerText("")
RECORDED = PartnerText("recorded")
"""Stands for a host school or an experienced officer that the reader may not be told."""
ON_FILE = PartnerText("the reason is on file with the district")
"""Stands for what HR wrote when it decided: no partner reads that."""
_ROW = re.compile(r"[0-9]+$")


def program(words: str) -> PartnerText:
    """Return words that stand in the program itself; a test holds that nothing else is given here."""
    return PartnerText(words)


def made_up(words: str) -> PartnerText:
    """Return a text of the samples by which `check` tries the templates; nothing that goes out holds one."""
    return PartnerText(words)


def fill(words: str, *values: "PartnerText | int | Decimal | date") -> PartnerText:
    """Return the program's words with values in their `{}`, days as sentences write them: `3 Nov 2026`.

    A sentence that ends in *Jr.* ends with that full stop.
    """
    text = words.format(*map(_days_written, values))
    return PartnerText(text[:-1] if text.endswith("..") and words.endswith("{}.") else text)


def _days_written(value: "PartnerText | int | Decimal | date") -> "PartnerText | int | Decimal | date | str":
    if isinstance(value, str):  # nearly all are
        return value
    return written_day(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def joined(separator: str, texts: Iterable[PartnerText]) -> PartnerText:
    """Return the texts that are not empty, drawn together by words of the program."""
    return PartnerText(separator.join(text for text in texts if text))


def law_text(words: str) -> PartnerText:
    """Return words of the law: a requirement's id or name, a citation, the version, a sentence that the rules say."""
    return PartnerText(words)


def reason_of_hr(words: str) -> PartnerText:
    """Return what stands for a reason that HR wrote; nothing where it wrote none."""
    return ON_FILE if words else NOTHING


def reason_for_readers(words: str) -> PartnerText:
    """Return a reason that HR wrote to be read by who gets it; `others_named` found that it names nobody else."""
    return PartnerText(words)


def setting(words: str) -> PartnerText:
    """Return what the district's settings state for every reader: its name, whom to write to, an ESD's name."""
    return PartnerText(words)


def own_row(words: str) -> PartnerText:
    """Return a text of the reader's own rows on the roster, or of its own people's certificates and documents."""
    return PartnerText(words)


def map_cell(cell: str) -> PartnerText:
    """Return where a row stands in the course map: `Courses!B12`."""
    return PartnerText(cell)


@dataclass(frozen=True, slots=True)
class Gate:
    """What one reader may read."""

    reader: str
    """A Partner ID; empty for a reader to whom no name of a file belongs."""
    readers: Mapping[str, frozenset[str]]
    """`name_key` → the Partner IDs to which the people of all its items were ever assigned; `NOBODY_KNOWN` among
    them where somebody's cannot be told."""
    shown_as: Mapping[str, str]
    """Source → what partners read instead of its name."""
    named: Mapping[str, frozenset[str]]
    """Every title, provider, link and place of the trainer's map → the Partner IDs that it names."""
    topics: Mapping[str, str]
    """Requirement → the law's name."""
    buildings: Mapping[str, str] = field(default_factory=dict)
    """Folded → as the roster writes it."""
    people: Mapping[frozenset[str], str] = field(default_factory=dict)
    """The words of a name → the name of one of the reader's own people."""
    everything: bool = False
    """True for the district itself, which reads every text as it is."""

    def source(self, name: str) -> PartnerText:
        """Return what a source is called."""
        return PartnerText(name if self.everything else self.shown_as.get(name, A_FILE))

    def is_reader(self, name: str) -> bool:
        """Tell whether a name of the trainer's map names the reader and nobody else."""
        return bool(self.reader) and self.named.get(name) == frozenset({self.reader})

    def origin(self, source: str, place: Origin, words: str = "") -> PartnerText:
        """Return where an item was read; `words` are the whole of it, for the district."""
        if self.everything:
            return PartnerText(words or str(place))
        row = f", row {found[0]}" if (found := _ROW.search(place.cell)) else ""
        if not self._is_own("file", place.file):
            return PartnerText(f"{self.source(source)}{row}")
        if place.sheet and not self._is_own("sheet", place.sheet):
            return PartnerText(f"{place.file}{row}")
        return PartnerText(str(place))

    def list_of_esd(self, origin: str) -> PartnerText:
        """Return where a list of an ESD, which names people of everybody, tells of one; empty for no list."""
        if self.everything or not origin:
            return PartnerText(origin)
        return PartnerText(f"the ESD's list, row {row[0]}" if (row := _ROW.search(origin)) else "the ESD's list")

    def record(self, key: str) -> PartnerText:
        """Return the key of a stored record or claim: a hash made with the workspace's key."""
        return PartnerText(key)

    def title(self, counted: Credit | Claim | ExpectedTraining) -> PartnerText:
        """Return what a completion is called: the trainer's title, the source's where that is the reader's own."""
        if counted.as_read and counted.title not in self.named:  # the map may go by the source's very words
            return self.course(counted.title, instead=self.topic(counted.requirement))
        return self.trained(counted.title, instead=self.topic(counted.requirement))

    def course(self, *names: str, instead: PartnerText) -> PartnerText:
        """Return the names of a course and its unit as a source writes them, or `instead`."""
        own = self.everything or all(self._is_own("course", name) for name in names if name)
        return PartnerText(" / ".join(name for name in names if name)) if own else instead

    def read_as(self, completion: Completion, *, instead: PartnerText) -> PartnerText:
        """Return what a completion without a row in the map is called."""
        course = completion.course_title or completion.course
        return self.course(course, completion.unit_title or completion.unit, instead=instead)

    def trained(self, text: str, *, instead: PartnerText = NOTHING) -> PartnerText:
        """Return a title, a provider or a link of the trainer's map; `instead` where it names another partner."""
        if self.everything or not text:
            return PartnerText(text)
        named = self.named.get(text)
        return instead if named is None or named - {self.reader} else PartnerText(text)

    def offered(self, text: str) -> PartnerText:
        """Return a text of an offering that is open to the reader."""
        return PartnerText(text)

    def topic(self, *requirements: str) -> PartnerText:
        """Return the law's names of requirements."""
        return PartnerText("; ".join(self.topics.get(requirement, requirement) for requirement in requirements))

    def school(self, name: str) -> PartnerText:
        """Return a host school that is one of the roster's buildings, as the roster writes it."""
        if self.everything or not name:
            return PartnerText(name)
        return PartnerText(self.buildings.get(fold(name), RECORDED))

    def officer(self, name: str) -> PartnerText:
        """Return an experienced officer who is one of the reader's own people, as the roster writes the name."""
        if self.everything or not name:
            return PartnerText(name)
        return PartnerText(self.people.get(frozenset(plain_words(name)), RECORDED))

    def taught(self, detail: str) -> PartnerText:
        """Return a class's instructor or place as a source writes it, where that is the reader's own."""
        own = self.everything or not detail or self._is_own("course", detail)
        return PartnerText(detail) if own else RECORDED

    def hours(self, figure: str) -> PartnerText:
        """Return how many hours a class took, where the text is such a figure and nothing else."""
        return PartnerText(figure) if self.everything or is_figure(figure) else RECORDED

    def _is_own(self, kind: str, name: str) -> bool:
        """Tell whether every item ever read under a name was of people who worked for the reader and nobody else."""
        return bool(name and self.reader) and self.readers.get(name_key(kind, name)) == frozenset({self.reader})
