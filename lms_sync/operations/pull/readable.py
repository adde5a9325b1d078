"""What of a pull may be kept readable: of whoever may be on the roster what the layout names, of others nothing."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, Refused
from lms_sync.model.finding import UNNAMED
from lms_sync.model.learner_names import hidden, pseudonymous_learners
from lms_sync.model.pseudonyms import (
    PseudonymousLearner,
    Pseudonyms,
    learner_hash,
    pseudonymous_completion,
    pseudonymous_reading,
)
from lms_sync.people.match import Directory, names_somebody, who_may_be_ours
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.text import plain

ABOUT_PEOPLE = frozenset(("certificate", "enclosed", "experienced_officer", "instructor", "provider", "reported_by"))
"""Attributes of a completion that may name somebody."""
HIDDEN = "#"
"""What the hash of a file's name begins with."""
QUOTED = re.compile(r'"([^"]*)"')
NOT_KEPT = '"…"'
"""Stands in a finding for what a stranger's row says."""


def hidden_text(words: str, pseudonyms: Pseudonyms) -> str:
    """Return what is kept of a stranger's text: a short keyed hash, so that another text is known as another."""
    return f"#{pseudonyms.of('cell', words)[:8]}" if words else ""


def hidden_name(name: str, pseudonyms: Pseudonyms) -> str:
    """Return what is kept of the name of a file in which nobody of the roster stands: the same for the same name."""
    return f"{HIDDEN}{pseudonyms.of('file name', name)[:16]}"


def ledger_name(name: str, sha256: str) -> str:
    """Return how a night's ledger calls a file, by its name as it is kept."""
    return f"a file of nobody on the roster (sha256 {sha256[:8]}…)" if name.startswith(HIDDEN) else name


@dataclass(frozen=True, slots=True)
class FileName:
    """What is kept of a file's name."""

    kept: str
    """The name; or its hash where nobody of the roster stands in the file."""
    origin: str
    """What its items tell: the name, or the day on which it was read."""

    @property
    def named(self) -> bool:
        """Tell whether the name is kept."""
        return self.kept == self.origin


@dataclass(frozen=True, slots=True)
class Ours:
    """Tells which items of one source are of somebody who may be on the roster, and hides the others."""

    source: str
    learners: frozenset[str]
    """Keyed hashes of the learners who may be on the roster, or were once."""
    book: Directory
    pseudonyms: Pseudonyms
    seen: tuple[PseudonymousLearner, ...] = ()
    """Tonight's learners, in the clear only those who may be on the roster; without strangers who are known so."""
    _known: dict[str, Learner] = field(default_factory=dict)
    _named: dict[tuple[str, ...], bool] = field(default_factory=dict)
    """Identifying texts of items without a learner → whether they name somebody: each item is asked about twice."""

    def learner_by_hash(self, learner: Learner) -> Learner:
        """Return a learner of the source by its keyed hash, which is made once."""
        known = self._known.get(learner.key)
        if known is None:
            hashed = learner_hash(self.source, learner.key, self.pseudonyms)
            known = self._known[learner.key] = Learner(self.source, hashed)
        return known

    def has(self, item: Item) -> bool:
        """Tell whether an item is of somebody who may be on the roster."""
        if isinstance(item.reading, Completion | NotDone):
            return self.learner_by_hash(item.reading.learner).key in self.learners
        who = tuple([text for heading, text in item.text if heading in item.identifying])
        named = self._named.get(who)
        if named is None:
            named = self._named[who] = names_somebody(who, self.book, self.pseudonyms)
        return named

    def text(self, item: Item) -> tuple[tuple[str, str], ...]:
        """Return the text that is kept of an item."""
        if self.has(item):
            return item.text
        return tuple(
            (heading, words if heading in item.readable else hidden_text(words, self.pseudonyms))
            for heading, words in item.text
        )

    def reading(self, item: Item) -> Reading:
        """Return the reading that is kept of an item, with keyed hashes for record and learner."""
        if not isinstance(item.reading, Completion):
            return pseudonymous_reading(item.reading, self.pseudonyms)
        learner = self.learner_by_hash(item.reading.learner)
        reading = pseudonymous_completion(item.reading, self.pseudonyms, learner)
        if learner.key in self.learners:
            return reading
        hidden = frozenset(plain(words) for heading, words in item.text if heading not in item.readable)
        attributes = tuple(
            (name, hidden_text(words, self.pseudonyms) if name in ABOUT_PEOPLE or words in hidden else words)
            for name, words in reading.attributes
        )
        status = hidden_text(reading.status, self.pseudonyms) if reading.status in hidden else reading.status
        return replace(reading, status=status, attributes=attributes)

    def name_of(self, file: FileRead, day: date) -> FileName:
        """Return what is kept of a file's name; `day` is the one on which its content was first read.

        The whole where an item of it is of somebody who may be on the roster, and of what is no file.
        """
        ours = any(person.learner in self.learners for person in chain(file.known.stated, file.plain.stated))
        # Somebody may be on the roster of whom nothing is done: then nothing but the rows says so.
        ours = ours or any(map(file.known.rows.in_clear.__getitem__, file.known.not_done.places))
        if file.failed or ours or any(item.origin.url or self.has(item) for item in file.items):
            return FileName(file.name, file.name)
        return FileName(hidden_name(file.name, self.pseudonyms), f"{UNNAMED}{day.isoformat()}")


