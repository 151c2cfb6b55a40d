"""What a refusal of the database means: by the name of its constraint, else by its sqlstate.

``CONSTRAINTS`` holds one row per constraint and unique index of the schema ``kasa``; the catalogue
test holds both sides equal. ``BUG`` marks what only a bug can reach: use cases look things up
before they write, so it stays the database's own error (500 and an alert).
"""

import logging
from collections.abc import Mapping

import psycopg
import sqlalchemy.exc

from kasa.application.ports.work import Collided, StoreBusy
from kasa.domain.inventory.product import BarcodeTaken, SkuTaken
from kasa.domain.inventory.stocktake import CountOpen
from kasa.domain.invoicing.customer import ExternalRefTaken, PhoneTaken
from kasa.domain.kernel.errors import Invalid, KasaError, NotFound, Unavailable

LOG = logging.getLogger(__name__)


class StoreReadOnly(Unavailable):
    """The store can be read only at the moment; nothing was changed."""

    code = "store.read_only"


class StoreFull(Unavailable):
    """The store is full; nothing was changed."""

    code = "store.full"


class StoreSchema(Unavailable):
    """The store's tables are older than this program; run `kasa db upgrade`."""

    code = "store.schema"


class ValueRefused(Invalid):
    """A value cannot be stored; it should have been refused earlier."""

    code = "request.value"


