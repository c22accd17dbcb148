"""Alembic's environment: the caller brings the connection and the transaction."""

from alembic import context

from ventanilla.backoffice_adapters.embedded.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
