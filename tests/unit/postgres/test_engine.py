"""The pool: as many connections as threads, waited for briefly; behind a pooler none is kept."""

from sqlalchemy.pool import NullPool, QueuePool

from kasa.adapters.postgres.engine import POOL_TIMEOUT_SECONDS, make_engine

ADDRESS = "postgresql://kasa_app@nowhere/kasa"


def test_a_process_holds_as_many_connections_as_it_has_threads() -> None:
    """No overflow, a wait of 1.5 s, the newest connection first, half an hour of life."""
    pool = make_engine(ADDRESS, threads=3).pool
    assert isinstance(pool, QueuePool)
    assert (3, 0, 1.5) == (pool.size(), pool._max_overflow, pool._timeout)
    assert POOL_TIMEOUT_SECONDS < 2
    assert pool._pool.use_lifo
    assert 1800 == pool._recycle
    assert not pool._pre_ping


def test_behind_a_pooler_no_connection_is_kept_and_none_prepares() -> None:
    """PgBouncer keeps the connections; a prepared statement may meet another server connection."""
    engine = make_engine(ADDRESS, pooled=True)
    assert isinstance(engine.pool, NullPool)
    _, options = engine.dialect.create_connect_args(engine.url)
    assert "options" not in options


def test_errors_of_the_engine_hide_their_values() -> None:
    """Also what SQLAlchemy says by itself names no value."""
    assert make_engine(ADDRESS).hide_parameters
