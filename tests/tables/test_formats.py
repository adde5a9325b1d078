"""Number formats: which change what a number says."""

from datetime import datetime, time

import pytest

from lms_sync.tables.cells import Value
from lms_sync.tables.formats import display_numbered, display_of


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0%", 0.85, "85%"),
        ("0%", 0.796, "80%"),
        ("0.00%", 1.0, "100.00%"),
        ("[Red]0%", 0.5, "50%"),
        ("0\\%", 85.0, "85%"),
        ("00000", 417.0, "00417"),
        ("00000", 0.0, "00000"),
        ("00000", 1234567.0, "1234567"),
        ("00000_);\\(00000\\)", 417, "00417"),
        ("[$-409]000", 7, "007"),
        ("000-00-0000", 123456782.0, "123-45-6782"),
        ("000\\-00\\-0000", 12345678, "012-34-5678"),
        ('"E"000', 17.0, "E017"),
        ('0" days"', 3.0, "3 days"),
        ("##-####", 12345.0, "1-2345"),
        ('"E"General', 417.0, "E417"),
        ('General" hrs"', 1.5, "1.5 hrs"),
        ("[Green][>=0.8]0%;[Red]0%", 0.85, "85%"),
        ("[>=.8]0%;0.0%", 0.755, "75.5%"),
        ("[<=99999]00000;00000-0000", 417, "00417"),
        ("[<=99999]00000;00000-0000", 984011234, "98401-1234"),
        ("[<=9999999]###-####;(###) ###-####", 5550100.0, "555-0100"),
        ('"Passed"', 1, "Passed"),
        ('"Yes";"Yes";"No"', 0.0, "No"),
        ('"Yes";"Yes";"No"', -1, "Yes"),
        ('[=1]"Passed";[=0]"Failed";General', 1, "Passed"),
        ('[=1]"Passed";[=0]"Failed";General', 0, "Failed"),
        ('[=1]"Passed";"Failed"', 0, "Failed"),
        (";;;", 417.0, None),
        ("[<1]h:mm;[h]:mm", datetime(1900, 1, 1, 6, 30), time(6, 30)),
        ("0;-0;;@", 0, None),
        (";;;", "Passed", None),
        ("0;-0;0;", "Passed", None),
        (";;;@", 417, None),
        ('0;-0;0;"Failed"', "Passed", "Failed"),
        ('General;General;General;"E"@', "417", "E417"),
        ('"Dept." @', "5", "Dept. 5"),
        ('"Dept. "@', 5.0, "Dept. 5"),
        ('0%;@" (old)"', "85", "85 (old)"),
        ("m/d/yyyy;;", time(0), None),
        ('m/d/yyyy;;"none"', time(0), "none"),
        ("h:mm;;;@", time(0), None),
        ("mm:ss", datetime(1900, 1, 1, 6, 30), time(6, 30)),
        ("h:mm AM/PM", datetime(1900, 1, 1, 6, 30), time(6, 30)),
    ],
)
def test_format_that_says_more_than_the_number(code: str, value: Value, shown: Value) -> None:
    found = display_of(code)
    assert found is not None
    assert found.displayed(value) == shown


@pytest.mark.parametrize(
    "value", ["00417", True, None, float("inf"), float("nan"), -5.0, 1e300, datetime(2025, 9, 3)]
)
def test_what_is_no_number_to_be_shown_stays(value: Value) -> None:
    found = display_of("00000")
    assert found is not None
    assert found.displayed(value) is value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("0;-0;;@", 85),
        ('[=1]"Passed";[=0]"Failed"', 2),
        ('[>100]0%;"negative";"other"', 50),
        ("00000;;", "text"),
        (";;;", datetime(2025, 9, 3)),
        ("0;-0;;@", "text"),
        ("0;-0;;General", "text"),
        (";;", "text"),
        ("m/d/yyyy;;", datetime(2025, 9, 3)),
        ("m/d/yyyy;;", time(6, 30)),
        ("[>=0.8]0%;0.0%", time(0)),
        ('"E"General', -5),
    ],
)
def test_value_that_its_section_leaves_as_it_is(code: str, value: Value) -> None:
    found = display_of(code)
    assert found is not None
    assert found.displayed(value) == value


@pytest.mark.parametrize(
    "code",
    [
        "", "General", "@", "0", "0.00", "#,##0", "$#,##0.00", "_(* #,##0_);_(* \\(#,##0\\)", "[Red]0", "0.00E+00",
        "# ?/?",        "yyyy-mm-dd", "m/d/yy h:mm", "[h]:mm", "x" * 1000, "m/d/yyyy;@",
        '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', "General;General;General;@",
    ],
)  # fmt: skip
def test_format_that_leaves_a_number_as_it_is(code: str) -> None:
    assert display_of(code) is None


def test_formats_that_files_name_by_number_are_known() -> None:
    percent = display_numbered({}, 9)
    assert percent is not None
    assert percent.displayed(0.5) == "50%"
    assert display_numbered({9: "0"}, 9) is None
    assert display_numbered({}, 2) is None
