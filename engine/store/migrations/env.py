"""How Alembic runs here: always on a connection that `engine.store.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from engine.store.models import Model

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
