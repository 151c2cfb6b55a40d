"""A link that a shop puts keeps its own identifier: in SQL a column hid the argument's name."""

from alembic import op

revision = "r0013_links"
down_revision = "r0012_foreign"

_PUT_LINK = """
CREATE OR REPLACE FUNCTION platform.put_link(id uuid, purpose text, secret_hash bytea,
  code_mac bytea, browser_hash bytea, person uuid, subject text, until timestamptz)
RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  INSERT INTO platform.links
    (id, purpose, secret_hash, code_mac, browser_hash, user_id, tenant_id, subject, until)
  SELECT put_link.id, put_link.purpose, put_link.secret_hash, put_link.code_mac,
    put_link.browser_hash, person, own.shop, put_link.subject, put_link.until
  FROM kasa.current_tenant() AS own (shop) WHERE own.shop IS NOT NULL
  RETURNING put_link.id
$body$"""


def upgrade() -> None:
    """Replace the function; who may call it stays."""
    op.execute(_PUT_LINK)
