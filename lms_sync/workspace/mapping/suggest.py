"""What an unmapped course may teach: ranked topics with the reasons in words; suggestions, never applied. Pure.

Three things speak for a topic: phrases of course titles that trainers keep (`mappings/phrases.toml`), the statute's
own words, and titles that the map has decided already, those that teach none of the thirteen too. Their weights
were set by hand; `benchmarks/suggest.py` measures them.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from rapidfuzz import fuzz

from lms_sync.errors import ConfigError
from lms_sync.model.course_map import CourseMap
from lms_sync.text import fold

STRONG, WEAK, YOUNG, SECOND = 0.75, 0.35, 0.22, 0.15
"""What the first phrase of a kind gives a topic, words about young people beside it, and each further phrase."""
WORDING = 0.55
"""What the whole of the statute's words would give."""
ALIKE = 0.86
"""The likeness (0 … 1) of two titles from which on the map's decision about one speaks for the other."""
LEAST = 0.5
"""A topic under this score is no suggestion: a wrong topic costs a trainer a look, a missed one a search."""
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "best",
        "by",
        "for",
        "from",
        "in",
        "including",
        "into",
        "issues",
        "of",
        "on",
        "or",
        "practices",
        "s",
        "school",
        "schools",
        "the",
        "their",
        "to",
        "training",
        "with",
        "working",
        "youth",
    ]
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What `phrases.toml` says, each phrase as a tuple of words; `=` before a word asks for the whole word."""

    strong: Mapping[int, tuple[tuple[str, ...], ...]]
    weak: Mapping[int, tuple[tuple[str, ...], ...]]
    young: tuple[tuple[str, ...], ...]
    everything: tuple[tuple[str, ...], ...]
    not_everything: tuple[tuple[str, ...], ...]
    against: tuple[tuple[tuple[tuple[str, ...], ...], frozenset[int]], ...]
    """(phrases, topics that they rule out; empty for all)."""


@dataclass(frozen=True, slots=True)
class KnownTitle:
    """A title about which somebody has decided."""

    title: str
    topics: tuple[int, ...]
    """Empty: it teaches none of the thirteen."""
    where: str = ""
    """The row that says so, `Courses!B12`."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One topic that a course may teach."""

    topic: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a title speaks for. `ranked` holds every topic with any score, best first."""

    title: str
    ranked: tuple[Ranked, ...]
    no_topic: str
    """Why none of the thirteen is suggested; empty when any is."""

    @property
    def topics(self) -> tuple[int, ...]:
        """Return the suggested topics, ascending; empty for "no topic"."""
        if self.no_topic or not self.ranked:
            return ()
        # Beside the best only what is nearly as good: most courses teach one topic.
        best = self.ranked[0].score
        return tuple(sorted(ranked.topic for ranked in self.ranked if ranked.score >= max(LEAST, best * 0.85)))


def read_phrases(path: Path) -> Phrases:
    """Return the phrases of a file. Raises: ConfigError when it can't be read."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        topics = {int(one["number"]): one for one in data["topic"]}
        return Phrases(
            {number: _split(one.get("strong", ())) for number, one in topics.items()},
            {number: _split(one.get("weak", ())) for number, one in topics.items()},
            _split(data["young"]),
            _split(data["all"]),
            _split(data["not_all"]),
            tuple((_split(one["phrases"]), frozenset(one.get("topics", ()))) for one in data.get("against", ())),
        )
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path.name} can't be read: {error}", hint="Compare it with the shipped mappings/phrases.toml."
        ) from error


