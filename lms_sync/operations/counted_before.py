"""Partners whose last report told as met what is open now, since nobody knows any more whose the records are.

A source that gives somebody a new login, or two people one id, must not make anybody late in a partner's eyes: what
was told stays until HR has said whose the records are.
"""

from collections.abc import Mapping, Sequence

from lms_sync.mail.reasons_to_hold import stop_reasons
from lms_sync.model.run import Pulled
from lms_sync.operations.upgrade.standings import of_report
from lms_sync.reports.issuer import Issuer
from lms_sync.store.store import Store

COUNTED_BEFORE = (
    "records that its last report counted for one of its people count for nobody, until HR has said whose they are"
)


def stops_of(store: Store, issuer: Issuer, pulled: Sequence[Pulled]) -> Mapping[str, str]:
    """Return, by partner, why nothing may leave to it; `pulled` is what came of tonight's sources."""
    return counted_before(store, issuer) | stop_reasons(issuer, pulled)


def counted_before(store: Store, issuer: Issuer) -> dict[str, str]:
    """Return the partners of whom somebody has in conflict what their last report told as met; and why they wait."""
    judged, roster = issuer.judged, issuer.snapshot.roster
    in_conflict = {person for match in judged.matches.values() if match.conflict for person in match.people}
    found: dict[str, str] = {}
    for partner_id in roster.partners if in_conflict else ():
        theirs = {a.person_id for a in roster.assigned(partner_id, judged.as_of)} & in_conflict
        last = store.reports.last(partner_id, issuer.snapshot.known_at) if theirs else None
        before = of_report(last) if last else {}
        if any(before[person].met.difference(judged.short[person].met) for person in theirs & before.keys()):
            found[partner_id] = COUNTED_BEFORE
    return found
