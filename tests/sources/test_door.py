"""Every text of a reading is looked at, whatever fields readings get."""

from dataclasses import fields, replace
from datetime import date

import pytest

from lms_sync.model.evidence import ClaimReason, Completion, Item, Learner, Refused
from lms_sync.model.finding import Origin
from lms_sync.sources.fit_items import texts_of, through_the_door

PLACE = Origin("a.csv", "ab", "S", "A2", "https://x.example.org", "7")
WHO = Learner("esd", "k1", "p1", ("a@example.org", "b@example.org"), "Ann", "Bell", "Acme")
DONE = Completion(
    *("esd", "r1", WHO, "C1", "Calm", date(2026, 9, 2), PLACE, "U1", "Unit"),
    *(None, "UTC", "Yes", ClaimReason.WAIVER, None, (("hours", "2"),)),
)
UNFIT = "bell\x07"


@pytest.mark.parametrize("name", [field.name for field in fields(Completion) if field.type in ("str", str)])
def test_a_text_of_a_completion_is_looked_at(name: str) -> None:
    assert _refused(replace(DONE, **{name: UNFIT}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [field.name for field in fields(Learner)])
def test_a_text_of_its_learner_is_looked_at(name: str) -> None:
    value = (UNFIT,) if name == "emails" else UNFIT
    assert _refused(replace(DONE, learner=replace(WHO, **{name: value})))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [field.name for field in fields(Origin)])
def test_a_text_of_its_place_is_looked_at(name: str) -> None:
    assert _refused(replace(DONE, origin=replace(PLACE, **{name: UNFIT})))


def test_a_completion_has_the_texts_that_any_value_has() -> None:
    assert sorted(texts_of(DONE)) == sorted(texts_of((DONE,)))


def _refused(reading: Completion) -> bool:
    return isinstance(through_the_door(Item(PLACE, (), reading), source="esd").reading, Refused)