def _split(phrases: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests by what is known of the topics and of titles decided before."""

    phrases: Phrases
    wordings: Mapping[int, frozenset[str]]
    """Topic → the stems of the statute's words."""
    weights: Mapping[str, float]
    """Stem → how much it tells: the rarer among the thirteen, the more."""
    known: Sequence[KnownTitle] = ()

    def of(self, title: str) -> Suggestion:
        """Return what a title speaks for."""
        words = title_words(title)
        twin = self._twin(title)
        if twin is not None and not twin.topics:
            return Suggestion(title, self._ranked(words, None), f"like “{twin.title}”, which teaches none{_at(twin)}")
        if whole := self._whole(words):
            reason = f"“{whole}” names the whole series"
            return Suggestion(title, tuple(Ranked(n, 0.9, (reason,)) for n in sorted(self.wordings)), "")
        ranked = self._ranked(words, twin)
        if ranked and ranked[0].score >= LEAST:
            return Suggestion(title, ranked, "")
        return Suggestion(title, ranked, self._why_none(words))

    def _whole(self, words: tuple[str, ...]) -> str:
        """Return what names the whole series, unless the title narrows it to a part or to one topic."""
        narrow = _hit(self.phrases.not_everything, words) or any(_hit(p, words) for p in self.phrases.strong.values())
        return "" if narrow else _hit(self.phrases.everything, words)

    def _twin(self, title: str) -> KnownTitle | None:
        best = max(self.known, key=lambda known_title: _alike(title, known_title.title), default=None)
        return best if best is not None and _alike(title, best.title) >= ALIKE else None

    def _ranked(self, words: tuple[str, ...], twin: KnownTitle | None) -> tuple[Ranked, ...]:
        out = self._ruled_out(words)
        young = _hit(self.phrases.young, words)
        found = []
        for number in sorted(self.wordings):
            score, reasons = self._scored(number, words, young)
            if twin is not None and number in twin.topics:
                score = max(score, 0.8) + SECOND
                reasons.append(f"like “{twin.title}”, which teaches it{_at(twin)}")
            elif number in out:
                score, reasons = 0.0, []
            if score:
                found.append(Ranked(number, round(score, 4), tuple(reasons)))
        return tuple(sorted(found, key=lambda ranked: (-ranked.score, ranked.topic)))

    def _scored(self, number: int, words: tuple[str, ...], young: str) -> tuple[float, list[str]]:
        strong = _hits(self.phrases.strong[number], words)
        weak = [hit for hit in _hits(self.phrases.weak[number], words) if not any(hit in two for two in strong)]
        score = (STRONG if strong else WEAK if weak else 0.0) + SECOND * max(0, len(strong) + len(weak) - 1)
        reasons = [f"“{one}”" for one in (*strong, *weak)]
        if reasons and young and young not in " ".join((*strong, *weak)):
            score += YOUNG
            reasons.append(f"about young people: “{young}”")
        said = {word for hit in (*strong, *weak) for word in hit.split()}
        shared = {_stem(word) for word in words if word not in said} & self.wordings[number]
        total = sum(self.weights[stem] for stem in self.wordings[number])
        if shared and total:
            score += WORDING * sum(self.weights[stem] for stem in shared) / total
            named = sorted({word for word in words if _stem(word) in shared})
            reasons.append(f"the law's own words: {', '.join(named)}")
        return score, reasons

    def _ruled_out(self, words: tuple[str, ...]) -> frozenset[int]:
        every = frozenset(self.wordings)
        return frozenset().union(
            *((topics or every) for phrases, topics in self.phrases.against if _hit(phrases, words))
        )

    def _why_none(self, words: tuple[str, ...]) -> str:
        said = [hit for phrases, _ in self.phrases.against if (hit := _hit(phrases, words))]
        if said:
            return f"“{said[0]}” speaks of something else"
        if any(word.isdigit() for word in words) and len([w for w in words if not w.isdigit()]) <= 2:
            return "a number tells nothing: providers list the topics in different orders"
        return "no word of it speaks clearly for any of the thirteen"


def suggester(phrases: Phrases, topics: Mapping[int, str], known: Iterable[KnownTitle]) -> Suggester:
    """Return a suggester; `topics` are the thirteen by number in the statute's words."""
    stems = {
        number: frozenset(_stem(w) for w in title_words(text) if w not in _COMMON) for number, text in topics.items()
    }
    every = {stem for mine in stems.values() for stem in mine}
    weights = {stem: log(1 + len(stems) / sum(stem in mine for mine in stems.values())) for stem in every}
    return Suggester(phrases, stems, weights, tuple(known))


def known_titles(course_map: CourseMap) -> tuple[KnownTitle, ...]:
    """Return the titles that the map has decided about, each under the names that its row gives it."""
    return tuple(
        KnownTitle(title, row.topics, row.cell)
        for row in course_map.rows
        if row.decided_on
        for title in dict.fromkeys(filter(None, (row.title, row.unit or row.course)))
    )


def title_words(title: str) -> tuple[str, ...]:
    """Return a title's words in small letters; `&` is read as `and`, `w/` as `with`."""
    text = fold(title).replace("&", " and ").replace("w/", "with ")
    return tuple("".join(c if c.isalnum() else " " for c in text).split())


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ing", "ies", "es", "ed", "s", "al", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _alike(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(" ".join(title_words(one)), " ".join(title_words(other))) / 100


def _hit(phrases: Iterable[tuple[str, ...]], words: tuple[str, ...]) -> str:
    return next(iter(_hits(phrases, words)), "")


def _hits(phrases: Iterable[tuple[str, ...]], words: tuple[str, ...]) -> list[str]:
    """Return the words of the title that the phrases fit, each once, longer phrases before those they contain."""
    found = {
        " ".join(words[at : at + len(p)])
        for p in phrases
        for at in range(len(words) - len(p) + 1)
        if _fits(p, words, at)
    }
    ordered = sorted(found, key=lambda one: (-len(one), one))
    return [one for i, one in enumerate(ordered) if not any(one in longer for longer in ordered[:i])]


def _fits(phrase: tuple[str, ...], words: tuple[str, ...], at: int) -> bool:
    return all(
        word == part[1:] if part.startswith("=") else word.startswith(part)
        for part, word in zip(phrase, words[at : at + len(phrase)], strict=True)
    )


def _at(known: KnownTitle) -> str:
    return f" ({known.where})" if known.where else ""
