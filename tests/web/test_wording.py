"""What pages say where the command line names its own options and commands."""

from pathlib import Path

import pytest

import lms_sync
from lms_sync.web.wording import FIELDS, LOOK_AGAIN, hint_on_page

PACKAGE = Path(lms_sync.__file__).parent


@pytest.mark.parametrize("option", FIELDS)
def test_what_pages_say_for_an_option_is_said_of_one_that_there_is(option: str) -> None:
    lines = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "wording.py"]
    assert any(option in text for text in lines)


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("", ""),
        ("`lms-sync worklist` shows the ids.", LOOK_AGAIN),
        ("Did you mean 00201? `lms-sync people match` lists them.", "Did you mean 00201?"),
        (
            "File the ESD's documents (`lms-sync documents add`), or describe the plan instead: `lms-sync x y`.",
            "File the ESD's documents, or describe the plan instead.",
        ),
        ('Add --reason "…".', "Fill in “Why”."),
        ("To mail it once more: --again.", "To mail it once more: tick “even if it was mailed before”."),
    ],
)
def test_what_to_do_is_told_in_words_of_pages(hint: str, shown: str) -> None:
    assert hint_on_page(hint) == shown