Strangers = Callable[[Collection[Learner]], frozenset[str]]
"""Gives those of a pull's learners who are kept as strangers, and of whom source and roster say nothing new."""


def no_stranger(_learners: Collection[Learner]) -> frozenset[str]:
    """Return nobody: each learner is looked for on the roster."""
    return frozenset()


def ours_of(
    pull: Pull,
    in_clear: frozenset[str],
    book: Directory,
    pseudonyms: Pseudonyms,
    *,
    strangers: Strangers = no_stranger,
) -> Ours:
    """Return what tells whose items of a pull may be of somebody on the roster.

    `in_clear` are the learners of its source that are kept so. Who was before stays so: what is known of people who
    left goes by retention, not by a pull.
    """
    read = _learners(pull)
    known = strangers(read)
    new = (who for who in read if not known or learner_hash(who.source, who.key, pseudonyms) not in known)
    learners = pseudonymous_learners(new, pseudonyms)
    ours = in_clear | who_may_be_ours(learners, book)
    seen = tuple(learner if learner.learner in ours else hidden(learner, pseudonyms) for learner in learners)
    return Ours(pull.source, ours, book, pseudonyms, seen)


def _learners(pull: Pull) -> Collection[Learner]:
    """Return every learner as read, once."""
    found: dict[Learner, None] = {}
    last: dict[str, Learner] = {}
    for file in pull.files:
        whose = file.plain.columns.whose if file.plain else ()
        for part in file.plain.among(file.items, whose):
            learner = _learner_of(part) if isinstance(part, Item) else part.says
            if learner is not None:
                before = last.get(learner.key)
                if before is not learner and before != learner:  # the rows of one say the same as a rule
                    found[learner] = None
                    last[learner.key] = learner
    return found


def _learner_of(item: Item) -> Learner | None:
    return item.reading.learner if isinstance(item.reading, Completion | NotDone) else None


def without_quotes(pull: Pull, ours: Ours) -> Pull:
    """Return the pull with findings that quote nothing of rows which name nobody on the roster.

    What such a row says in a column that tells nothing of people, such as a status word, is quoted all the same.
    """
    return replace(pull, files=tuple(_without_quotes(file, ours) for file in pull.files))


def _without_quotes(file: FileRead, ours: Ours) -> FileRead:
    if not any(isinstance(item.reading, Refused) for item in file.items):
        return file
    return replace(file, items=tuple(_quoting_nobody(item, ours) for item in file.items))


def _quoting_nobody(item: Item, ours: Ours) -> Item:
    if not isinstance(item.reading, Refused) or not item.text or ours.has(item):
        return item
    readable = [plain(words) for heading, words in item.text if heading in item.readable]

    def kept(match: re.Match[str]) -> str:
        return match[0] if any(plain(match[1]) in words for words in readable) else NOT_KEPT

    finding = item.reading.finding
    return replace(item, reading=Refused(replace(finding, found=QUOTED.sub(kept, finding.found))))
