"""The secrets of the installation, of which only children are used: one key for each purpose."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex, token_urlsafe

import attrs
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kasa.domain.kernel.errors import KasaError

FILE = "secret_keys"
NAME_BYTES = 8
CHILD_BYTES = 32
SECRET_BYTES_MIN = 32
OWNER_ONLY = 0o600
HOME_MODE = 0o700


class SecretKeysUnsafe(KasaError):
    """Others may read or change the file of the secret keys."""

    code = "setup.secret_keys_unsafe"


@attrs.frozen(kw_only=True)
class ChildKey:
    """The key of one purpose; ``name`` says which secret it comes from and gives nothing away."""

    name: bytes
    key: bytes = attrs.field(repr=False)


@attrs.frozen
class KeyRing:
    """The secrets of the installation: the first signs and seals, all verify and open."""

    secrets: tuple[bytes, ...] = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.secrets or min(map(len, self.secrets)) < SECRET_BYTES_MIN:
            raise ValueError(f"a secret key has at least {SECRET_BYTES_MIN} bytes")

    def children(self, purpose: str) -> tuple[ChildKey, ...]:
        """Return the keys of a purpose, by HKDF-SHA256 (RFC 5869); the first is that in use."""
        return tuple(_child(secret, purpose) for secret in self.secrets)


def _child(secret: bytes, purpose: str) -> ChildKey:
    long = HKDF(SHA256(), NAME_BYTES + CHILD_BYTES, None, f"kasa {purpose}".encode())
    derived = long.derive(secret)
    return ChildKey(name=derived[:NAME_BYTES], key=derived[NAME_BYTES:])


def secret_in(home: Path) -> str:
    """Return the secret that lies in a folder as text, made once by whoever comes first.

    Raises ``setup.secret_keys_unsafe`` when others may read it.
    """
    path = home / FILE
    if not path.exists():
        home.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
        _make(path)
    found = path.stat()
    if found.st_mode & 0o077 or found.st_uid != os.geteuid():
        raise SecretKeysUnsafe(f"{path}: others may read it; chown it and chmod 600.")
    return path.read_text(encoding="ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Write one key whole or not at all; of two processes at once the second keeps the first's."""
    beside = path.with_name(f".{FILE}.{token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{token_urlsafe(SECRET_BYTES_MIN)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()
