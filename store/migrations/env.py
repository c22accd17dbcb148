"""What alembic runs for each command: the connection is handed in by `ventanilla.store.migrations.run`."""

from __future__ import annotations

from alembic import context

from ventanilla.store.migrations.run import configured

context.configure(**configured(context.config.attributes["connection"]))
with context.begin_transaction():
    context.run_migrations()