BUG: type[KasaError] | None = None
CONSTRAINTS: Mapping[str, type[KasaError] | None] = {
    "tenants_pkey": BUG,
    "tenants_name_check": BUG,
    "tenants_name_km_check": BUG,
    "tenants_address_check": BUG,
    "tenants_tin_check": BUG,
    "tenants_phone_check": BUG,
    "tenants_country_check": BUG,
    "tenants_zone_check": BUG,
    "tenants_language_check": BUG,
    "tenants_document_kind_check": BUG,
    "tenants_terms_days_check": BUG,
    "tenants_hold_days_check": BUG,
    "tenants_riel_step_check": BUG,
    "tenants_rate_source_check": BUG,
    "tenants_accent_check": BUG,
    "tenants_logo_sha256_check": BUG,
    "tenants_state_check": BUG,
    "tenants_version_check": BUG,
    "events_pkey": BUG,
    "events_kind_check": BUG,
    "events_payload_check": BUG,
    "reactions_done_pkey": BUG,
    "reactions_done_event_id_fkey": NotFound,
    "reactions_done_reaction_check": BUG,
    "idempotency_keys_pkey": BUG,
    "idempotency_keys_key_check": BUG,
    "idempotency_keys_route_check": BUG,
    "idempotency_keys_fingerprint_check": BUG,
    "idempotency_keys_type_check": BUG,
    "idempotency_keys_answer_check": BUG,
    "usage_counters_pkey": BUG,
    "usage_counters_meter_check": BUG,
    "usage_counters_used_check": BUG,
    "files_pkey": BUG,
    "files_key_check": BUG,
    "files_name_check": BUG,
    "files_media_type_check": BUG,
    "files_sha256_check": BUG,
    "files_kind_check": BUG,
    "files_size_bytes_check": BUG,
    "products_pkey": BUG,
    "products_name_check": BUG,
    "products_name_km_check": BUG,
    "products_description_check": BUG,
    "products_tax_category_check": BUG,
    "products_tax_label_check": BUG,
    "products_tax_reason_check": BUG,
    "products_price_check": BUG,
    "skus_pkey": BUG,
    "skus_code_check": BUG,
    "skus_code_key_check": BUG,
    "skus_barcode_check": BUG,
    "skus_unit_code_check": BUG,
    "skus_scale_check": BUG,
    "skus_low_at_check": BUG,
    "skus_rearm_at_check": BUG,
    "skus_product_id_fkey": BUG,
    "skus_code_key_key": SkuTaken,
    "skus_barcode_key": BarcodeTaken,
    "skus_product_id_key": BUG,
    "stock_locations_pkey": BUG,
    "stock_locations_name_check": BUG,
    "stock_locations_is_default_key": BUG,
    "stock_levels_pkey": BUG,
    "stock_levels_on_hand_check": BUG,
    "stock_levels_reserved_check": BUG,
    "stock_levels_owed_check": BUG,
    "stock_levels_value_check": BUG,
    "stock_levels_backed_check": BUG,
    "stock_levels_sku_id_fkey": BUG,
    "stock_levels_location_id_fkey": BUG,
    "stock_movements_pkey": BUG,
    "stock_movements_note_check": BUG,
    "stock_movements_key_check": BUG,
    "stock_movements_source_kind_check": BUG,
    "stock_movements_reason_check": BUG,
    "stock_movements_version_check": BUG,
    "stock_movements_kind_check": BUG,
    "stock_movements_sku_id_location_id_fkey": BUG,
    "stock_movements_reverses_fkey": BUG,
    "stock_movements_sku_id_location_id_version_key": BUG,
    "stock_movements_key_key": BUG,
    "stock_movements_reverses_key": BUG,
    "stock_reservations_pkey": BUG,
    "stock_reservations_note_check": BUG,
    "stock_reservations_source_kind_check": BUG,
    "stock_reservations_reason_check": BUG,
    "stock_reservations_state_check": BUG,
    "stock_reservations_quantity_check": BUG,
    "stock_reservations_returned_check": BUG,
    "stock_reservations_owed_check": BUG,
    "stock_reservations_sku_id_location_id_fkey": BUG,
    "stock_reservations_source_kind_source_id_source_line_key": BUG,
    "stock_counts_pkey": BUG,
    "stock_counts_state_check": BUG,
    "stock_counts_location_id_key": CountOpen,
    "stock_count_lines_pkey": BUG,
    "stock_count_lines_counted_check": BUG,
    "stock_count_lines_count_id_fkey": BUG,
    "stock_count_lines_sku_id_fkey": BUG,
    "customers_pkey": BUG,
    "customers_name_check": BUG,
    "customers_name_key_check": BUG,
    "customers_name_km_check": BUG,
    "customers_phone_check": BUG,
    "customers_email_check": BUG,
    "customers_address_check": BUG,
    "customers_tin_check": BUG,
    "customers_country_check": BUG,
    "customers_language_check": BUG,
    "customers_external_ref_check": BUG,
    "invoices_pkey": BUG,
    "invoices_customer_id_fkey": NotFound,
    "invoices_state_check": BUG,
    "invoices_gross_minor_check": BUG,
    "invoices_due_minor_check": BUG,
    "invoices_riel_step_check": BUG,
    "invoices_snapshot_check": BUG,
    "invoices_issued_check": BUG,
    "invoices_content_check": BUG,
    "invoices_totals_check": BUG,
    "invoices_accounting_check": BUG,
    "invoices_number_check": BUG,
    "invoices_series_check": BUG,
    "invoices_digest_check": BUG,
    "invoices_internal_note_check": BUG,
    "invoices_reason_check": BUG,
    "invoices_number_key": BUG,
    "invoice_lines_pkey": BUG,
    "invoice_lines_invoice_id_fkey": BUG,
    "invoice_lines_no_check": BUG,
    "invoice_lines_quantity_check": BUG,
    "invoice_lines_unit_price_check": BUG,
    "invoice_lines_amount_minor_check": BUG,
    "invoice_lines_unit_code_check": BUG,
    "invoice_lines_category_check": BUG,
    "invoice_lines_item_check": BUG,
    "invoice_entries_pkey": BUG,
    "invoice_entries_invoice_id_fkey": BUG,
    "invoice_entries_kind_check": BUG,
    "invoice_entries_amount_minor_check": BUG,
    "invoice_entries_payment_id_invoice_id_kind_approval_key": BUG,
    "invoice_copies_pkey": BUG,
    "invoice_copies_invoice_id_fkey": NotFound,
    "invoice_copies_mark_check": BUG,
    "invoice_copies_digest_check": BUG,
    "invoice_copies_copy_check": BUG,
    "customer_credits_pkey": BUG,
    "customer_credits_customer_id_fkey": NotFound,
    "customer_credit_entries_pkey": BUG,
    "customer_credit_entries_customer_id_fkey": NotFound,
    "customer_credit_entries_change_minor_check": BUG,
    "customer_credit_entries_text_check": BUG,
    "credit_notes_pkey": BUG,
    "credit_notes_invoice_id_fkey": NotFound,
    "credit_notes_total_minor_check": BUG,
    "credit_notes_number_check": BUG,
    "credit_notes_digest_check": BUG,
    "credit_notes_note_check": BUG,
    "credit_notes_snapshot_check": BUG,
    "credit_notes_number_key": BUG,
    "number_series_pkey": BUG,
    "number_series_next_check": BUG,
    "number_series_series_check": BUG,
    "number_series_template_check": BUG,
    "exchange_rates_pkey": BUG,
    "exchange_rates_source_check": BUG,
    "exchange_rates_rate_check": BUG,
    "exchange_rates_reference_check": BUG,
    "customers_phone_key": PhoneTaken,
    "customers_external_ref_key": ExternalRefTaken,
    "payments_pkey": BUG,
    "payments_invoice_number_check": BUG,
    "payments_bank_check": BUG,
    "payments_reason_check": BUG,
    "payments_state_check": BUG,
    "payments_source_check": BUG,
    "payments_precision_check": BUG,
    "payments_decision_check": BUG,
    "payments_points_check": BUG,
    "payments_amount_minor_check": BUG,
    "payments_approvals_check": BUG,
    "payments_verdict_check": BUG,
    "payments_inputs_check": BUG,
    "payments_duplicate_of_fkey": BUG,
    "evidence_pkey": BUG,
    "evidence_storage_key_check": BUG,
    "evidence_sha256_check": BUG,
    "evidence_source_check": BUG,
    "evidence_fields_check": BUG,
    "evidence_payment_id_fkey": BUG,
    "payment_references_pkey": BUG,
    "payment_references_scheme_check": BUG,
    "payment_references_value_check": BUG,
    "payment_references_payment_id_fkey": BUG,
    "receiving_accounts_pkey": BUG,
    "receiving_accounts_bank_check": BUG,
    "receiving_accounts_number_check": BUG,
    "receiving_accounts_bakong_id_check": BUG,
    "receiving_accounts_account_info_check": BUG,
    "receiving_accounts_merchant_id_check": BUG,
    "receiving_accounts_city_check": BUG,
    "receiving_accounts_tag_check": BUG,
    "accepted_names_pkey": BUG,
    "accepted_names_name_check": BUG,
    "accepted_names_account_id_fkey": BUG,
    "match_policies_pkey": BUG,
    "match_policies_policy_check": BUG,
    "khqr_codes_pkey": BUG,
    "khqr_codes_payload_check": BUG,
    "khqr_codes_md5_check": BUG,
}
_UNREACHABLE = frozenset({"57P01", "57P02", "57P03", "53300"})
_STATES: Mapping[str, type[KasaError]] = {
    "40001": Collided,
    "40P01": Collided,
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "25P03": StoreBusy,
    "25P04": StoreBusy,
    "25006": StoreReadOnly,
    "53100": StoreFull,
    "42501": NotFound,
    "22P02": ValueRefused,
    "22003": ValueRefused,
    "22007": ValueRefused,
    "22008": ValueRefused,
    "22021": ValueRefused,
    "22P05": ValueRefused,
    "42P01": StoreSchema,
    "42703": StoreSchema,
    "3F000": StoreSchema,
}
_ALERTS = frozenset({"57014", "25P03", "25P04", "53100", "42501"})


def translated(error: Exception, statement: str = "") -> Exception:
    """Return what a refusal of the database means, or the error itself when it is a bug.

    ``statement`` names the statement in the log; neither its text nor its values are logged.
    """
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return StoreBusy(retry_after=1)
    if not isinstance(cause, psycopg.Error):
        return error
    state = cause.sqlstate
    if state in _ALERTS:
        LOG.error("store.refused", extra={"sqlstate": state, "statement": statement})
    if state is None:
        return _without_state(cause, error)
    if state.startswith("08") or state in _UNREACHABLE:
        return Unavailable(retry_after=2)
    named = CONSTRAINTS.get(cause.diag.constraint_name or "")
    meaning = named or _STATES.get(state)
    return meaning() if meaning is not None else error


def _without_state(cause: psycopg.Error, error: Exception) -> Exception:
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return Unavailable(retry_after=2)
    if isinstance(cause, psycopg.DataError):
        return ValueRefused()
    return error
