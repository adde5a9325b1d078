"""Wrong settings are told in plain words: what to write, the closest known key, never the library's own sentence."""

from pathlib import Path

import pytest

from lms_sync.errors import ConfigError
from lms_sync.sources.spreadsheet.layout import read_layout
from lms_sync.workspace.settings.config import read_config
from tests.workspace.test_config import GOOD

LAYOUT = """kind = "rows"
key = ["person_id", "course"]
[columns]
person_id = ["Id"]
course = ["C"]
completed_on = ["D"]
"""
PYDANTICS = ("Input should", "Field required", "Extra inputs", "valid dictionary", "at least 1 item", "Value error")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            'id = "pinehill"',
            'id = "pinehill"\nzoen = "UTC"',
            'district.zoen: there is no such key. Did you mean "zone"?',
        ),
        ('id = "pinehill"', 'id = "Pine Hill"', "district.id: write small letters, digits and hyphens"),
        ('id = "pinehill"', "id = 7", "district.id: write text, between quotes"),
        ('contact = "HR"', "", "district.contact: it is missing"),
        ('hr = ["hr@example.org"]', 'hr = "hr@example.org"', "district.hr: write a list"),
        ('hr = ["hr@example.org"]', "hr = []", "district.hr: name at least 1"),
        ('kind = "spreadsheet"', 'kind = "spreadsheat"', 'source.1: kind: Did you mean "spreadsheet"? Choose one of'),
        ('kind = "spreadsheet"\n', "", "source.1: kind is missing"),
        ('export = "cumulative"', 'export = "cumulativ"', 'source.1.export: Did you mean "cumulative"?'),
        (
            'export = "cumulative"',
            'exprt = "cumulative"',
            'source.1.exprt: there is no such key. Did you mean "export"?',
        ),
        ('layout = "moodle-', 'layot = "moodle-', 'files.1.layot: there is no such key. Did you mean "layout"?'),
        ("[mail]", "[mails]\n[mail]", 'mails: there is no such key. Did you mean "mail"?'),
        ('sender = "hr@example.org"', 'sender = "x"\ngive_up_days = "3"', "mail.give_up_days: write a whole number"),
        ('sender = "hr@example.org"', 'sender = "x"\ngive_up_days = 0', "mail.give_up_days: write 1 or more"),
        ('sender = "hr@example.org"', 'sender = "x"\nsmtp = 3', "mail.smtp: write a section"),
    ],
)
def test_a_wrong_key_is_told_in_plain_words(tmp_path: Path, before: str, after: str, line: str) -> None:
    assert before in GOOD
    (tmp_path / "lms_sync.toml").write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)

    assert line in str(caught.value)
    assert not any(words in str(caught.value) for words in PYDANTICS)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('person_id = ["Id"]', 'persn_id = ["Id"]', 'columns.persn_id: Did you mean "person_id"?'),
        ('kind = "rows"', 'kind = "row"', 'kind: Did you mean "rows"?'),
        ('kind = "rows"', 'kind = "rows"\nkeys = 1', 'keys: there is no such key. Did you mean "key"?'),
        ('["D"]', '"D"', "columns.completed_on: write a list"),
    ],
)
def test_a_wrong_layout_likewise(tmp_path: Path, before: str, after: str, line: str) -> None:
    path = tmp_path / "vendor.toml"
    path.write_text(LAYOUT.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_layout(path)

    assert f"vendor.toml, {line}" in str(caught.value)
    assert not any(words in str(caught.value) for words in PYDANTICS)


def test_a_mistyped_secret_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD + 'carrier = "correct-horse"\n'
    (tmp_path / "lms_sync.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)

    assert "correct-horse" not in str(caught.value)
