"""What is worked out once for completions that are alike is what each of them counts for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from random import Random

import pytest

from lms_sync.compliance.counted_alike import AlikeIndex
from lms_sync.compliance.credits import counted_by
from lms_sync.compliance.map_index import IN_FILE_NAME, MapIndex
from lms_sync.model.course_map import course_map
from lms_sync.model.evidence import ClaimReason, Completion, claim_id
from lms_sync.model.finding import Origin
from tests.compliance.person_facts import DAY, ROWS, done, row

TWO_YEARS = (
    replace(row("Law", 2), counts_until=date(2026, 9, 30)),
    replace(row("Law", 2, 3), counts_from=date(2026, 10, 1)),
    replace(row("Since", 8), counts_from=date(2026, 10, 1)),
    replace(row("Safe ty", 5, days=1), cell="Courses!B90"),
    replace(row("Bias", 9), unit="u1", minimum_score=Decimal(70)),
)
INDEX = MapIndex.of(course_map((*ROWS, *TWO_YEARS), []))
KINDS = product(
    ("All", "Law", "Since", "Day", "Force", "Bias", "Calm", "Minds", "Safe_ty", "Knitting"),
    ("", "u1"),
    (None, ClaimReason.WAIVER, ClaimReason.CORRECTION),
    (None, Decimal("69.5"), Decimal(80), Decimal("80.0")),
)
ATTRIBUTES = (
    (),
    (("hours", "2"),),
    (("experienced_officer", "A. Reed"), ("host_school", "Pinehill HS")),
    (("experienced_officer", "A. Reed"), ("host_school", "n/a")),
    (("host_school", "Fir ES"),),
    ((IN_FILE_NAME, "yes"),),
)
IN_WHICH_THEY_DIFFER = tuple(
    product((None, date(2026, 9, 30), date(2026, 10, 1)), ATTRIBUTES, (Origin("a.csv", "ab", "", "A2"), Origin("b")))
)


@cache
def completions() -> list[Completion]:
    """Return each kind in each of the ways in which completions that are alike may differ."""
    return [
        replace(
            done(course, day, claim=claim, score=score, attributes=attributes, origin=origin),
            record=f"r{number}",
            unit=unit,
        )
        for course, unit, claim, score in KINDS
        for number, (day, attributes, origin) in enumerate(IN_WHICH_THEY_DIFFER)
    ]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_completions_that_are_alike_count_as_each_of_them_does(seed: int) -> None:
    random = Random(seed)
    found = random.sample(completions(), len(completions()) // 2)
    accepted = {claim_id(completion): DAY for completion in random.sample(found, len(found) // 2)}
    alike = AlikeIndex(INDEX)
    for by in ({}, accepted, {}):
        groups, counted = alike.counted(found, accepted=by)
        assert counted == [counted_by(INDEX.match(c), c, INDEX, accepted=by) for c in found]
        assert [(group.names, group.rows) for group in groups] == list(map(INDEX.found, found))
