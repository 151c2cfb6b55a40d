"""Triggers that keep what issued documents said, whoever writes to their tables."""

from alembic import op

_FROZEN = (
    "content",
    "totals",
    "customer_id",
    "currency",
    "gross_minor",
    "number",
    "issue_date",
    "due_date",
    "issued_at",
    "accounting",
    "riel_step",
    "snapshot",
    "digest",
    "revision",
)


def keep_issued() -> None:
    """Refuse every change of what an issued invoice says, whoever asks.

    The trigger of the lines is STABLE: it sees the header as it was before the statement, and the
    one that issues an invoice still writes its lines.
    """
    new = ", ".join(f"NEW.{column}" for column in _FROZEN)
    old = ", ".join(f"OLD.{column}" for column in _FROZEN)
    op.execute(f"""CREATE OR REPLACE FUNCTION kasa.keep_issued() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$ BEGIN
  IF OLD.number IS NOT NULL AND (TG_OP = 'DELETE' OR ROW({new}) IS DISTINCT FROM ROW({old})) THEN
    RAISE EXCEPTION 'an issued invoice keeps what it said' USING ERRCODE = 'KA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $body$""")
    op.execute("""CREATE OR REPLACE FUNCTION kasa.keep_issued_lines() RETURNS trigger
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $body$
DECLARE line record; BEGIN
  line := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
  IF EXISTS (SELECT FROM kasa.invoices i WHERE i.tenant_id = line.tenant_id
             AND i.id = line.invoice_id AND i.number IS NOT NULL) THEN
    RAISE EXCEPTION 'an issued invoice keeps its lines' USING ERRCODE = 'KA001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $body$""")
    for table, function, acts in (
        ("invoices", "keep_issued", "UPDATE OR DELETE"),
        ("invoice_lines", "keep_issued_lines", "INSERT OR UPDATE OR DELETE"),
    ):
        op.execute(f"REVOKE ALL ON FUNCTION kasa.{function}() FROM PUBLIC")
        op.execute(f"DROP TRIGGER IF EXISTS {function} ON kasa.{table}")
        op.execute(
            f"CREATE TRIGGER {function} BEFORE {acts} ON kasa.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION kasa.{function}()"
        )
