"""Send what is queued and due, as long as anything may leave."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from lms_sync.errors import ConfigError
from lms_sync.mail.before_issuing import missing
from lms_sync.mail.outbox import Batch, RetryPolicy, former_findings, send_due
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.finding import Finding
from lms_sync.store.deliveries import Deliveries
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.workspace import Workspace


def send(workspace: Workspace) -> Batch:
    """Try every queued delivery that is due.

    While something is missing that must be there before anything is issued, only HR's own summaries leave: what an
    earlier version or an earlier night has queued stays so, and the batch says why.
    """

    @contextmanager
    def transaction() -> Iterator[Deliveries]:
        with workspace.store.transaction():
            yield workspace.store.deliveries

    patience = RetryPolicy(give_up=timedelta(days=workspace.config.settings.mail.give_up_days))
    lacking = _missing(workspace)
    kinds = (DeliveryKind.NIGHT,) if lacking else tuple(DeliveryKind)
    batch = send_due(transaction, workspace.carrier, clock=workspace.clock, patience=patience, kinds=kinds)
    _clear(workspace, [delivery for delivery in batch.tried if delivery.state is DeliveryState.SENT])
    due = workspace.store.deliveries.due(workspace.clock()) if lacking else ()
    waiting = sum(delivery.kind not in kinds for delivery in due)
    return replace(batch, trouble=batch.trouble or _not_sent(waiting, lacking)) if waiting else batch


def _clear(workspace: Workspace, sent: Sequence[Delivery]) -> None:
    """Take what a person was asked about deliveries that are sent now off the worklist."""
    if not sent:
        return
    with workspace.store.transaction():
        for delivery in sent:
            for finding_id in former_findings(delivery):
                workspace.store.findings.clear(finding_id, now=workspace.clock())


def _missing(workspace: Workspace) -> tuple[Finding, ...]:
    # What is known tells only where there is no source.
    sources = workspace.config.settings.source
    return missing(workspace.config, None if sources else read_snapshot(workspace.store, workspace.clock()))


def _not_sent(number: int, lacking: tuple[Finding, ...]) -> ConfigError:
    messages = "1 queued message is" if number == 1 else f"{number} queued messages are"
    why = "; ".join(f"{finding.where}: {finding.found}" for finding in lacking)
    return ConfigError(f"{messages} not sent yet: {why}", hint=" ".join(finding.remedy for finding in lacking))
