"""Short secrets sealed with AES-256-GCM, each bound to its place."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kasa.adapters.credentials.keys import NAME_BYTES, KeyRing
from kasa.application.ports.credentials import SealBroken

PURPOSE = "seals"
MARK = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(MARK) + NAME_BYTES + NONCE_BYTES


class AesBox:
    """Seals with the first key and opens with any; a sealed text names its key.

    Form: 1 byte version, 8 bytes name of the key, 12 bytes nonce, the text and 16 bytes tag. Head
    and place are authenticated with it.
    """

    def __init__(self, keys: KeyRing) -> None:
        found = keys.children(PURPOSE)
        self._boxes = {child.name: AESGCM(child.key) for child in found}
        self._first = found[0].name

    def seal(self, secret: bytes, bound_to: str) -> bytes:
        """Return the secret sealed; the same secret is never sealed alike."""
        nonce = os.urandom(NONCE_BYTES)
        head = MARK + self._first + nonce
        sealed = self._boxes[self._first].encrypt(nonce, secret, head + bound_to.encode())
        return head + sealed

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Return what was sealed for this place, or raise ``identity.seal_broken``."""
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        box = self._boxes.get(head[len(MARK) :][:NAME_BYTES])
        if box is None or not head.startswith(MARK) or len(head) < HEAD_BYTES:
            raise SealBroken
        try:
            return box.decrypt(head[-NONCE_BYTES:], rest, head + bound_to.encode())
        except InvalidTag as error:
            raise SealBroken from error

    def is_outdated(self, sealed: bytes) -> bool:
        """Tell whether another key than the first sealed it."""
        return not sealed.startswith(MARK + self._first)
