"""A workspace that is open: its settings, its database, the clock and the way out, as acts and the night use them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms_sync.errors import NeedsSecond
from lms_sync.model.author import Author
from lms_sync.model.carrier import Carrier
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.second_person import SecondAct
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Config


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace."""

    config: Config
    store: Store
    pseudonyms: Pseudonyms
    carrier: Carrier
    clock: Callable[[], datetime]
    """Gives the present instant, aware; it never stands still between two runs."""
    mint: Callable[[], str]
    """Gives a new unique token for ids on each call."""

    @property
    def zone(self) -> ZoneInfo:
        """The district's zone."""
        return ZoneInfo(self.config.settings.district.zone)

    def expect_second(self, author: Author, act: SecondAct) -> None:
        """Refuse an act for which the settings ask for a second person while none has agreed. Raises: NeedsSecond."""
        if act in self.config.settings.web.second_person.acts and not author.second:
            raise NeedsSecond(
                f"{act}: this cannot be undone, and needs a second, signed-in person ([web.second_person])",
                hint="Ask for it at the desk or by its command; somebody else approves it at the desk.",
            )

    def today(self) -> date:
        """Return the district's calendar day."""
        return self.day(self.clock())

    def day(self, at: datetime) -> date:
        """Return the calendar day on which an instant falls where the district is."""
        return at.astimezone(self.zone).date()
