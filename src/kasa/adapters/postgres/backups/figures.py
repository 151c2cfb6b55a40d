"""What a database holds, in figures that two servers can compare line by line.

One line for each fact of the catalogue, and one for each table and tenant: its rows, the sum of
every column of money, and the MD5 of its rows in the order of their own hashes. All of it is
computed by the server, and read by the line.
"""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from kasa.adapters.postgres.backups.catalogue import CATALOGUE

SCHEMAS = ("kasa", "platform", "jobs")
FETCHED_ROWS = 2000
_STEADY = """SET LOCAL search_path = pg_catalog; SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL work_mem = '64MB'"""
_TABLES = """SELECT n.nspname, c.relname,
  coalesce(array_agg(a.attname ORDER BY a.attname)
    FILTER (WHERE a.attname LIKE '%%\\_minor' AND a.atttypid = 'int8'::regtype), '{}'),
  coalesce(bool_or(a.attname = 'tenant_id'), false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ANY (%s) AND c.relkind = 'r' AND c.relpersistence = 'p'
GROUP BY 1, 2 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\""""
_FIGURES = """SELECT coalesce({tenant}::text, '') COLLATE "C", count(*),
  md5(string_agg(decode(h, 'hex'), ''::bytea ORDER BY h)), ARRAY[{sums}]::text[]
FROM (SELECT *, md5(t::text) AS h FROM {table} t) t
GROUP BY 1 ORDER BY 1"""

Connection = psycopg.Connection[Any]


def lines(connection: Connection) -> Iterator[str]:
    """Yield every line, in an order that is the same on every server.

    ``connection`` is in a transaction whose snapshot holds for all of them, and sees every row.
    """
    connection.execute(_STEADY, prepare=False)
    for subject, statement in CATALOGUE.items():
        for row in _rows(connection, sql.SQL(statement)):
            yield _line(subject=subject, fact=row[0])
    tables = connection.execute(_TABLES, [list(SCHEMAS)]).fetchall()
    for schema, table, money, has_tenant in tables:
        asked = _asked(schema, table, money, has_tenant=has_tenant)
        for tenant, rows, digest, sums in _rows(connection, asked):
            told = dict(zip(money, sums, strict=True))
            yield _line(table=f"{schema}.{table}", tenant=tenant, rows=rows, md5=digest, sums=told)


def _asked(schema: str, table: str, money: list[str], *, has_tenant: bool) -> sql.Composed:
    sums = [sql.SQL("sum({})::text").format(sql.Identifier(column)) for column in money]
    return sql.SQL(_FIGURES).format(
        tenant=sql.Identifier("tenant_id") if has_tenant else sql.SQL("NULL"),
        sums=sql.SQL(", ").join(sums),
        table=sql.Identifier(schema, table),
    )


def _rows(connection: Connection, statement: sql.SQL | sql.Composed) -> Iterator[tuple[Any, ...]]:
    with connection.cursor("kasa_figures") as cursor:
        cursor.itersize = FETCHED_ROWS
        yield from cursor.execute(statement)


def _line(**told: object) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"
