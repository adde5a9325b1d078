"""Which claims name no day: when the training was, only a person can say."""

from lms_sync.model.evidence import claim_id
from lms_sync.store import live_completions
from lms_sync.store.facts import known
from lms_sync.store.schema import completion
from lms_sync.store.store import Store


def undated_claims(store: Store) -> frozenset[str]:
    """Return the ids of the claims whose source gives no day, decided or not."""
    undated = completion.c.district_id == store.district_id, completion.c.day.is_(None), known(completion, None)
    asked = live_completions.question().where(*undated)
    return frozenset(map(claim_id, live_completions.read(store.connection, asked)))
