"""Digests that nobody makes without the key of their purpose (HMAC-SHA256)."""

from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_of

from kasa.adapters.credentials.keys import KeyRing
from kasa.application.ports.credentials import Purpose

BYTES_MIN = 16


class HmacDigests:
    """Keyed digests; the first key makes them, each may have made one that is shown."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = {
            purpose: tuple(child.key for child in keys.children(purpose)) for purpose in Purpose
        }

    def digest(self, purpose: Purpose, data: bytes) -> bytes:
        """Return 32 bytes under the first key."""
        return hmac_of(self._keys[purpose][0], data, sha256)

    def matches(self, purpose: Purpose, data: bytes, digest: bytes) -> bool:
        """Tell whether these at least 16 bytes begin the digest under any key."""
        if len(digest) < BYTES_MIN:
            return False
        made = (hmac_of(key, data, sha256) for key in self._keys[purpose])
        return any(compare_digest(one[: len(digest)], digest) for one in made)
