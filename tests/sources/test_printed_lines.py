"""How a printed line begins: all beginnings looked for at once, as each of them alone."""

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.printed import PAGE, REASONS, begins, reason_of

BEGINNINGS = [words for beginnings in REASONS.values() for words in beginnings]
LINES = st.tuples(st.sampled_from(["", "x ", *BEGINNINGS]), st.text("a :_é7\n", max_size=3)).map("".join)


@given(LINES)
def test_a_beginning_is_found_as_whole_words(line: str) -> None:
    alone = next((why for why, known in REASONS.items() if any(begins(line, words) for words in known)), "")
    assert PAGE.fullmatch(line) or reason_of(line) == alone
