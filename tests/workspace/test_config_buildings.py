"""The [[building]] sections: strict, and each building once."""

from pathlib import Path

import pytest

from lms_sync.errors import ConfigError
from lms_sync.workspace.settings.buildings import BuildingSettings
from lms_sync.workspace.settings.config import Config, read_config

GOOD = """
[district]
id = "pinehill"
name = "Pinehill"
zone = "America/Los_Angeles"
hr = ["hr@example.org"]
contact = "HR"

[mail]
sender = "hr@example.org"
"""


def read(folder: Path, *sections: str) -> Config:
    text = GOOD + "".join(f"\n[[building]]\n{section}\n" for section in sections)
    (folder / "lms_sync.toml").write_text(text, encoding="utf-8")
    return read_config(folder)


def building(name: str) -> str:
    return f'name = "{name}"\nprincipal = "principal@example.org"'


def test_no_section_is_no_heads_up(tmp_path: Path) -> None:
    assert read(tmp_path).settings.building == ()


def test_buildings_are_read_in_their_order(tmp_path: Path) -> None:
    found = read(tmp_path, building("Lincoln HS"), building("Elm ES")).settings.building
    assert found == (
        BuildingSettings(name="Lincoln HS", principal="principal@example.org"),
        BuildingSettings(name="Elm ES", principal="principal@example.org"),
    )


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ('name = "Elm ES"', "building.1.principal"),
        ('principal = "p@example.org"', "building.1.name"),
        (building("Elm ES") + "\ncadence = 1", "building.1.cadence"),
        (building("  "), "building.1.name"),
        (building("E" * 91), "building.1.name"),
        ('name = "Elm ES"\nprincipal = "nobody"', "building.1.principal"),
        ('name = "Elm ES"\nprincipal = ["p@example.org"]', "building.1.principal"),
    ],
)
def test_a_wrong_section_is_refused_by_its_key(tmp_path: Path, section: str, key: str) -> None:
    with pytest.raises(ConfigError, match=key.replace(".", r"\.")):
        read(tmp_path, section)


def test_a_building_stands_once_whatever_its_case_and_blanks(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"two \[\[building\]\] sections are called elm es"):
        read(tmp_path, building("Elm ES"), building(" ELM  es"))
