"""Why a partner's report must wait tonight: evidence that was not read, an address that another has. Pure."""

from collections.abc import Sequence

from lms_sync.compliance.disputed import WHY_IT_WAITS, disputed_people, release_waits
from lms_sync.compliance.unread import why_it_waits
from lms_sync.mail.posting import shared_addresses
from lms_sync.model.links import IdHolders
from lms_sync.model.rule_change import STORED_JUDGEMENTS
from lms_sync.model.run import Pulled
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.snapshot import Snapshot

BY_RULES = "the program's new rules judge one of its people otherwise, and HR has not looked yet"
BY_STORED = "what was kept of one of its people was not what the facts give, and HR has not looked yet"


def stop_reasons(issuer: Issuer, pulled: Sequence[Pulled]) -> dict[str, str]:
    """Return, by partner, why its report must wait: a shared address, evidence not read, a stopped source."""
    roster = issuer.snapshot.roster
    reasons: dict[str, str] = {}
    for shared in shared_addresses(roster.partners.values(), own=issuer.config.settings.district.hr):
        reasons |= dict.fromkeys(shared.partner_ids, "one of its addresses is listed under another partner too")
    stopped = stopped_sources(issuer.snapshot, pulled)
    unknown = {decision.person_id for decision in issuer.judged.waiting if not decision.then}
    otherwise = judged_otherwise(issuer.snapshot)
    disputed = disputed_people(issuer.snapshot, issuer.judged)
    for partner_id in roster.partners:
        people = {a.person_id for a in roster.assigned(partner_id, issuer.judged.as_of)}
        if why := why_it_waits(issuer.snapshot, partner_id, people):
            reasons[partner_id] = why
        if any(issuer.judged.sources.get(person, frozenset()) & stopped for person in people):
            reasons[partner_id] = "a source that holds evidence of its people looks broken (safety stop)"
        elif people & disputed or release_waits(issuer.snapshot, partner_id):
            reasons[partner_id] = WHY_IT_WAITS
        elif found := people & otherwise.keys():
            reasons[partner_id] = otherwise[min(found)]
        elif people & unknown:
            reasons[partner_id] = "a decision about one of its people does not say for whom it was made"
    return reasons


def judged_otherwise(snapshot: Snapshot) -> dict[str, str]:
    """Return Person ID → why, of whom the program alone changes something that HR has not looked at."""
    holders = IdHolders.of(snapshot.merges, snapshot.roster.people)
    return {
        holders.now(person, change.as_of): BY_STORED if change.rule == STORED_JUDGEMENTS else BY_RULES
        for change in snapshot.rule_changes.values()
        for person in change.people
    }


def stopped_sources(snapshot: Snapshot, pulled: Sequence[Pulled]) -> set[str]:
    """Return the sources that look broken, tonight or since an earlier night."""
    still = {source for source, (_, last) in snapshot.pulls.items() if last.outcome == "safety stop"}
    return still | {result.source for result in pulled if result.stopped}
