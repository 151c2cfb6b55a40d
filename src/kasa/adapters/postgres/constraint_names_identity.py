"""The constraints of people, keys and links, and the error each means; see the list of all."""

from collections.abc import Mapping

from kasa.domain.identity.user import EmailTaken, MemberAlready
from kasa.domain.kernel.errors import KasaError, NotFound

BUG: type[KasaError] | None = None
IDENTITY: Mapping[str, type[KasaError] | None] = {
    "memberships_pkey": BUG,
    "memberships_user_id_key": MemberAlready,
    "memberships_role_check": BUG,
    "memberships_version_check": BUG,
    "invitations_pkey": BUG,
    "invitations_email_check": BUG,
    "invitations_email_key_check": BUG,
    "invitations_role_check": BUG,
    "invitations_version_check": BUG,
    "api_keys_pkey": BUG,
    "api_keys_replaces_fkey": NotFound,
    "api_keys_name_check": BUG,
    "api_keys_tail_check": BUG,
    "api_keys_secret_hash_check": BUG,
    "api_keys_scopes_check": BUG,
    "api_keys_version_check": BUG,
    "service_clients_pkey": BUG,
    "service_clients_replaces_fkey": NotFound,
    "service_clients_name_check": BUG,
    "service_clients_tail_check": BUG,
    "service_clients_secret_hash_check": BUG,
    "service_clients_scopes_check": BUG,
    "service_clients_version_check": BUG,
    "share_links_pkey": BUG,
    "share_links_invoice_id_fkey": NotFound,
    "share_links_purpose_check": BUG,
    "share_links_token_hash_check": BUG,
    "share_links_token_hash_key": BUG,
}
PLATFORM_CONSTRAINTS: Mapping[str, type[KasaError]] = {"users_email_key_key": EmailTaken}
"""Those of the schema ``platform`` that say more than that something is a bug."""
