"""A dataclass whose constructor is quick is in all else the dataclass that it was."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from lms_sync.model.quickly_made import maker, quickly_made


@dataclass(frozen=True, slots=True)
class Plain:
    """A training."""

    title: str
    day: date | None
    amount: int = 1
    note: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """A training."""

    title: str
    day: date | None
    amount: int = 1
    note: str = ""


DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("Law", DAY), {}),
        (("Law", None, 2, "x"), {}),
        ((), {"title": "Law", "day": DAY}),
        (("Law",), {"note": "x", "day": DAY}),
    ],
)
def test_it_takes_what_it_took(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    plain, quick = Plain(*given, **named), Quick(*given, **named)
    assert repr(quick) == repr(plain).replace("Plain", "Quick")
    assert (quick, hash(quick)) == (Quick(*given, **named), hash(plain))
    assert type(quick) is Quick
    for same in (copy.copy(quick), pickle.loads(pickle.dumps(quick)), replace(quick)):
        assert (same, type(same)) == (quick, Quick)
    assert replace(quick, note="other") != quick


def test_it_is_frozen_and_refuses_what_it_refused() -> None:
    quick = Quick("Law", DAY)
    with pytest.raises(FrozenInstanceError):
        quick.title = "Order"  # type: ignore[misc]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'day'"):
        Quick("Law")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        Quick("Law", DAY, colour="red")  # type: ignore[call-arg]
    assert inspect.signature(Quick.__init__) == inspect.signature(Plain.__init__)


class NoSlots:
    """No dataclass."""


@dataclass(frozen=True)
class InDict:
    """Keeps its fields in a dict."""

    title: str


@dataclass(frozen=True, slots=True)
class Later(Plain):
    """Has slots of its own and of another class."""

    more: str = ""


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes a default."""

    titles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checked:
    """Looks at what it gets."""

    title: str

    def __post_init__(self) -> None:
        if not self.title:
            raise ValueError


@dataclass(frozen=True, slots=True)
class ByName:
    """Takes a field by its name only."""

    title: str
    colour: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Has a field that its constructor does not take."""

    title: str
    colour: str = field(default="red", init=False)


@dataclass(frozen=True, slots=True)
class Named:
    """Has a field that is called like something in the constructor."""

    title: str
    frozen: bool


@pytest.mark.parametrize("form", [NoSlots, InDict, Later, Factory, Checked, ByName, NotAsked, Named])
def test_a_class_that_it_would_change_is_refused(form: type[Any]) -> None:
    with pytest.raises(TypeError, match=form.__name__):
        quickly_made(form)


def test_what_its_maker_gives_is_an_instance_like_any_other() -> None:
    quick = maker(Quick)("Law", DAY, note="x")
    assert (quick, type(quick)) == (Quick("Law", DAY, note="x"), Quick)
    with pytest.raises(FrozenInstanceError):
        quick.title = "Order"  # type: ignore[misc]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'day'"):
        maker(Quick)("Law")  # type: ignore[call-arg]
