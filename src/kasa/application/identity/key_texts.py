"""How programs name themselves: shop and program in one half, 256 random bits in the other."""

from base64 import urlsafe_b64decode

from kasa.application.identity.admitting import HALF, KEY_PREFIX, key_text
from kasa.application.ports.system import Secrets
from kasa.domain.identity.service import NewSecret, new_secret
from kasa.domain.kernel.ids import ClientId, TenantId


def random_key(secrets: Secrets, tenant: TenantId, id: ClientId) -> NewSecret:
    """Return a new secret of a program; its text is the whole key."""
    content = b"".join(urlsafe_b64decode(f"{secrets.token()}==") for _ in range(2))
    return new_secret(content, key_text(tenant, id, content))


def halves(secret: NewSecret) -> tuple[str, str]:
    """Return the half that names shop and program, and the secret one."""
    text = secret.text.removeprefix(KEY_PREFIX)
    return text[:HALF], text[-HALF:]
