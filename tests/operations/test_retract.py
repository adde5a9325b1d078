"""A report that went out is retracted: who has it is told why; what was never sent, and names of others, never."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lms_sync.errors import UsageError
from lms_sync.mail.decide import hold, retry
from lms_sync.mail.outbox import findings
from lms_sync.mail.retract import release_retraction, retract
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState
from lms_sync.model.log import DecisionKind
from lms_sync.operations.monitoring.health import health_of
from lms_sync.operations.night import open_issuer
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import CHIEF
from tests.operations.night_town import Town, message_of, text_of

pytestmark = pytest.mark.slow  # a district is opened for each

WHY = "it was made from last year's class list"
CLERK = "clerk@quarry.example.org"


@pytest.fixture
def workspace(settled: Town) -> Iterator[Workspace]:
    settled.later(days=1)
    with settled.workspace() as opened:
        yield opened


def report(workspace: Workspace) -> Delivery:
    return workspace.store.deliveries.of(DeliveryKind.PARTNER, "quarry")[-1]


def stands(workspace: Workspace, **changes: object) -> Delivery:
    """Let the partner's report stand otherwise in the outbox."""
    before = report(workspace)
    after = replace(before, **changes)  # type: ignore[arg-type]
    with workspace.store.transaction():
        assert workspace.store.deliveries.save(before, after)
    return after


def act(workspace: Workspace, reason: str = WHY) -> Delivery:
    issuer = open_issuer(workspace, as_of=workspace.today())
    author = Author("A. Roe", reason, workspace.clock())
    return retract(workspace, author, issuer=issuer, delivery_id=report(workspace).delivery_id)


def test_who_has_it_is_told_that_it_no_longer_counts_and_why(workspace: Workspace) -> None:
    sent = report(workspace)
    word = act(workspace)
    message = message_of(workspace.store.deliveries.body(word.delivery_id))
    assert (word.state, message["To"]) == (DeliveryState.QUEUED, CHIEF)
    assert message["In-Reply-To"] == sent.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    text = " ".join(text_of(message).split())
    assert "of 23 Nov 2026" in text
    assert f"Why: {WHY}" in text
    after = workspace.store.deliveries.get(sent.delivery_id)
    assert after.stopped
    assert findings([after]) == ()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RecipientState.REFUSED, 1),
        (RecipientState.DEFERRED, 1),
        (RecipientState.UNKNOWN, 2),
        (RecipientState.BOUNCED, 2),
    ],
)
def test_only_who_has_it_or_may_have_it_is_told(workspace: Workspace, state: RecipientState, told: int) -> None:
    with workspace.store.transaction():
        author = Author("A. Roe", "x", workspace.clock())
        workspace.store.deliveries.release("quarry", [CLERK], author=author)
        after = {"addresses": [CLERK]}
        workspace.store.audit.add(DecisionKind.RELEASE, "quarry", author, before=None, after=after)
    recipients = (Recipient(CHIEF, RecipientState.ACCEPTED), Recipient(CLERK, state))
    stands(workspace, recipients=recipients, state=DeliveryState.QUEUED)
    assert len(act(workspace).recipients) == told
    assert health_of(workspace).current["failed"] == 0  # it was stopped: monitoring has nothing to say of it
    assert workspace.store.deliveries.due(workspace.clock())[-1].kind is DeliveryKind.RETRACTION
    with pytest.raises(UsageError, match="retracted"):
        retry(workspace, Author("A. Roe", "x", workspace.clock()), delivery_ids=[report(workspace).delivery_id])


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        (DeliveryState.HELD, "leave it held"),
        (DeliveryState.QUEUED, "outbox hold"),
        (DeliveryState.FAILED, "nobody to notify"),
    ],
)
def test_what_was_never_sent_is_not_retracted(workspace: Workspace, state: DeliveryState, hint: str) -> None:
    stands(workspace, state=state, recipients=(Recipient(CHIEF),))
    with pytest.raises(UsageError, match="never sent") as refused:
        act(workspace)
    assert hint in refused.value.hint


def test_twice_is_once(workspace: Workspace) -> None:
    act(workspace)
    with pytest.raises(UsageError, match="before"):
        act(workspace)


@pytest.mark.parametrize(
    "reason", ["mixed up with Heronmere Guards", "Marshbane's day was wrong", "see 80201", "see 90301"]
)
def test_a_reason_that_names_anybody_else_is_refused_and_nothing_is_done(workspace: Workspace, reason: str) -> None:
    with pytest.raises(UsageError, match="names"):
        act(workspace, reason)
    assert not report(workspace).stopped
    assert len(workspace.store.deliveries.listed(DeliveryState.QUEUED)) == 0


def test_a_reason_may_name_the_readers_own_people(workspace: Workspace) -> None:
    word = act(workspace, "Rookhurst took the course in October")
    assert word.kind is DeliveryKind.RETRACTION


def test_the_word_of_it_can_be_held_and_let_go_with_its_reason(workspace: Workspace) -> None:
    word = act(workspace)
    (held,) = hold(workspace, Author("A. Roe", "a moment", workspace.clock()), delivery_ids=[word.delivery_id])
    free = replace(held, recipients=tuple(Recipient(r.address) for r in held.recipients))
    with workspace.store.transaction():
        workspace.store.deliveries.save(held, free)
    issuer = open_issuer(workspace, as_of=workspace.today())
    again = release_retraction(workspace.store, issuer, free)
    assert WHY in " ".join(text_of(message_of(workspace.store.deliveries.body(again.delivery_id))).split())
