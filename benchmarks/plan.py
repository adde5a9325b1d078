"""How long the exact plan takes, beside two peers: brute force over all subsets, and the greedy choice.

Run `python benchmarks/plan.py`. It prints; it asserts no times. The greedy peer takes, again and again, the offering
with the lowest fee per topic closed: quick, and what people do by hand, but not the cheapest.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations
from time import perf_counter

from lms_sync.compliance.plan.catalogue import Takeable
from lms_sync.compliance.plan.cover import Wanted, best_offerings
from lms_sync.model.course_map import CourseRow, Offering

DAY = date(2026, 11, 23)
TOPICS = tuple(f"topic-{number:02}" for number in range(1, 14))
PEOPLE = 100
Chooser = Callable[[Sequence[Takeable], Wanted], tuple[Takeable, ...]]


def offerings(number: int, dice: random.Random) -> list[Takeable]:
    """Return made-up offerings: single units, packs of a few topics, now and then a summit with all thirteen."""
    made = []
    for place in range(number):
        topics = tuple(sorted(dice.sample(range(1, 14), dice.choice((1, 1, 2, 3, 4, 6, 13)))))
        ends = DAY + timedelta(days=dice.randint(0, 120))
        fee = Decimal(25 * len(topics) + dice.randint(-20, 20))
        row = CourseRow(
            source="*",
            course=f"course {place}",
            unit="",
            title="",
            topics=topics,
            on_the_job_days=0,
            check_ins=0,
            counts_from=None,
            counts_until=None,
            minimum_score=None,
            decided_by="benchmark",
            decided_on=DAY,
            hours=Decimal(len(topics)),
            fee=fee,
        )
        named = tuple(f"topic-{topic:02}" for topic in topics)
        made.append(Takeable(Offering(f"o{place:02}", row.course, "", ends, ends), row, named, ends))
    return made


def people(dice: random.Random) -> list[Wanted]:
    """Return what each person lacks, all of a person's topics with one due date from long past to half a year on."""
    due = [DAY + timedelta(days=dice.randint(-60, 180)) for _ in range(PEOPLE)]
    return [tuple((topic, day) for topic in sorted(dice.sample(TOPICS, dice.randint(1, 13)))) for day in due]


def greedy(offered: Sequence[Takeable], wanted: Wanted) -> tuple[Takeable, ...]:
    """Return a set that closes what can be closed, the cheapest fee per topic first; no eye on due dates."""
    missing = {topic for topic, _ in wanted} & {topic for one in offered for topic in one.topics}
    chosen: list[Takeable] = []
    while missing:
        useful = [one for one in offered if missing.intersection(one.topics)]
        best = min(useful, key=lambda one: fees([one]) / len(missing.intersection(one.topics)))
        chosen.append(best)
        missing.difference_update(best.topics)
    return tuple(chosen)


def brute_force(offered: Sequence[Takeable], wanted: Wanted) -> tuple[Takeable, ...]:
    """Return the cheapest set that closes what can be closed, tried one by one; no eye on due dates."""
    missing = {topic for topic, _ in wanted} & {topic for one in offered for topic in one.topics}
    subsets = chain.from_iterable(combinations(offered, size) for size in range(len(offered) + 1))
    closing = (some for some in subsets if missing <= {topic for one in some for topic in one.topics})
    return min(closing, key=fees)


def fees(chosen: Sequence[Takeable]) -> Decimal:
    """Return the sum of the fees."""
    return sum((one.row.fee or Decimal() for one in chosen), Decimal())


def timed(choose: Chooser, offered: Sequence[Takeable], everybody: Sequence[Wanted]) -> tuple[float, Decimal]:
    """Return seconds for all people, and all their fees."""
    start = perf_counter()
    chosen = [choose(offered, wanted) for wanted in everybody]
    return perf_counter() - start, sum(map(fees, chosen), Decimal())


def main() -> None:
    """Print times and fees, and their ratios to the exact plan's."""
    dice = random.Random(1214)
    everybody = people(dice)
    undated: list[Wanted] = [tuple((topic, None) for topic, _ in wanted) for wanted in everybody]
    print(f"{PEOPLE} people who lack different topics; peers look at fees only, so due dates are left out for them")
    for number, peers in ((12, (brute_force, greedy)), (40, (greedy,))):
        offered = offerings(number, dice)
        seconds, _ = timed(best_offerings, offered, everybody)
        print(f"{number} offerings: exact with due dates {seconds:.3f} s")
        seconds, cost = timed(best_offerings, offered, undated)
        print(f"  exact        {seconds:8.3f} s   fees {cost}")
        for peer in peers:
            spent, paid = timed(peer, offered, undated)
            print(
                f"  {peer.__name__:12} {spent:8.3f} s = × {spent / seconds:.1f}   fees {paid} = × {paid / cost:.3f}"
            )


if __name__ == "__main__":
    main()
