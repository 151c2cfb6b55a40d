"""What Alembic runs: one transaction per revision, on the connection that ``upgrade`` hands in."""

from alembic import context
from sqlalchemy import Connection, event

from kasa.adapters.postgres.jobs_schema import LIMITS

config = context.config
connection = config.attributes["connection"]


@event.listens_for(connection, "begin")
def _limit(begun: Connection) -> None:
    """Bound what each transaction waits for: a local setting ends with its own transaction."""
    driver = begun.connection.driver_connection
    assert driver is not None
    driver.execute(LIMITS)


context.configure(
    connection=connection,
    transaction_per_migration=True,
    version_table="version",
    version_table_schema="platform",
    managed=config.attributes.get("managed", False),
)
with context.begin_transaction():
    context.run_migrations()
