"""Alembic's entry: run the revisions on the connection that `upgrade` handed over.

Revisions stand for themselves, whatever becomes of `schema.py`: a drafted one writes our type for instants out.
"""

from typing import Any, Literal

from alembic import context

from lms_sync.store.instant import Instant
from lms_sync.store.schema import metadata


def _written_out(kind: str, thing: Any, _drafting: object) -> str | Literal[False]:
    """Return how a drafted revision writes a type of ours; False for what Alembic writes by itself."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_written_out,
)
context.run_migrations()
