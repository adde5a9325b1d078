"""What an unmapped course may teach: ranked topics with the reasons in words; suggestions, never applied. Pure.

Three things speak for a topic: phrases of course titles that trainers keep (`mappings/phrases.toml`), the statute's
own words, and titles that the map has decided already, those that teach none of the thirteen too. Their weights
were set by hand; `benchmarks/suggest.py` measures them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz import fuzz

from lms_sync.model.course_map import CourseMap
from lms_sync.workspace.mapping.phrases import (
    Phrases,
    Setting,
    Words,
    hit,
    hits,
    joint,
    number_of,
    numbers_of,
    places,
    tells_no_part,
    title_words,
)

STRONG, WEAK, YOUNG, SECOND = 0.75, 0.35, 0.22, 0.15
"""What the first phrase of a kind gives a topic, words about young people beside it, and each further phrase."""
WORDING = 0.55
"""What the whole of the statute's words would give."""
ALIKE = 0.86
"""The likeness (0 … 1) of two titles from which on the map's decision about one speaks for the other."""
LEAST = 0.52
"""A topic under this score is no suggestion: a wrong topic costs a trainer a look, a missed one a search."""


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
    reasons: Words


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
        return tuple(sorted(rank.topic for rank in self.ranked if rank.score >= max(LEAST, best * 0.85)))


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests by what is known of the topics and of titles decided before."""

    phrases: Phrases
    wordings: Mapping[int, frozenset[str]]
    """Topic → the stems of the statute's words."""
    weights: Mapping[str, float]
    """Stem → how much it tells: the rarer among the thirteen, the more."""
    decided: Mapping[Words, Sequence[tuple[str, KnownTitle]]]
    """The numbers in a title → its words in alphabetical order, and what was decided about it."""

    def of(self, title: str) -> Suggestion:
        """Return what a title speaks for."""
        words = title_words(title)
        subject = self._subject(words)
        twin = self._twin(title)
        if twin is not None and not twin.topics:
            return Suggestion(
                title, self._ranked(subject, None), f"like “{twin.title}”, which teaches none{_at(twin)}"
            )
        if whole := self._whole(words):
            reason, topics = whole
            return Suggestion(title, tuple(Ranked(n, 0.9, (reason,)) for n in sorted(topics)), "")
        ranked = self._ranked(subject, twin)
        if ranked and ranked[0].score >= LEAST:
            return Suggestion(title, ranked, "")
        return Suggestion(title, ranked, self._why_none(words, subject))

    def _subject(self, words: Words) -> Words:
        """Return the words that are left when the law, the class, the part and the kind of item are set aside."""
        aside: set[int] = set()
        for phrase, at in places(self.phrases.frame, words):
            aside |= set(range(at, at + len(phrase)))
        for phrase, at in places(self.phrases.parts, words):
            after = at + len(phrase)
            if after < len(words) and len(number_of(words[after])) in (1, 2):
                aside |= set(range(at, after + 1))
        left = tuple(word for at, word in enumerate(words) if at not in aside)
        at_end = any(at + len(phrase) == len(left) for phrase, at in places(self.phrases.of_school, left))
        return left[:-1] if at_end else left

    def _whole(self, words: Words) -> tuple[str, frozenset[int]] | None:
        """Return (why, topics) of a programme of several topics, or of the whole series; None for any other title."""
        for phrases, topics in self.phrases.programmes:
            if name := hit(phrases, words):
                return f"the programme “{name}”", topics
        named = max(places(self.phrases.everything, words), key=lambda place: len(place[0]), default=None)
        if named is None:
            return None
        phrase, at = named
        beside = (*words[:at], *words[at + len(phrase) :])
        if not all(word in self.phrases.class_words or tells_no_part(word) for word in beside):
            return None
        if not self.phrases.classes & set(words):
            return None  # the law alone
        return f"“{' '.join(words[at : at + len(phrase)])}” names the whole series", frozenset(self.wordings)

    def _twin(self, title: str) -> KnownTitle | None:
        words = _in_order(title)
        alike = [
            (likeness, known)
            for other, known in self.decided.get(numbers_of(title), ())
            if (likeness := fuzz.ratio(words, other) / 100) >= ALIKE
        ]
        return max(alike, key=lambda twin: twin[0], default=(0.0, None))[1]

    def _ranked(self, words: Words, twin: KnownTitle | None) -> tuple[Ranked, ...]:
        out = self._ruled_out(words)
        young = hit(self.phrases.young, words)
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
        return tuple(sorted(found, key=lambda rank: (-rank.score, rank.topic)))

    def _scored(self, number: int, words: Words, young: str) -> tuple[float, list[str]]:
        strong = hits(self.phrases.strong[number], words)
        pairs = [pair for idea in self.phrases.together.get(number, ()) if (pair := joint(idea, words, strong))]
        clear = (*strong, *(phrase for phrase, _ in pairs))
        weak = [
            phrase for phrase in hits(self.phrases.weak[number], words) if not any(phrase in other for other in clear)
        ]
        firsts = [*[STRONG] * len(strong), *(score for _, score in pairs), *[WEAK] * len(weak)]
        score = max(firsts, default=0.0) + SECOND * max(0, len(firsts) - 1)
        phrases = (*clear, *weak)
        reasons = [f"“{phrase}”" for phrase in phrases]
        if reasons and young and young not in " ".join(phrases):
            score += YOUNG
            reasons.append(f"about young people: “{young}”")
        shared, wording = self._wording(number, words, phrases)
        return score + shared, [*reasons, *wording]

    def _wording(self, number: int, words: Words, phrases: Iterable[str]) -> tuple[float, list[str]]:
        """Return what the statute's own words in a title give a topic, those of phrases left out, and the reason."""
        heard = {word for phrase in phrases for word in phrase.split()}
        shared = {_stem(word) for word in words if word not in heard} & self.wordings[number]
        total = sum(self.weights[stem] for stem in self.wordings[number])
        if not shared or not total:
            return 0.0, []
        named = sorted({word for word in words if _stem(word) in shared})
        score = WORDING * sum(self.weights[stem] for stem in shared) / total
        return score, [f"the law's own words: {', '.join(named)}"]

    def _ruled_out(self, words: Words) -> frozenset[int]:
        every = frozenset(self.wordings)
        return frozenset().union(*(setting.topics or every for setting, _ in self._settings(words)))

    def _settings(self, words: Words) -> Iterator[tuple[Setting, str]]:
        """Yield (setting, the words that tell it) for each setting of the title."""
        young = hit(self.phrases.young, words)
        for setting in self.phrases.against:
            otherwise = (setting.unless_young and young) or hit(setting.but, words)
            if not otherwise and (phrase := hit(setting.phrases, words)):
                yield setting, phrase

    def _why_none(self, words: Words, subject: Words) -> str:
        if phrase := next((found for _, found in self._settings(words)), ""):
            return f"“{phrase}” speaks of something else"
        if any(map(number_of, words)) and len([word for word in subject if not number_of(word)]) <= 2:
            return "a number means nothing: providers list the topics in different orders"
        if not subject:
            return "it names only the law, the class or a kind of item"
        return "no word of it speaks clearly for any of the thirteen"


