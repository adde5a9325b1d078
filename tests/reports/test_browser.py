from pathlib import Path

import pytest

from tests.reports import browser


def test_without_a_browser_the_slow_tests_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "BROWSERS", ("no-such-browser",))
    with pytest.raises(RuntimeError, match="apt-get install chromium"):
        browser.program()


def test_without_axe_core_the_slow_tests_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "AXE", tmp_path / "axe.min.js")
    with pytest.raises(RuntimeError, match="make test-slow"):
        browser.axe_source()
