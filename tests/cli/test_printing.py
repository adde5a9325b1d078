"""What a terminal is given: no mark that would steer it, and none of those that only a document needs."""

import io

import pytest

from lms_sync.cli.printing import Printing, printable
from lms_sync.compliance.gate import made_up
from lms_sync.reports.words import clean


@pytest.mark.parametrize("name", ["محمد", "Cohen, שרה", "O’Brien", "王, 小明"])
def test_a_name_is_printed_as_it_is_written_whatever_its_direction(name: str) -> None:
    assert printable(f"{clean(made_up(name))} (900001)") == f"{name} (900001)"


def test_half_of_a_pair_on_a_wrapped_line_is_left_out_too() -> None:
    paper = io.StringIO()
    whole = clean(made_up("شركة الأمن"))
    Printing(paper).writelines([f"{whole[:6]}\n", whole[6:]])
    assert paper.getvalue() == "شركة \nالأمن"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u2067", "\x1b[2J", "\x07"])
def test_other_marks_are_written_out(mark: str) -> None:
    assert mark not in printable(f"a{mark}b")
    assert "\\" in printable(f"a{mark}b")
