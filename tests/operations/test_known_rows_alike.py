"""Rows are passed over or stored together, and all is stored as if each had been read and planned by itself."""

import csv
import io
import random
import re
from collections.abc import Callable

import pytest

from lms_sync.model.roster import Person
from tests.operations.two_stores import Town, town
from tests.sources.sample_files import FILES, ZONES, layout_named, layout_of
from tests.sources.test_mutated_sheets import mutated

__all__ = ["town"]

FEW, MORE, MANY = 3, 38, 400
NIGHTS = 5
EDITS = ("in autumn", "", "Completed", "123-45-6789", "=1+1", "Zoë  Ford", "09/03/2025", "Not started", "\u200bx")


def edited(data: bytes, chance: random.Random) -> bytes:
    """Return a csv file with some rows changed, copied, moved or gone."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(1, len(rows))
        match chance.randrange(5):
            case 0:
                rows.insert(chance.randrange(1, len(rows)), list(rows[place]))
            case 1 if len(rows) > 3:
                del rows[place]
            case 2:
                rows.append(rows.pop(place))
            case _ if rows[place]:
                column = chance.randrange(len(rows[place]))
                other = chance.choice(rows[1:])
                cell = other[column] if column < len(other) and chance.random() < 0.5 else chance.choice(EDITS)
                copy = list(rows[place])
                copy[column] = cell
                rows.insert(place, copy) if chance.random() < 0.5 else rows.__setitem__(place, copy)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def play(town: Town, seed: int) -> None:
    """Let a sample change from night to night, and all that its reading rests on; nothing may tell the two apart."""
    chance, path = random.Random(seed), FILES[seed % len(FILES)]
    layout = layout_named(layout_of(path))
    name, data, zone = path.name, path.read_bytes(), ZONES.get(path.name, "")
    town.files[name] = data, layout, zone
    for night in range(NIGHTS):
        found = town.night(accept_drop=night == 3)
        assert [(p.source, p.files, str(p.error), p.findings) for p in found[:1]] == [
            (p.source, p.files, str(p.error), p.findings) for p in found[1:]
        ], (seed, night)
        assert town.differences() == [], (seed, night)
        match chance.randrange(8):
            case 0:
                town.hires(_people(data, chance))
            case 1:
                town.files[f"b-{name}"] = town.files[name]
            case 2:
                changed = layout.model_copy(update={"keep": ("Institution", "Company")})
                town.files[name] = town.files[name][0], changed, zone
            case 3:
                town.files.pop(f"b-{name}", None)
            case _:
                pass
        chosen = chance.choice(list(town.files))
        data, layout, zone = town.files[chosen]
        changed_data = edited(data, chance) if chosen.endswith(".csv") and _is_utf8(data) else mutated(data, chance)
        town.files[chosen] = changed_data, layout, zone


def _is_utf8(data: bytes) -> bool:
    try:
        return b"\x00" not in data and data.decode("utf-8-sig").count("\n") > 3
    except UnicodeDecodeError:
        return False


def _people(data: bytes, chance: random.Random) -> list[Person]:
    """Return a few people, some of them with ids or e-mails of those in the sheet."""
    words = sorted({*re.findall(r"[\w.]+@[\w.]+|\b[A-Za-z]?\d{4,7}\b", data.decode(errors="replace"))})
    chosen = chance.sample(words, min(len(words), chance.randrange(4)))
    return [
        Person(f"P{number}" if "@" in word else word, "Lovelace", "Ada", emails=(word,) if "@" in word else ())
        for number, word in enumerate(chosen)
    ]


def test_what_is_stored_is_the_same(town: Callable[[], Town]) -> None:
    for seed in range(FEW):
        play(town(), seed)


@pytest.mark.slow
def test_what_is_stored_is_the_same_of_every_sample(town: Callable[[], Town]) -> None:
    for seed in range(MORE):
        play(town(), seed)


@pytest.mark.proof
def test_what_is_stored_is_the_same_many_times(town: Callable[[], Town]) -> None:
    for seed in range(MANY):
        play(town(), seed)
