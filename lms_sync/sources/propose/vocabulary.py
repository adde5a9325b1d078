"""The words that headings and states are told by, as `words.toml` keeps them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Idea = Literal[
    "staff",
    "account",
    "id",
    "mail",
    "name",
    "first",
    "last",
    "course",
    "title",
    "part",
    "complete",
    "held",
    "date",
    "other day",
    "assigned",
    "status",
    "present",
    "score",
    "progress",
    "hours",
    "employer",
    "certificate",
    "somebody else",
    "mentor",
    "host",
    "group",
]
"""One thing that words of headings stand for. `held` is when a class was, `other day` a day of anything else."""
State = Literal["done", "not_done", "claim", "signed_up"]
IDEAS: tuple[Idea, ...] = get_args(Idea)
TRAINING: tuple[Idea, ...] = (
    *("complete", "date", "course", "title", "part", "held", "present", "status", "certificate", "staff", "account"),
    *("name", "first", "last"),
)
"""Ideas of which a heading may speak beside a completion, and still tell its day."""
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in small letters without accents."""

    headings: Mapping[Idea, frozenset[str]]
    another_question: frozenset[str]
    """A heading with one of these asks something else than whether somebody completed it, or the contrary."""
    undone: frozenset[str]
    """A day below a heading with one of these is one on which it was undone."""
    intended: frozenset[str]
    """A day below a heading with one of these is one on which it is to be completed."""
    beside_completion: frozenset[str]
    """Words that may stand in a heading that speaks of the completion of a training."""
    states: Mapping[State, frozenset[str]]
    negations: frozenset[str]
    not_asked: frozenset[str]
    """With a negation: nobody asks for it."""
    aside: frozenset[str]
    """Words that change nothing about a state."""


@cache
def vocabulary() -> Vocabulary:
    """Return the words of `words.toml`, which is read once."""
    data = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    states = data["states"]
    return Vocabulary(
        headings={idea: frozenset(data["headings"][idea]) for idea in IDEAS},
        another_question=frozenset(data["another_question"]["words"]),
        undone=frozenset(data["undone"]["words"]),
        intended=frozenset(data["intended"]["words"]),
        beside_completion=_beside_completion(data),
        states={state: frozenset(states[state]) for state in STATES},
        negations=frozenset(states["not"]),
        not_asked=frozenset(states["not_asked"]),
        aside=frozenset(states["aside"]),
    )


def _beside_completion(data: Mapping[str, Any]) -> frozenset[str]:
    words = data["beside_completion"]
    ideas = {word for idea in TRAINING for word in data["headings"][idea]}
    return frozenset(ideas - {*words["but"]} | {*words["words"]})
