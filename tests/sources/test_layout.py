from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lms_sync.errors import ConfigError
from lms_sync.sources.connectors import read_layouts
from lms_sync.sources.spreadsheet.layout import Layout, read_layout

ROWS: dict[str, Any] = {
    "name": "plain",
    "kind": "rows",
    "key": ["person_id", "course"],
    "columns": {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"]},
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**ROWS, **parts}


def test_hash_follows_the_meaning_and_not_the_words() -> None:
    plain = Layout.model_validate(ROWS)
    turned = Layout.model_validate(dict(reversed(ROWS.items())))
    other = Layout.model_validate(changed(dates={"order": "dmy"}))
    assert plain.hash == turned.hash
    assert plain.hash != other.hash


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(key=["person_id", "completed_on"]), "attempts = true"),
        (changed(key=["person_id", "status"]), "may not hold status"),
        (changed(key=["person_id", "unit"]), "neither a column nor a constant"),
        (changed(key=["course"]), "key names nobody"),
        (changed(columns={"person_id": ["ID"], "course": ["id"], "completed_on": ["On"]}), "is used for both"),
        (changed(columns={"person_id": [], "course": ["C"], "completed_on": ["On"]}), "names no heading"),
        (changed(columns={"person_id": ["ID"], "course": ["C"]}), "must give completed_on"),
        (changed(columns={"person_id": ["ID"], "completed_on": ["On"]}, key=["person_id"]), "course or course_title"),
        (changed(columns={"course": ["C"], "completed_on": ["On"]}, key=["course"]), "names nobody"),
        (changed(columns={**ROWS["columns"], "birthday": ["B"]}), "birthday"),
        (changed(dates={"formats": ["%d.%m.%Y %H:%M"]}), "instant = true"),
        (changed(dates={"order": "myd"}), "dates.order"),
        (changed(status={"done": ["Yes"], "not_done": ["YES "]}), "one meaning"),
        (changed(skip=[{"reason": "all"}]), "every row"),
        (changed(sheet={"name": "A", "pattern": "B*"}), "not both"),
        (changed(kind="matrix"), "[matrix]"),
        (changed(matrix={}), "[matrix]"),
        (changed(colums={}), "colums"),
    ],
)
def test_wrong_layouts_are_refused_by_key(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Layout.model_validate(data)
    assert message in str(caught.value)


def test_day_in_the_key_is_lawful_for_attempts() -> None:
    layout = Layout.model_validate(changed(key=["person_id", "course", "completed_on"], attempts=True))
    assert layout.attempts


def test_all_wrong_keys_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text('kind = "list"\nkey = ["person_id"]\n[columns]\nperson_id = 3\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_layout(path)
    message = str(caught.value)
    assert "acme.toml, kind:" in message
    assert "acme.toml, columns.person_id" in message


def test_wrong_layout_is_a_finding_and_the_others_stand(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("kind = ", encoding="utf-8")
    (tmp_path / "good.toml").write_text(
        'kind = "rows"\nkey = ["email", "course"]\nconstants = {course = "C"}\n'
        '[columns]\nemail = ["E-mail"]\ncompleted_on = ["On"]\n',
        encoding="utf-8",
    )
    layouts, findings = read_layouts(tmp_path)
    assert set(layouts) == {"good"}
    assert [(one.where, one.blocks) for one in findings] == [("bad.toml", True)]


def test_missing_layout_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        read_layout(tmp_path / "none.toml")
