"""docs/settings.md is what the settings' own types say."""

from docs.settings import PAGE, page


def test_the_page_is_what_the_types_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it again: python -m docs.settings"


def test_every_key_has_its_sentence() -> None:
    assert [line for line in page().splitlines() if line.startswith("| `") and line.endswith("|  |")] == []
