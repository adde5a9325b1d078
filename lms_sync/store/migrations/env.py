"""Alembic's entry: run the revisions on the connection that `upgrade` handed over."""

from alembic import context

from lms_sync.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
