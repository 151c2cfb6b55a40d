"""The bootstrap's part about secrets: the keys of the installation, and what is made of them."""

import attrs

from kasa.application.ports.bundle import Ports
from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.setting_forms import secret_keys
from kasa.entrypoints.settings import Settings


class SecretKeysMissing(KasaError):
    """A server of one's own needs KASA_SECRET_KEYS, the same for every process."""

    code = "setup.secret_keys_missing"


class SecretKeysDamaged(KasaError):
    """The file of the secret keys in KASA_HOME is not one of keys."""

    code = "setup.secret_keys_damaged"


def keys_of(settings: Settings) -> tuple[bytes, ...]:
    """Return the secret keys: those of the settings, else those made once in KASA_HOME.

    Raises ``setup.secret_keys_*`` when there are none that may be used.
    """
    if settings.secret_keys is not None:
        return settings.secret_keys
    if settings.database_url is not None:
        raise SecretKeysMissing
    from kasa.adapters.credentials.keys import FILE, secret_in

    try:
        return secret_keys(secret_in(settings.home))
    except ValueError as error:
        raise SecretKeysDamaged(f"{settings.home / FILE}: {error}.") from error


def secret_text(settings: Settings) -> str:
    """Return the keys of KASA_HOME as a setting writes them; they are made when there are none."""
    from kasa.adapters.credentials.keys import secret_in

    return secret_in(settings.home)


def with_credentials(ports: Ports, settings: Settings) -> Ports:
    """Return the ports with real proofs of who somebody is."""
    from kasa.adapters.credentials.blocklist import FrequentPasswords
    from kasa.adapters.credentials.boxes import AesBox
    from kasa.adapters.credentials.breached import BreachedPasswords
    from kasa.adapters.credentials.digests import HmacDigests
    from kasa.adapters.credentials.keys import KeyRing
    from kasa.adapters.credentials.one_time_codes import RandomCodes
    from kasa.adapters.credentials.passwords import Argon2Hasher
    from kasa.adapters.credentials.tokens import JwtSigner

    keys, file = KeyRing(keys_of(settings)), settings.password_blocklist
    return attrs.evolve(
        ports,
        passwords=Argon2Hasher(),
        blocklist=FrequentPasswords(None if file is None else BreachedPasswords(file)),
        tokens=JwtSigner(keys),
        box=AesBox(keys),
        digests=HmacDigests(keys),
        one_time_codes=RandomCodes(),
    )
