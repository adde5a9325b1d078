"""Learners as they are stored: written as they always were, read quickly as they were written, and else with care."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.stored.pulled import HASHES, IN_CLEAR, LearnerHashes, LearnerInClear
from lms_sync.store.learner_rows import learner_values, learners_of

texts = st.sampled_from(("", "a1", "b2", "é李", '"quoted"', "\ud83d", "null")) | st.text(max_size=4)
several = st.lists(texts, max_size=2).map(tuple)
marks = st.lists(texts, min_size=1, max_size=2).map(tuple)
words = st.builds(NameWord, marks, texts, st.booleans())
names = st.none() | st.lists(st.lists(words, max_size=3).map(tuple), max_size=2).map(tuple)
people = st.builds(Learner, st.just("moodle"), texts, texts, several, texts, texts, texts)
learners = st.builds(
    PseudonymousLearner, st.just("moodle"), st.just("1f"), several, several, texts, st.none() | people, names
)


def by_type(row: tuple[str, str, str, str | None]) -> PseudonymousLearner:
    """Return a stored learner as all that is stored is read: field by field, by its type."""
    source, key, hashes_text, clear_text = row
    hashes = HASHES.read_text(hashes_text)
    who = None
    if clear_text not in (None, "null"):
        kept = IN_CLEAR.read_text(clear_text)
        name = kept.first_name, kept.last_name
        who = Learner(source, kept.key, kept.person_id, kept.emails, *name, kept.employer)
    found = None
    if hashes.names is not None:
        found = tuple(
            tuple(NameWord(tuple(map(str, marks)), str(script), bool(last)) for last, script, *marks in name)
            for name in hashes.names
        )
    return PseudonymousLearner(source, key, hashes.person_ids, hashes.emails, hashes.name, who, found)


@given(learners)
def test_a_learner_is_written_as_its_types_say_and_read_back_the_same(seen: PseudonymousLearner) -> None:
    names: tuple[tuple[tuple[bool | str, ...], ...], ...] | None = None
    if seen.names is not None:
        names = tuple(tuple((word.last, word.script, *word.marks) for word in name) for name in seen.names)
    hashes = HASHES.plain(LearnerHashes(seen.person_ids, seen.emails, seen.name, names))
    if names is None:
        del hashes["names"]
    who = seen.in_clear
    kept = who and IN_CLEAR.plain(
        LearnerInClear(who.key, who.person_id, who.emails, who.first_name, who.last_name, who.employer)
    )
    row = learner_values(seen)

    assert row == ("moodle", "1f", json.dumps(hashes), json.dumps(kept))
    assert list(learners_of([row])) == [by_type(row)] == [seen]


JUNK: tuple[Any, ...] = (
    None,
    True,
    1,
    1.0,
    "",
    "x",
    "abcd",
    [],
    {},
    [[]],
    [True],
    ["x"],
    [1, "x", "y"],
    {"name": "x"},
)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (list or object, place in it) of everything in a JSON value."""
    for place in node if isinstance(node, dict) else range(len(node)):
        yield node, place
        if isinstance(node[place], dict | list):
            yield from places(node[place])


def damaged(written: str, where: int, junk: Any, act: str) -> str:
    """Return JSON of which one part is another than it was, or gone, or one too many."""
    whole = [json.loads(written)]
    every = list(places(whole))
    node, place = every[where % len(every)]
    if act == "replace" or node is whole:
        node[place] = junk
    elif act == "remove":
        del node[place]
    else:
        node.update(more=junk) if isinstance(node, dict) else node.append(junk)
    return json.dumps(whole[0])


damages = st.tuples(st.integers(0, 40), st.sampled_from(JUNK), st.sampled_from(("replace", "remove", "add")))


@settings(max_examples=100, deadline=None)
@given(learners, learners, damages, st.sampled_from(("hashes", "in the clear")))
def test_what_somebody_changed_ends_as_it_does_by_its_type(
    seen: PseudonymousLearner, other: PseudonymousLearner, damage: tuple[int, Any, str], which: str
) -> None:
    source, key, hashes, in_clear = learner_values(seen)
    if which == "hashes":
        hashes = damaged(hashes, *damage)
    else:
        in_clear = damaged(in_clear, *damage)
    sound, row = learner_values(other), (source, key, hashes, in_clear)

    assert outcome(lambda: list(learners_of([sound, row]))) == outcome(lambda: [other, by_type(row)])


@given(st.sampled_from(("", " null", "nul", '{"name": ', "[]", "NaN", "7", '"name"', '["a", "b", "c", "d"]')))
@example("[" * 100_000)
def test_what_is_no_learner_at_all_ends_as_it_does_by_its_type(text: str) -> None:
    hashes = json.dumps(HASHES.plain(LearnerHashes((), (), "", ())))
    for row in (("moodle", "1f", text, None), ("moodle", "1f", hashes, text)):
        assert outcome(partial(list, learners_of([row]))) == outcome(partial(list, map(by_type, [row])))


@pytest.mark.parametrize("last", [1, 0, 1.0, 2, "true", None])
def test_a_word_that_only_looks_like_one_read_before_is_read_by_its_type(last: object) -> None:
    words = [[True, "latin", "mark"]], [[False, "latin", "mark"]], [[last, "latin", "mark"]]
    texts = [json.dumps({"person_ids": [], "emails": [], "name": "", "names": [name]}) for name in words]
    rows = [("moodle", str(number), text, None) for number, text in enumerate(texts)]

    assert outcome(lambda: list(learners_of(rows))) == outcome(lambda: list(map(by_type, rows)))


def outcome(read: Callable[[], list[PseudonymousLearner]]) -> object:
    """Return what was read; or the error, by its kind, with what a person reads of it."""
    try:
        return read()
    except ConfigError as error:
        return type(error), str(error), error.hint
    except (ValueError, RecursionError) as error:
        return type(error)


@pytest.mark.parametrize(
    "word", [[], [True], [True, "LATIN"], ["x", "LATIN", "a mark"], [True, False, "a mark"], [True, "LATIN", True]]
)
def test_a_word_of_a_name_that_no_version_has_written_is_told_with_what_to_do(word: list[object]) -> None:
    text = json.dumps({"person_ids": [], "emails": [], "name": "", "names": [[word]]})

    with pytest.raises(ConfigError, match="can't read") as caught:
        list(learners_of([("moodle", "1f", text, None)]))
    assert "restore a backup" in caught.value.hint
