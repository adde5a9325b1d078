"""Which reports, messages and documents of agreements may go: old ones that nothing that stays builds on. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.model.stored.facts import AGREEMENT
from lms_sync.model.stored_row import StoredRow
from lms_sync.operations.retention.holdings import Holdings, KeptSpan
from lms_sync.store.purge import SIZE

WAITING = ("held", "queued", "sending")
ARRIVED = ("sent", "unknown")


@dataclass(frozen=True, slots=True)
class Letters:
    """What goes of all that was issued and sent."""

    issued: tuple[StoredRow, ...]
    """Documents of agreements whose content goes; the rows stay."""
    standing: tuple[StoredRow, ...]
    """Documents of agreements whose content stays."""
    reports: tuple[StoredRow, ...]
    reports_kept: tuple[StoredRow, ...]
    deliveries: tuple[StoredRow, ...]
    bodies: tuple[StoredRow, ...]
    """Deliveries of reports that stay only to be compared with: what they said goes, that they arrived stays."""

    @property
    def instants(self) -> frozenset[datetime]:
        """Return by what was known at which times the documents that stay were made."""
        return frozenset(row.content["known_at"] for row in self.standing)


def plan_letters(holdings: Holdings, cutoff: datetime, *, day: date, held: frozenset[str]) -> Letters:
    """Return what goes of what was issued before the cutoff, which is the beginning of `day`."""
    whole = [row for row in holdings.rows["issued"] if not row.content["purged"]]
    ended = _ended_agreements(holdings, cutoff, day)
    issued = [row for row in whole if row.began < cutoff and _is_over(row, ended) and not _is_held(row, held)]
    standing = [row for row in whole if row not in issued]
    kept = _reports_kept(holdings, cutoff, held)
    reports = [row for row in holdings.rows["report"] if row.key[0] not in kept]
    needed = kept, {row.key[0] for row in standing}
    deliveries = [row for row in holdings.rows["delivery"] if row.began < cutoff and not _stays(row, *needed)]
    return Letters(
        issued=tuple(issued),
        standing=tuple(standing),
        reports=tuple(reports),
        reports_kept=tuple(row for row in holdings.rows["report"] if row.key[0] in kept),
        deliveries=tuple(deliveries),
        bodies=tuple(_bodies(holdings, cutoff, kept - _about_the_held(holdings, held))),
    )


def _bodies(holdings: Holdings, cutoff: datetime, reports: frozenset[str]) -> Iterator[StoredRow]:
    """Yield the old deliveries of these reports that went out, and still have their message."""
    for row in holdings.rows["delivery"]:
        out = row.content["state"] not in WAITING and row.content["report_id"] in reports
        if out and row.began < cutoff and row.content[SIZE]:
            yield row


def _about_the_held(holdings: Holdings, held: frozenset[str]) -> frozenset[str]:
    return frozenset(row.key[0] for row in holdings.rows["report"] if row.content["people"] & held)


def _ended_agreements(holdings: Holdings, cutoff: datetime, day: date) -> dict[str, bool]:
    """Return Agreement ID → whether it ended before the cutoff: by its last day, or it left the roster before it."""
    last = {row.key[1]: row for row in holdings.facts("agreement")}
    return {key: not KeptSpan(cutoff).since(row) or _ends_before(row, day) for key, row in last.items()}


def _ends_before(row: StoredRow, day: date) -> bool:
    ends = AGREEMENT.read(row.content["payload"]).ends
    return ends is not None and ends < day


def _is_over(row: StoredRow, ended: dict[str, bool]) -> bool:
    # An agreement that no fact tells of any more has left the roster before an earlier purge's cutoff.
    return ended.get(row.content["agreement_id"], True)


def _is_held(row: StoredRow, held: frozenset[str]) -> bool:
    return row.content["agreement_id"] in held or bool(row.content["words"] & held)


def _reports_kept(holdings: Holdings, cutoff: datetime, held: frozenset[str]) -> frozenset[str]:
    """Return the reports that stay: new ones, the last ones that they are compared with, those about the held."""
    carried: dict[str, list[StoredRow]] = defaultdict(list)
    for delivery in holdings.rows["delivery"]:
        carried[delivery.content["report_id"] or ""].append(delivery)
    kept = {row.key[0] for row in holdings.rows["report"] if row.began >= cutoff}
    kept |= _about_the_held(holdings, held)
    kept |= {report for report, some in carried.items() if any(_is_new_or_waits(row, cutoff) for row in some)}
    active = {row.key[1] for row in holdings.facts("partner") if KeptSpan(cutoff).since(row)}
    for partner in active:
        rows = [row for row in holdings.rows["report"] if row.content["partner_id"] == partner and row.began < cutoff]
        for states in ((), ARRIVED, ("sent",)):
            kept |= _newest(rows, carried, states)
    return frozenset(kept)


def _is_new_or_waits(delivery: StoredRow, cutoff: datetime) -> bool:
    return delivery.began >= cutoff or delivery.content["state"] in WAITING


def _newest(
    reports: Sequence[StoredRow], carried: dict[str, list[StoredRow]], states: Iterable[str]
) -> frozenset[str]:
    """Return the newest report with a delivery in any of `states`; in any at all when none is named."""
    wanted = set(states)
    for row in reversed(reports):
        if any(not wanted or carrying.content["state"] in wanted for carrying in carried[row.key[0]]):
            return frozenset({row.key[0]})
    return frozenset()


def _stays(delivery: StoredRow, reports: frozenset[str], documents: set[str]) -> bool:
    """Tell whether an old delivery stays: it waits, or what it carries stays."""
    number = delivery.content["about"].partition(" ")[0]
    return delivery.content["state"] in WAITING or delivery.content["report_id"] in reports or number in documents