def suggester(phrases: Phrases, topics: Mapping[int, str], known: Iterable[KnownTitle]) -> Suggester:
    """Return a suggester; `topics` are the thirteen by number in the statute's words."""
    stems = {
        number: frozenset(_stem(w) for w in title_words(text) if w not in phrases.common)
        for number, text in topics.items()
    }
    every = {stem for own in stems.values() for stem in own}
    weights = {stem: log(1 + len(stems) / sum(stem in own for own in stems.values())) for stem in every}
    decided: dict[Words, list[tuple[str, KnownTitle]]] = {}
    for known_title in known:
        decided.setdefault(numbers_of(known_title.title), []).append((_in_order(known_title.title), known_title))
    return Suggester(phrases, stems, weights, decided)


def known_titles(course_map: CourseMap) -> tuple[KnownTitle, ...]:
    """Return the titles that the map has decided about, each under the names that its row gives it."""
    return tuple(
        KnownTitle(title, row.topics, row.cell)
        for row in course_map.rows
        if row.decided_on
        for title in dict.fromkeys(filter(None, (row.title, row.unit or row.course)))
    )


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ing", "ies", "es", "ed", "s", "al", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _in_order(title: str) -> str:
    return " ".join(sorted(title_words(title)))


def _at(known: KnownTitle) -> str:
    return f" ({known.where})" if known.where else ""
