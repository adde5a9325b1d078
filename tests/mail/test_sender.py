import pytest

from lms_sync.errors import UsageError
from lms_sync.model.address import named_sender, split_sender


@pytest.mark.parametrize(
    ("sender", "whose", "name"),
    [
        ("hr@example.org", "Pine Hill Schools", "Pine Hill Schools"),
        ("HR <hr@example.org>", "Pine Hill", "HR, Pine Hill"),
        ('"Roe, A." <hr@example.org>', 'The "Hill" \\ x', 'Roe, A., The "Hill" \\ x'),
        ("pine hill HR <hr@example.org>", "Pine Hill", "pine hill HR"),
        ("hr@example.org", "Łódź", "Łódź"),
    ],
)
def test_the_sender_names_the_district_once(sender: str, whose: str, name: str) -> None:
    assert split_sender(named_sender(sender, whose)) == (name, "hr@example.org")


def test_a_name_cannot_start_a_header_of_its_own() -> None:
    with pytest.raises(UsageError):
        named_sender("hr@example.org", "x\r\nBcc: y@example.org")
