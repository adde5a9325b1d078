"""What became of the trainings that a partner reported on its page: waiting, accepted, refused, or replaced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms_sync.compliance.gate import reason_of_hr
from lms_sync.model.address import fold_address
from lms_sync.model.evidence import Completion, claim_id
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.partner_page import ReportedTraining
from lms_sync.model.pseudonyms import record_hashing
from lms_sync.operations.partner_page.report_training import provider_words
from lms_sync.reports.issuer import Issuer
from lms_sync.sources.corrections.claims import record_of
from lms_sync.store.known.registers import REPORTED
from lms_sync.store.store import Store
from lms_sync.text import fold
from lms_sync.workspace.settings.corrections import CORRECTIONS

Content = tuple[str, str, str, str, str]
"""Record, day, address of who reported it, provider, number of the certificate: another content is another claim."""


@dataclass(frozen=True, slots=True)
class ReportedState:
    """What became of a reported training."""

    training: ReportedTraining
    state: str
    why: str = ""
    """Only that there is a reason: its words may name others."""


def reported_states(store: Store, issuer: Issuer, partner_id: str) -> tuple[ReportedState, ...]:
    """Return what a partner reported, the newest first, each with what became of it.

    Of one that was refused and reported again, with a certificate say, each has a state of its own.
    """
    reported = [training for training in REPORTED.read(store).values() if training.partner_id == partner_id]
    if not reported:
        return ()
    hashed = record_hashing(CORRECTIONS, issuer.pseudonyms)
    # The newest of a content last, and what counts today after what does not: the later one stays.
    waiting = _claims(store.evidence.completions(CORRECTIONS))
    ended = _claims(reversed(store.evidence.ended_of(CORRECTIONS)))
    states = []
    for training in sorted(reported, key=lambda t: (t.at, t.report_id), reverse=True):
        record = hashed(record_of(training.person_id, training.requirement, training.day))
        content = _content(record, str(training.day), training.address, provider_words(training), training.number)
        states.append(_state(training, waiting.get(content, ""), ended.get(content, ""), issuer.snapshot.decisions))
    return tuple(states)


def _claims(completions: Iterable[Completion]) -> dict[Content, str]:
    """Return content → id of the claim."""
    found = {}
    for completion in completions:
        says = dict(completion.attributes)
        given = (says.get(name, "") for name in ("reported_by", "provider", "certificate"))
        found[_content(completion.record, str(completion.day), *given)] = claim_id(completion)
    return found


def _content(record: str, day: str, address: str, provider: str, number: str) -> Content:
    return record, day, fold_address(address), fold(provider), fold(number)


def _state(
    training: ReportedTraining, waiting: str, ended: str, decided: Mapping[str, ClaimDecision]
) -> ReportedState:
    decision = decided.get(waiting or ended)
    if decision is not None:
        return ReportedState(training, "accepted" if decision.accepted else "refused", reason_of_hr(decision.reason))
    if waiting:
        return ReportedState(training, "waits for the district's decision")
    return ReportedState(training, "replaced by a later report" if ended else "received")
