"""A confirmation that is refused says once what several people lack alike."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lms_sync.agreements.clause_c.issue import expect_documented
from lms_sync.errors import UsageError


def test_people_who_lack_the_same_stand_in_one_line() -> None:
    def person(name: str, *lacks: str) -> Any:
        return SimpleNamespace(gaps=SimpleNamespace(name=name, person_id=name[0]), lacks=lacks)

    people = [person("Ada", "no document"), person("Ben", "no document"), person("Cy", "2 topics")]
    clause = SimpleNamespace(
        undocumented=people,
        people=people,
        agreement=SimpleNamespace(agreement_id="X-26"),
        report=SimpleNamespace(as_of=date(2026, 11, 23)),
    )
    with pytest.raises(UsageError) as caught:
        expect_documented(cast(Any, clause))

    assert str(caught.value).splitlines()[1:] == ["  Ada (A), Ben (B): no document", "  Cy (C): 2 topics"]
