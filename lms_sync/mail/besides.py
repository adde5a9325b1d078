"""What a night sends besides the partners' reports and the summary: receipts, people's own records, heads-ups."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lms_sync.mail.heads_up import building_id, issue_heads_ups
from lms_sync.mail.own_records import issue_own_records, person_key
from lms_sync.mail.receipts import issue_receipts
from lms_sync.model.delivery import Delivery
from lms_sync.model.finding import Finding
from lms_sync.model.roster import Roster
from lms_sync.reports.issuer import Issuer
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Config


@dataclass(frozen=True, slots=True)
class Besides:
    """What all of it came to."""

    posted: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    codes: frozenset[int]
    """Exit codes of what went wrong."""


def issue_besides(store: Store, issuer: Issuer, *, stops: Mapping[str, str], stopped: Collection[str]) -> Besides:
    """Issue what is wanted tonight; the trouble of one message never stops the others.

    `stops` is partner → why nothing may leave to it; `stopped` are the sources that look broken.
    """
    several = (
        issue_receipts(store, issuer, stops),
        issue_own_records(store, issuer, stops),
        issue_heads_ups(store, issuer, stopped=stopped),
    )
    return Besides(
        tuple(delivery for issued in several for delivery in issued.posted),
        tuple(finding for issued in several for finding in issued.findings),
        frozenset(code for issued in several for code in issued.codes),
    )


def other_addresses(config: Config, roster: Roster) -> Iterator[tuple[str, str]]:
    """Yield (what a delivery calls them, address) of those who are written to and are no partner's contacts."""
    yield from (("", address) for address in config.settings.district.hr)
    yield from ((building_id(building), building.principal) for building in config.settings.building)
    yield from ((person_key(p.person_id), email) for p in roster.people.values() for email in p.emails[:1])
