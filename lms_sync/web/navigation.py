"""What stands in the bar above every page."""

from collections.abc import Iterator

from lms_sync.web.roles import SignedIn
from lms_sync.web.routes import ROUTES

BAR = (
    ("today", "Today"),
    ("worklist", "Worklist"),
    ("people", "People"),
    ("partners", "Partners"),
    ("agreements", "Agreements"),
    ("courses", "Course map"),
    ("roster", "Roster"),
    ("sheets", "Sheets"),
    ("log", "Decisions"),
)
"""(route, words)."""


def offered(user: SignedIn) -> Iterator[tuple[str, str]]:
    """Yield (route, words) of the pages that the user may open."""
    roles = {route.name: route.roles for route in ROUTES}
    yield from ((name, words) for name, words in BAR if name in roles and user.may(roles[name]))
