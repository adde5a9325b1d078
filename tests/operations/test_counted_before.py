"""Nobody becomes late in a partner's eyes because a source has given somebody a new login: HR is asked first."""

from lms_sync.operations.counted_before import COUNTED_BEFORE, stops_of
from lms_sync.operations.night import open_issuer
from tests.operations.night_town import Town
from tests.operations.test_night_identity import BENEDETTA, EXPORT, export, logins, row
from tests.operations.test_night_people import say

__all__ = ["logins"]


def waiting(town: Town) -> dict[str, str]:
    with town.workspace() as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        return dict(stops_of(workspace.store, issuer, ()))


def test_who_counted_under_a_login_and_has_another_now_is_not_reported_as_late(logins: Town) -> None:
    logins.write(EXPORT.format(1), export(row("rook", BENEDETTA, "Everything")))
    logins.night(days=1)
    logins.night(days=8)
    assert (logins.open_topics("70102"), waiting(logins)) == (set(), {}), "the report says that she has everything"
    sent = len(logins.deliveries("quarry"))

    logins.write(EXPORT.format(2), export(row("b.rookhurst", BENEDETTA, "Everything")))
    logins.night(days=8)
    assert logins.open_topics("70102") != set()
    assert waiting(logins) == {"quarry": COUNTED_BEFORE}
    assert {d.detail for d in logins.deliveries("quarry")[sent:]} == {COUNTED_BEFORE}

    for login in ("rook", "b.rookhurst"):
        assert say(logins, "link", f"esd:{login}", "70102", "--reason", "she has a new login").exit_code == 0
    assert (logins.open_topics("70102"), waiting(logins)) == (set(), {})


def test_two_logins_from_the_start_keep_nobody_waiting(logins: Town) -> None:
    logins.write(
        EXPORT.format(1), export(row("rook", BENEDETTA, "Everything"), row("rook2", BENEDETTA, "Everything"))
    )
    logins.night(days=8)
    assert logins.open_topics("70102") != set(), "HR is asked whose they are; no report has told them as met"
    assert waiting(logins) == {}
