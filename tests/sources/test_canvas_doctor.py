"""What the doctor says about a Canvas, and which settings make one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from lms_sync.demo.canvas_server import Reply
from lms_sync.errors import ConfigError
from lms_sync.sources.canvas.source import from_settings
from lms_sync.sources.diagnosis import CheckState
from lms_sync.sources.http.answer import HttpError
from lms_sync.workspace.settings.sources import CanvasSettings
from tests.sources.canvas_hall import CALM, RIGHTS, TOKEN, Hall, hall, once, school_class, student


@pytest.fixture
def school() -> Iterator[Hall]:
    with hall(school_class(student(1, RIGHTS), student(2, CALM))) as one:
        yield one


def found(school: Hall, verdict: CheckState = CheckState.WRONG) -> list[str]:
    """Return what was found about classes."""
    return [c.found for c in school.source.diagnose() if c.verdict is verdict and c.what.startswith("class")]


def test_a_sound_set_up_is_good_but_for_the_module_that_asks_for_nothing(school: Hall) -> None:
    checks = list(school.source.diagnose())
    assert found(school) == []
    assert checks[0].what == "address and token"
    assert [c.found for c in checks if c.verdict is CheckState.NOTE] == [
        "the module “Willkommen, 小龍” asks for nothing"
    ]
    assert "Ada" not in str(checks)


def test_it_says_when_nobody_can_be_matched(school: Hall) -> None:
    for one in school.course.students:
        one.email = one.sis_user_id = ""
    assert found(school) == ["2 students, 0 with an e-mail address, 0 with a SIS id"]


def test_it_says_which_right_is_missing_and_goes_on(school: Hall) -> None:
    school.canvas.courses.append(school_class(student(1, RIGHTS), number=2))
    school.canvas.instead = once(Reply({}, 403), "/4711/bulk_user_progress", times=9)
    (one,) = found(school)
    assert "403" in one


def test_it_says_when_the_modules_of_a_student_are_refused(school: Hall) -> None:
    school.canvas.instead = once(Reply({}, 403), "student_id=", times=9)
    assert found(school) == ["the modules of a student are refused"]


def test_a_bad_token_ends_it(school: Hall) -> None:
    school.canvas.token = "another"
    with pytest.raises(HttpError, match="401"):
        list(school.source.diagnose())


def settings(**values: object) -> CanvasSettings:
    base = {"name": "esd", "kind": "canvas", "url": "https://canvas.example.org", "token_file": "token"}
    return CanvasSettings.model_validate({**base, "courses": ["4711"], **values})


def test_settings_make_a_source_that_reads_its_token_when_it_is_needed(tmp_path: Path) -> None:
    source = from_settings(settings(), folder=tmp_path, layouts={}, district_zone="UTC")
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert source.endpoint.headers()["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(source)


@pytest.mark.parametrize(
    "wrong",
    [
        {"courses": []},
        {"account": "1"},
        {"courses": [], "account": "1", "search": "SS"},
        {"search": "SSS-"},
        {"token": "secret"},
        {"sis_user_id_is_person_id": "yes"},
    ],
)
def test_settings_that_say_too_little_or_too_much_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)


@pytest.mark.parametrize(
    ("wrong", "word"), [({"token_file": ""}, "no token"), ({"url": "http://canvas.example.org"}, "https")]
)
def test_settings_that_cannot_be_used_are_told(tmp_path: Path, wrong: dict[str, object], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        from_settings(settings(**wrong), folder=tmp_path, layouts={}, district_zone="UTC")
