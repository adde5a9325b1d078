"""What the demo's ESD answers: everybody who had finished, and one row as such lists have them."""

from lms_sync.demo.cast import members
from lms_sync.demo.esd import esd_list
from lms_sync.documents.esd_list import list_in, read_list


def test_the_list_is_readable_and_has_one_row_under_somebody_elses_number() -> None:
    found = list_in(esd_list())
    assert found is not None
    entries, wrong, whole = read_list(found[1], file="documents.xlsx")

    assert (wrong, whole) == ((), True)
    last = {member.person_id: member.last for member in members()}
    strange = [one for one in entries if last[one.text("Person ID")] != one.text("Last name")]
    assert (len(entries), len(strange)) == (11, 1)


def test_the_list_is_the_same_each_time() -> None:
    assert esd_list() == esd_list()
