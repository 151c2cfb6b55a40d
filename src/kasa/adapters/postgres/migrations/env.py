"""What Alembic runs: one transaction per revision, on the connection that ``upgrade`` hands in."""

from alembic import context
from sqlalchemy import text

config = context.config
connection = config.attributes["connection"]
context.configure(
    connection=connection,
    transaction_per_migration=True,
    version_table="version",
    version_table_schema="platform",
    managed=config.attributes.get("managed", False),
)
with context.begin_transaction():
    connection.execute(text("SET LOCAL lock_timeout = '3s'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    context.run_migrations()
