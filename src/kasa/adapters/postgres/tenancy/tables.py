"""The table of shops, as statements name it; its shape is made by the revision r0001."""

from sqlalchemy import Boolean, DateTime, Integer, Text, Uuid, column, table

TENANTS = table(
    "tenants",
    column("tenant_id", Uuid()),
    column("name", Text()),
    column("name_km", Text()),
    column("address", Text()),
    column("tin", Text()),
    column("phone", Text()),
    column("country", Text()),
    column("zone", Text()),
    column("currency", Text()),
    column("cost_currency", Text()),
    column("language", Text()),
    column("document_kind", Text()),
    column("prices_include_tax", Boolean()),
    column("terms_days", Integer()),
    column("hold_days", Integer()),
    column("auto_apply_credit", Boolean()),
    column("accept_riel", Boolean()),
    column("riel_step", Integer()),
    column("rate_source", Text()),
    column("accent", Text()),
    column("logo", Uuid()),
    column("logo_sha256", Text()),
    column("state", Text()),
    column("opened_at", DateTime(timezone=True)),
    column("inventory_since", DateTime(timezone=True)),
    column("version", Integer()),
)
