"""cases.toml, judged. An unknown word in a case is a mistake in the case."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lms_sync.law.rules import judge
from lms_sync.law.series import load
from lms_sync.law.standing import Judgement, PersonEvidence, StaffClock, Standing
from lms_sync.model.evidence import Claim, Credit, Documentation
from lms_sync.model.roster import ClockDecision, StaffClass

LAW = load()
TOPICS = tuple(LAW.names)
CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))[
    "case"
]


@dataclass
class Facts:
    """The facts of a case under the names that cases.toml explains; an unknown one is a TypeError."""

    title: str
    as_of: date
    expect: dict[str, Any]
    reading: list[str] = field(default_factory=list)
    staff_class: StaffClass | None = None
    first_day: date | None = None
    clock_starts: date | None = None
    all_topics: date | None = None
    not_topics: list[int] = field(default_factory=list)
    topics: dict[str, date | list[date]] = field(default_factory=dict)
    on_the_job: list[date] = field(default_factory=list)
    on_the_job_without_school: list[date] = field(default_factory=list)
    on_the_job_without_officer: list[date] = field(default_factory=list)
    on_the_job_amounts: dict[str, int | list[int]] = field(default_factory=dict)
    check_in: list[date] = field(default_factory=list)
    check_in_amounts: dict[str, int | list[int]] = field(default_factory=dict)
    waived: dict[str, date] = field(default_factory=dict)
    claims: dict[str, date | str] = field(default_factory=dict)
    verified: dict[str, date] = field(default_factory=dict)
    waivers: dict[str, date] = field(default_factory=dict)


def read(case: Mapping[str, Any]) -> Facts:
    renamed = {"staff_class" if key == "class" else key: value for key, value in case.items()}
    if "staff_class" in renamed:
        renamed["staff_class"] = StaffClass(renamed["staff_class"])
    return Facts(**renamed)


def several(one_or_more: Any) -> list[Any]:
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def credit(
    requirement: str, day: date, *, amount: int = 1, host: str = "Lincoln HS", officer: str = "Ada Park"
) -> Credit:
    return Credit(
        requirement, day, "log", f"{requirement} {day}", "log.xlsx, Log!A2", "Training", amount, host, officer
    )


def credits(facts: Facts) -> Iterable[Credit]:
    if facts.all_topics:
        yield from (credit(t, facts.all_topics) for n, t in enumerate(TOPICS, 1) if n not in facts.not_topics)
    for number, days in facts.topics.items():
        yield from (credit(f"topic-{int(number):02}", day) for day in several(days))
    yield from (credit("on-the-job", day) for day in facts.on_the_job)
    yield from (credit("on-the-job", day, host=" ") for day in facts.on_the_job_without_school)
    yield from (credit("on-the-job", day, officer=" ") for day in facts.on_the_job_without_officer)
    yield from (credit("check-in", day) for day in facts.check_in)
    for requirement, amounts in (("on-the-job", facts.on_the_job_amounts), ("check-in", facts.check_in_amounts)):
        for day, entries in amounts.items():
            yield from (credit(requirement, date.fromisoformat(day), amount=number) for number in several(entries))
    for requirement, waived_on in facts.waived.items():
        yield Credit(requirement, waived_on, "vendor", requirement, "vendor.csv, A2", "Exempt", waived=True)


def evidence(facts: Facts) -> PersonEvidence:
    claims = tuple(
        Claim(
            "c0ffee00", requirement, day if isinstance(day, date) else None, "waiver", "vendor", "1", "A2", "Exempt"
        )
        for requirement, day in facts.claims.items()
    )
    documents = [Documentation(component, "verified", "ESD 113", day) for component, day in facts.verified.items()]
    documents += [Documentation(component, "waived", "ESD 113", day) for component, day in facts.waivers.items()]
    return PersonEvidence(tuple(credits(facts)), claims, tuple(documents))


def judged(facts: Facts) -> Judgement:
    decision = None
    if facts.clock_starts:
        decision = ClockDecision(facts.clock_starts, "Ada Park", facts.clock_starts, "minutes of the board")
    clock = StaffClock(facts.staff_class, facts.first_day, decision)
    return judge(clock, evidence(facts), as_of=facts.as_of, law=LAW)


def names(listed: list[str]) -> set[str]:
    return {one for name in listed for one in (TOPICS if name == "topics" else (name,))}


def value(said: object) -> object:
    return None if said == "none" else said


def check(expected: dict[str, Any], judgement: Judgement) -> None:
    """Hold the judgement against what a case expects; every word of it must be known."""
    by_id = {standing.requirement: standing for standing in judgement.standings}
    assert judgement.state == expected.pop("state")
    assert late(judgement) == names(expected.pop("late", []))
    if "open" in expected:
        assert {s.requirement for s in judgement.standings if s.open} == names(expected.pop("open"))
    if "claims" in expected:
        assert {s.requirement for s in judgement.standings if s.claims} == names(expected.pop("claims"))
    if "requirements" in expected:
        assert len(judgement.standings) == expected.pop("requirements")
    if "reasons" in expected:
        said = expected.pop("reasons")
        assert len(judgement.reasons) == len(said)
        assert all(words in reason for words, reason in zip(said, judgement.reasons, strict=True))
    for component in ("due", "last_lawful_day"):
        for name, day in expected.pop(component, {}).items():
            assert {getattr(s, component) for s in judgement.standings if s.component == name} == {value(day)}
    for attribute in ("have", "need", "met_by", "on"):
        for name, said in expected.pop(attribute, {}).items():
            assert getattr(by_id[name], attribute) == value(said), f"{name}: {attribute}"
    for name, number in expected.pop("credits", {}).items():
        assert len(by_id[name].credits) == number, f"{name}: credits"
    for name, words in expected.pop("notes", {}).items():
        check_notes(by_id[name], words)
    assert not expected, f"unknown in expect: {sorted(expected)}"


def late(judgement: Judgement) -> set[str]:
    return {standing.requirement for standing in judgement.standings if standing.late}


def check_notes(standing: Standing, words: str | list[str]) -> None:
    """Hold the notes against words that one of them has; or against those of each, in order."""
    if isinstance(words, list):
        assert [part for part, note in zip(words, standing.notes, strict=True) if part in note] == words, (
            standing.notes
        )
    elif words:
        assert any(words in note for note in standing.notes), standing.notes
    else:
        assert not standing.notes


@pytest.mark.parametrize("case", [pytest.param(case, id=case["title"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    facts = read(case)
    check(dict(facts.expect), judged(facts))


def test_there_are_enough_cases_and_no_title_stands_twice() -> None:
    titles = [case["title"] for case in CASES]
    assert len(set(titles)) == len(titles) >= 60


def test_every_reading_has_a_case_and_no_case_names_another() -> None:
    readings = {reading.id for version in LAW.versions for reading in version.readings}
    assert {name for case in CASES for name in case.get("reading", [])} == readings


@pytest.mark.parametrize("where", ["facts", "expect"])
def test_a_word_that_is_not_known_fails_the_case(where: str) -> None:
    case = {**CASES[0], "expect": dict(CASES[0]["expect"])}
    (case if where == "facts" else case["expect"])["frist_day"] = date(2025, 9, 2)
    with pytest.raises((TypeError, AssertionError), match="frist_day"):
        check(dict(read(case).expect), judged(read(case)))
