"""Stored rows → those rows as this version would have stored them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from lms_sync.model.finding import UNNAMED, Area
from lms_sync.model.item_text import text_hash, text_repr
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.stored.pulled import FINDING
from lms_sync.operations.cleaning.kept_headings import Heading, Headings
from lms_sync.operations.pull.readable import (
    ABOUT_PEOPLE,
    HIDDEN,
    NOT_KEPT,
    QUOTED,
    hidden_name,
    hidden_text,
    ledger_name,
)
from lms_sync.sources.spreadsheet.forbidden import mask, without_birth_days, without_ssn
from lms_sync.store.kept_rows import Key, Rewrite
from lms_sync.text import fold, plain

Row = tuple[Key, Mapping[str, Any]]
TITLES = ("course", "course_title", "unit", "unit_title", "status")


@dataclass(frozen=True, slots=True)
class Stored:
    """What there is, as far as a cleaning looks at it."""

    items: tuple[Row, ...]
    """With their origins."""
    origins: tuple[Row, ...]
    completions: tuple[Row, ...]
    files: tuple[Row, ...]
    pulls: tuple[Row, ...]
    findings: tuple[Row, ...]
    learners: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Who may be on the roster or was once, and what must stay as it is."""

    ours: frozenset[tuple[str, str]]
    """(source, learner) of everybody who is or was on the roster, or may be."""
    held: frozenset[tuple[str, str]]
    """Those of them whom a hold covers: nothing of theirs is touched."""
    holds: bool
    """True while there is any hold: then nothing goes of which nobody can tell whose it is."""
    cited: frozenset[tuple[str, str]]
    """(source, record) of all that an issued report or document cites: it stays, with the name of its file."""


@dataclass(frozen=True, slots=True)
class CleaningRules:
    """By what rows are written anew."""

    headings: Mapping[str, Headings]
    """Source → its headings; those of sources that are gone under an empty name."""
    pseudonyms: Pseudonyms
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class CleaningPlan:
    """What a cleaning writes anew."""

    changes: tuple[Rewrite, ...]
    kept: int = 0
    """Rows that stay as they are because a hold covers them, or may."""

    @property
    def counts(self) -> dict[str, int]:
        """Return table → how many of its rows are written anew."""
        return dict(sorted(Counter(change.table for change in self.changes).items()))


def plan_cleaning(stored: Stored, whose: Whose, rules: CleaningRules) -> CleaningPlan:
    """Return what must be written anew so that nothing is kept which this version would not have stored."""
    planner = _Planner(stored, whose, rules)
    changes = (
        *planner.items(),
        *planner.origins(),
        *planner.completions(),
        *planner.files(),
        *planner.pulls(),
        *planner.findings(),
        *planner.learners(),
    )
    return CleaningPlan(changes, planner.kept)


