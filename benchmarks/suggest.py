"""Suggested topics measured on 120 titles by cross-validation, beside TF-IDF with a logistic regression.

Run `make bench`, which installs scikit-learn. The titles (data/course_titles.csv: real ones of ESDs, Vector, NASRO
and WSCJTC among look-alikes; a human's reading of what each teaches) are dealt into five folds, five times; a
fold's titles are suggested by what the other four say. Whoever wrote `mappings/phrases.toml` had seen the titles,
so those of another list will do worse. It prints; it asserts nothing.
"""

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.multiclass import OneVsRestClassifier  # type: ignore[import-untyped]
from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped]

from lms_sync.files import shipped
from lms_sync.law.series import load
from lms_sync.workspace.mapping.phrases import read_phrases
from lms_sync.workspace.mapping.suggest import KnownTitle, suggester

FOLDS, ROUNDS = 5, 5
NONE = 0
"""Stands for "no topic" in a ranking."""
Rank = Callable[[str], Sequence[int]]
"""Title → topics, best first, NONE among them."""


def titles() -> list[KnownTitle]:
    """Return the titles with their topics."""
    path = Path(__file__).parent / "data" / "course_titles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            KnownTitle(row["title"], tuple(int(n) for n in row["topics"].split(";") if n))
            for row in csv.DictReader(file)
        ]


def held_out() -> dict[str, list[KnownTitle]]:
    """Return the sets of titles that were written before the phrases that suggest for them, by their number."""
    path = Path(__file__).parent / "data" / "held_out_titles.csv"
    sets: dict[str, list[KnownTitle]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            topics = tuple(int(n) for n in row["topics"].split(";") if n)
            sets.setdefault(row["set"], []).append(KnownTitle(row["title"], topics))
    return sets


def ours(known: Sequence[KnownTitle]) -> Rank:
    """Return the program's ranking, learnt from `known`."""
    suggest = suggester(read_phrases(shipped("mappings") / "phrases.toml"), load().wordings, known)

    def rank(title: str) -> list[int]:
        found = suggest.of(title)
        topics = [one.topic for one in found.ranked]
        return [NONE, *topics] if found.no_topic else [*topics, NONE]

    return rank


def theirs(known: Sequence[KnownTitle]) -> Rank:
    """Return the ranking of one logistic regression a topic (and one for none) on words and character n-grams."""
    words = TfidfVectorizer(sublinear_tf=True)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    model = make_pipeline(
        make_union(words, grams), OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced"))
    )
    labels = [[int(n in one.topics or (n == NONE and not one.topics)) for n in range(14)] for one in known]
    model.fit([one.title for one in known], labels)

    def rank(title: str) -> list[int]:
        chances = model.predict_proba([title])[0]
        return sorted(range(14), key=lambda n: -chances[n])

    return rank


def tried(rank: Rank, dealt: Sequence[KnownTitle]) -> tuple[float, float, float]:
    """Return (top-1, top-3, share of titles without a topic that are given one)."""
    first, third, wrong = [], [], []
    for one in dealt:
        ranked = rank(one.title)
        if one.topics:
            first.append(ranked[0] in one.topics)
            third.append(any(topic in one.topics for topic in ranked[:3]))
        else:
            wrong.append(ranked[0] != NONE)
    return mean(first), mean(third), mean(wrong)


def measured(make: Callable[[Sequence[KnownTitle]], Rank], seed: int) -> tuple[float, float, float]:
    """Return (top-1, top-3, share of titles without a topic that are given one) over one dealing into folds."""
    dealt = titles()
    random.Random(seed).shuffle(dealt)
    folds = []
    for fold in range(FOLDS):
        rank = make([one for place, one in enumerate(dealt) if place % FOLDS != fold])
        folds.append(tried(rank, dealt[fold::FOLDS]))
    return mean(one for one, _, _ in folds), mean(one for _, one, _ in folds), mean(one for _, _, one in folds)


def main() -> None:
    """Print the figures."""
    every = titles()
    none = sum(not one.topics for one in every)
    print(f"{len(every)} titles, {none} of them without a topic; {ROUNDS} times {FOLDS} folds")
    for name, make in (("lms_sync", ours), ("TF-IDF + logistic", theirs)):
        top1, top3, wrong = (mean(part) for part in zip(*(measured(make, s) for s in range(ROUNDS)), strict=True))
        print(f"  {name:18} top-1 {top1:.3f}, top-3 {top3:.3f}; no-topic titles given one {wrong:.3f}")
    for number, dealt in held_out().items():
        top1, top3, wrong = tried(ours(()), dealt)
        print(f"  held out, set {number} top-1 {top1:.3f}, top-3 {top3:.3f}; no-topic titles given one {wrong:.3f}")


if __name__ == "__main__":
    main()
