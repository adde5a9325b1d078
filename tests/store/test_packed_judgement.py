"""A judged person as text: it comes back as it was, whatever it holds, and nothing else is read as one."""

import gc
import zlib
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.law.standing import Judgement, MetBy, Standing, State
from lms_sync.model.evidence import Credit
from lms_sync.model.finding import Origin
from lms_sync.store.known import packed_aside
from lms_sync.store.known.judged_people import JudgedPerson
from lms_sync.store.known.judgements_on_demand import JudgementsOnDemand
from lms_sync.store.known.packed_aside import PackedAside
from lms_sync.store.known.packed_judgement import (
    course_line,
    courses_in,
    courses_of,
    judgement_of,
    packed,
    short_and_courses,
    short_of,
    unpacked,
)

TEXTS = st.text(max_size=3) | st.sampled_from(("", "a", "A7", "a, A7", "\n", '"', "\ud800"))
"""Among them line ends, half a sign, and some that are often alike."""
DAYS = st.dates() | st.dates(date(2026, 9, 1), date(2026, 9, 3))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    date: DAYS,
    int: st.integers(),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return what a field of such a type can hold."""
    if hint in PLAIN:
        return PLAIN[hint]
    if get_origin(hint) is UnionType:
        return st.one_of(*map(values, get_args(hint)))
    if get_origin(hint) is tuple:
        first, *others = get_args(hint)
        if others == [...]:
            return st.lists(values(first), max_size=3).map(tuple)
        return st.tuples(*map(values, get_args(hint)))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: values(hints[field.name]) for field in fields(hint)})


PEOPLE: st.SearchStrategy[JudgedPerson] = values(JudgedPerson)


@given(PEOPLE)
def test_it_comes_back_as_it_was(person: JudgedPerson) -> None:
    person = replace(person, courses=tuple(sorted(person.courses, key=course_line)))
    data = packed(person)
    assert unpacked(data) == person
    assert (short_of(data), judgement_of(data)) == (person.in_short, person.judgement)
    assert courses_in(courses_of(data)) == person.courses
    assert short_and_courses(data) == (person.in_short, courses_of(data))
    short, judgement = person.in_short, person.judgement
    bare = [replace(standing, credits=(), claims=(), notes=()) for standing in judgement.standings]
    assert short.without_evidence == replace(judgement, standings=tuple(bare))
    assert (short.words, short.group) == (judgement.words, judgement.group)
    assert short.met == [standing.requirement for standing in judgement.standings if not standing.open]
    assert short.late == [standing.requirement for standing in judgement.standings if standing.late]


DAY = date(2026, 9, 1)
CREDIT = Credit("topic-01", DAY, "class", "r1", "a.csv, A7", "Law", place=Origin("a.csv", "0" * 64, cell="A7"))
OPEN = Standing(
    requirement="topic-02",
    component="classroom",
    need=1,
    have=0,
    met_by=None,
    on=None,
    due=DAY,
    last_lawful_day=DAY,
    late=True,
    credits=(),
    claims=(),
    notes=("Why.",),
)


def met(requirement: str) -> Standing:
    """Return a requirement that one credit meets."""
    credit = replace(CREDIT, requirement=requirement)
    met_so = replace(OPEN, have=1, met_by=MetBy.CREDITS, on=DAY, late=False, credits=(credit,), notes=())
    return replace(met_so, requirement=requirement)


PERSON = JudgedPerson(
    Judgement(State.OVERDUE, (), (met("topic-01"), met("topic-05"), OPEN)),
    sources=(("class", DAY),),
    courses=(("class", "L1", "Law", "", "", False),),
)


def test_requirements_that_follow_each_other_and_stand_alike_are_together() -> None:
    short = PERSON.in_short
    assert [alike.requirements for alike in short.standings] == [("topic-01", "topic-05"), ("topic-02",)]
    assert [(gap.requirements, gap.last_lawful_day) for gap in short.gaps] == [(("topic-02",), DAY)]
    assert (short.met, short.late) == (["topic-01", "topic-05"], ["topic-02"])


def test_what_credits_have_in_common_is_written_once() -> None:
    text = packed(PERSON).decode()
    assert (text.count("0" * 64), text.count("classroom"), text.count("a.csv")) == (1, 2, 2)


SOUND = packed(PERSON)
FIRST, ALIKE, COURSE, LAST = SOUND.split(b"\n")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"no judgement",
        b"[" * 100_000,
        zlib.compress(b'{"judgement":{"state":"overdue","reasons":[],"standings":[]}}'),
        SOUND[:-1],
        SOUND[1:],
        FIRST,
        b"\n".join((FIRST, ALIKE)),
        b"\n".join((FIRST, ALIKE, COURSE)),
        b"\n".join((FIRST, ALIKE, COURSE, b"[[],[]]")),
        b"\n".join((FIRST, b"[]", COURSE, LAST)),
        b"\n".join((b"[2" + FIRST[2:], ALIKE, COURSE, LAST)),
        b"\n".join((FIRST.replace(b"overdue", b"overdone"), ALIKE, COURSE, LAST)),
        b"\n".join((FIRST, ALIKE.replace(b"credits", b"credit"), COURSE, LAST)),
        b"\n".join((FIRST, ALIKE, b"[]", LAST)),
        b"\n".join((FIRST, ALIKE, COURSE, LAST.replace(b"[[0,", b"[[9,"))),
        b"\n".join((FIRST, ALIKE, COURSE, LAST.replace(str(DAY.toordinal()).encode(), b"-1"))),
        b"\xff" + SOUND,
    ],
)
def test_nothing_else_is_read_as_one(other: bytes) -> None:
    with pytest.raises(ValueError, match="no stored judgement"):
        unpacked(other)


def test_judgements_are_unpacked_when_they_are_asked_for() -> None:
    judged = {f"p{number}": Judgement(State.OVERDUE, (str(number),), ()) for number in range(500)}
    people = {person_id: replace(PERSON, judgement=judgement) for person_id, judgement in judged.items()}
    packs = {person_id: packed(person) for person_id, person in people.items()}
    judgements = JudgementsOnDemand(packs | {"damaged": b""}, judgement_of)
    assert (len(judgements), "damaged" in judgements, "nobody" in judgements) == (501, True, False)
    assert [*judgements][:2] == ["p0", "p1"]
    for person_id, person in people.items():
        assert judgements[person_id] == person.judgement
        assert judgements[person_id] is judgements[person_id]
    with pytest.raises(ValueError, match="no stored judgement"):
        judgements["damaged"]
    with pytest.raises(KeyError):
        judgements["nobody"]


@pytest.mark.parametrize("in_memory", [0, 10_000_000])
def test_what_is_put_aside_comes_back_as_it_was_and_leaves_no_file(
    in_memory: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_aside, "_IN_MEMORY", in_memory)
    aside, judged = PackedAside(tmp_path), {f"p{number}": bytes([number]) * number for number in range(200)}
    for person_id, data in judged.items():
        aside.put(person_id, data)
        assert aside["p7" if "p7" in aside else "p0"] in judged.values()  # read between: the next goes to the end
    assert (dict(aside), len(aside), "nobody" in aside) == (judged, 200, False)
    del aside
    gc.collect()
    assert [*tmp_path.iterdir()] == []