class _Planner:
    """Goes through the tables; what is known of an item's completion is looked up once."""

    def __init__(self, stored: Stored, whose: Whose, rules: CleaningRules) -> None:
        self.stored = stored
        self.whose = whose
        self.rules = rules
        self.kept = 0
        self.learners_of: dict[Key, set[tuple[str, str]]] = defaultdict(set)
        self.courses_of: dict[Key, set[str]] = defaultdict(set)
        self.cited: set[Key] = set()
        for _, row in stored.completions:
            item = (row["source"], row["item_id"])
            self.learners_of[item].add((row["source"], row["learner"]))
            self.courses_of[item] |= {fold(row[name]) for name in TITLES[:4] if row[name]}
            if (row["source"], row["record"]) in whose.cited:
                self.cited.add(item)
        self.unnamed = self._unnamed()

    def _is_ours(self, key: Key, row: Mapping[str, Any]) -> bool:
        """Tell whether an item is of somebody of the roster; of one without a completion its own text tells."""
        if key in self.cited:
            return True
        if learners := self.learners_of.get(key):
            return bool(learners & self.whose.ours)
        headings = self._headings(row["source"])
        who = (words for heading, words in row["text"] if (h := headings.of(heading, frozenset())) and h.identifying)
        return any(words and not words.startswith("#") for words in who)

    def _is_held(self, key: Key) -> bool:
        learners = self.learners_of.get(key)
        return bool(learners & self.whose.held) if learners else self.whose.holds

    def _headings(self, source: str) -> Headings:
        return self.rules.headings.get(source, self.rules.headings[""])

    def _unnamed(self) -> dict[tuple[str, str], str]:
        """Return (source, sha256) → the name of every file that loses it; none while there is a hold."""
        ours = {(row["source"], row["sha256"]) for key, row in self.stored.items if self._is_ours(key, row)}
        files = {(row["source"], row["sha256"]): row["name"] for _, row in self.stored.files}
        files |= {(row["source"], row["sha256"]): row["file"] for _, row in self.stored.items if row["file"]}
        api = {(row["source"], row["sha256"]) for _, row in self.stored.files} - {
            (row["source"], row["sha256"]) for _, row in self.stored.items if row["file"]
        }
        if self.whose.holds:
            return {}
        return {
            key: name
            for key, name in files.items()
            if key not in ours and key not in api and not name.startswith((HIDDEN, UNNAMED))
        }

    def items(self) -> Iterator[Rewrite]:
        """Give the items with the columns that are kept."""
        for key, row in self.stored.items:
            text = tuple(self._text(key, row))
            if text == tuple(map(tuple, row["text"])):
                continue
            if self._is_held(key):
                self.kept += 1
                continue
            hashed = text_hash(row["record"], text_repr(text))
            yield Rewrite("item", key, {"text": [list(pair) for pair in text], "text_hash": hashed})

    def origins(self) -> Iterator[Rewrite]:
        """Give the origins with the names that their files keep."""
        held = {(row["source"], row["origin_id"]) for key, row in self.stored.items if self._is_held(key)}
        for key, row in self.stored.origins:
            file = row["file"]
            if file and (row["source"], row["sha256"]) in self.unnamed:
                file = f"{UNNAMED}{row['recorded_at'].astimezone(self.rules.zone).date().isoformat()}"
            if mask(file) == row["file"]:
                continue
            if key in held:
                self.kept += 1
                continue
            yield Rewrite("origin", key, {"file": mask(file)})

    def _text(self, key: Key, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        ours, headings = self._is_ours(key, row), self._headings(row["source"])
        courses = frozenset(self.courses_of.get(key, ()))
        for heading, words in row["text"]:
            meaning = headings.of(heading, courses)
            clean = _clean(words, meaning) if meaning else None
            if meaning is None or clean is None:
                continue
            yield heading, clean if ours or meaning.readable else self._hidden_text(clean)

    def completions(self) -> Iterator[Rewrite]:
        """Give the completions without social security numbers, and those of strangers without whom they name."""
        texts = dict(self.stored.items)
        for key, row in self.stored.completions:
            values = {name: mask(row[name]) for name in TITLES}
            attributes = {name: mask(words) for name, words in row["attributes"].items()}
            item = (row["source"], row["item_id"])
            if item in texts and not self._is_ours(item, texts[item]):
                hidden = self._hidden(texts[item])
                named = {name for name, words in attributes.items() if name in ABOUT_PEOPLE or words in hidden}
                attributes |= {name: self._hidden_text(attributes[name]) for name in named}
                if values["status"] in hidden:
                    values["status"] = self._hidden_text(values["status"])
            new = {**values, "attributes": attributes}
            if all(new[name] == row[name] for name in new):
                continue
            if self._is_held(item):
                self.kept += 1
                continue
            yield Rewrite("completion", key, new)

    def _hidden(self, item: Mapping[str, Any]) -> frozenset[str]:
        """Return the texts of an item that say who it was."""
        headings = self._headings(item["source"])
        known = ((words, headings.of(heading, frozenset())) for heading, words in item["text"])
        return frozenset(plain(words) for words, heading in known if heading and not heading.readable)

    def _hidden_text(self, words: str) -> str:
        return words if words.startswith("#") else hidden_text(words, self.rules.pseudonyms)

    def files(self) -> Iterator[Rewrite]:
        """Give the files of which only a hash of the name is kept."""
        for key, row in self.stored.files:
            if (row["source"], row["sha256"]) in self.unnamed:
                yield Rewrite("file", key, {"name": hidden_name(row["name"], self.rules.pseudonyms)})

    def pulls(self) -> Iterator[Rewrite]:
        """Give the pulls whose ledger names such files."""
        called: dict[tuple[str, str], str] = {
            (source, name): ledger_name(HIDDEN, sha256) for (source, sha256), name in self.unnamed.items()
        }
        for key, row in self.stored.pulls:
            ledger = {called.get((row["source"], name), name): counts for name, counts in row["ledger"].items()}
            if ledger.keys() != row["ledger"].keys():
                yield Rewrite("pull", key, {"ledger": ledger})

    def findings(self) -> Iterator[Rewrite]:
        """Give the findings without what they must not quote, and under the scope that such files have now."""
        scopes = {
            f"file {source} {name}": f"file {source} {hidden_name(name, self.rules.pseudonyms)}"
            for (source, _), name in self.unnamed.items()
        }
        for key, row in self.stored.findings:
            scope, payload = scopes.get(row["scope"], row["scope"]), row["payload"]
            finding = FINDING.read(payload)
            found = mask(finding.found)
            if row["cleared_at"] is not None and finding.area is Area.ROW and not self.whose.holds:
                found = QUOTED.sub(NOT_KEPT, found)
            where = "a file of nobody on the roster" if scope != row["scope"] and row["cleared_at"] else finding.where
            new = FINDING.plain(replace(finding, where=mask(where), found=found))
            if (scope, new) != (row["scope"], FINDING.plain(finding)):
                yield Rewrite("finding", key, {"scope": scope, "payload": new})

    def learners(self) -> Iterator[Rewrite]:
        """Give the learners without social security numbers in what is readable of them."""
        for key, row in self.stored.learners:
            masked = row["shown"] and {name: _masked(value) for name, value in row["shown"].items()}
            if masked == row["shown"]:
                continue
            if key[:2] in self.whose.held:
                self.kept += 1
                continue
            yield Rewrite("learner", key, {"shown": masked})


def _clean(words: str, heading: Heading) -> str | None:
    """Return a text that may stand under a heading; None where nothing is left of it."""
    value, _ = without_ssn(words, bare=heading.bare)
    if not heading.days:
        value, _ = without_birth_days(value, inside=heading.names)
    return value if isinstance(value, str) else None


def _masked(value: str | Iterable[str]) -> object:
    return mask(value) if isinstance(value, str) else [mask(words) for words in value]
