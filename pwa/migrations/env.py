"""How Alembic runs a migration: on the connection, and in the transaction, that pwa.database gives it."""

from alembic import context

from pwa.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
)
context.run_migrations()
