"""A night → what HR is told about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from lms_sync.documents.night import FileNight, MessageNight, NightSummary, SourceNight
from lms_sync.issuing import Issuer
from lms_sync.law.standing import State
from lms_sync.model import Finding
from lms_sync.store import Store
from lms_sync.store.deliveries import DeliveryKind, DeliveryState
from lms_sync.sync.pulls import Pulled


def summarise(
    store: Store, issuer: Issuer, *, pulled: Sequence[Pulled], new: tuple[Finding, ...], tonight: AbstractSet[str]
) -> NightSummary:
    """Return what HR is told; `tonight` are the ids of the deliveries that were posted or tried."""
    ids = {finding.id for finding in new}
    return NightSummary(
        district=issuer.knowledge.settings.district,
        as_of=issuer.judged.as_of,
        known_at=issuer.knowledge.known_at,
        sources=tuple(_source_night(one) for one in pulled),
        new=new,
        waiting=tuple(one.finding for one in store.findings.open() if one.finding.id not in ids),
        not_ours=issuer.judged.not_ours,
        messages=tuple(_messages(store, issuer, tonight)),
        states=_states(issuer),
    )


def _states(issuer: Issuer) -> tuple[tuple[str, int], ...]:
    """Return (state, how many of those assigned today are in it), the most pressing first, without empty ones."""
    judged = issuer.judged
    assigned = {a.person_id for a in issuer.knowledge.roster.assignments if a.covers(judged.as_of)}
    counts = Counter(judged.people[person_id].state for person_id in assigned)
    order = (State.OVERDUE, State.UNDETERMINED, State.ON_PLAN, State.COMPLETE, State.DOCUMENTED, State.NOT_STARTED)
    return tuple((state.value, counts[state]) for state in order if counts[state])


def _source_night(pulled: Pulled) -> SourceNight:
    return SourceNight(
        source=pulled.source,
        files=tuple(FileNight(f.name, f.outcomes, f.dropped, unchanged=f.unchanged) for f in pulled.files),
        trouble=str(pulled.error) if pulled.error else "",
        remedy=pulled.error.hint if pulled.error else "",
        stopped=pulled.stopped,
    )


def _messages(store: Store, issuer: Issuer, tonight: AbstractSet[str]) -> Iterator[MessageNight]:
    """Yield tonight's deliveries, and those of earlier nights that still wait."""
    partners = issuer.knowledge.roster.partners
    for delivery in store.deliveries.listed(*DeliveryState):
        if delivery.delivery_id in tonight or delivery.state is not DeliveryState.SENT:
            partner = partners.get(delivery.partner_id)
            to = "HR" if delivery.kind is DeliveryKind.NIGHT else partner.name if partner else delivery.partner_id
            yield MessageNight(delivery.delivery_id, to, delivery.state.value, delivery.detail)
