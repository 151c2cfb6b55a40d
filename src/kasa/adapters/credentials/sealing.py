"""Files sealed with AES-256-GCM in frames of 1 MiB, which needs the extra `credentials`.

A random key seals one file and is itself wrapped by the key of the installation. Each frame is
bound to the header, to its position and to whether it is the last: what is cut, reordered,
repeated or put together from two files does not open. The header tells the size, so that a file
that was cut is told from one that was changed.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kasa.application.ports.sealing import (
    BackupChecksum,
    BackupForeign,
    BackupTruncated,
    BackupWrongKey,
)

MAGIC = b"KASASEAL\x01"
FRAME_BYTES = 1024 * 1024
TAG_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 8
SUM_BYTES = 16
WRAPPED_BYTES = KEY_BYTES + TAG_BYTES
_SIZE = struct.Struct(">Q")
_PLACE = struct.Struct(">QI")
HEADER_BYTES = len(MAGIC) + NAME_BYTES + NONCE_BYTES + WRAPPED_BYTES + _SIZE.size


@attrs.frozen(kw_only=True)
class FrameSealer:
    """Seals and opens files with one secret, of which only derived keys are used."""

    secret: str = attrs.field(repr=False)

    def seal(self, chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """Yield the sealed form of chunks that are ``size`` bytes together.

        Raises ``ValueError`` when they are not.
        """
        key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        name, wrapping = self._derived()
        wrapped = AESGCM(wrapping).encrypt(nonce, key, MAGIC)
        header = MAGIC + name + nonce + wrapped + _SIZE.pack(size)
        yield header + _sum(header)
        box, done = AESGCM(key), 0
        for position, (frame, last) in enumerate(_frames(chunks)):
            done += len(frame)
            yield box.encrypt(_PLACE.pack(position, last), frame, header)
        if done != size:
            raise ValueError(f"{size} bytes were to be sealed and {done} came")

    def unseal(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield what was sealed, frame by frame, each only when it is authentic.

        Raises ``backup.foreign``, ``backup.truncated``, ``backup.checksum``, ``backup.wrong_key``.
        """
        header = _header(file)
        box = AESGCM(self._unwrapped(header))
        (size,) = _SIZE.unpack(header[-_SIZE.size :])
        count = max(1, -(-size // FRAME_BYTES))
        here, wanted = _left(file), size + count * TAG_BYTES
        if here < wanted:
            raise BackupTruncated
        if here > wanted:
            raise BackupChecksum
        for position in range(count):
            sealed = file.read(FRAME_BYTES + TAG_BYTES)
            try:
                yield box.decrypt(_PLACE.pack(position, position == count - 1), sealed, header)
            except InvalidTag as error:
                raise BackupChecksum from error

    def _derived(self) -> tuple[bytes, bytes]:
        """Return a name of the secret that gives nothing away, and the key that wraps."""
        long = HKDF(SHA256(), NAME_BYTES + KEY_BYTES, None, b"kasa backup")
        derived = long.derive(self.secret.encode())
        return derived[:NAME_BYTES], derived[NAME_BYTES:]

    def _unwrapped(self, header: bytes) -> bytes:
        name, wrapping = self._derived()
        rest = header[len(MAGIC) :]
        if rest[:NAME_BYTES] != name:
            raise BackupWrongKey
        nonce, wrapped = rest[NAME_BYTES:][:NONCE_BYTES], rest[NAME_BYTES + NONCE_BYTES :]
        try:
            return AESGCM(wrapping).decrypt(nonce, wrapped[:WRAPPED_BYTES], MAGIC)
        except InvalidTag as error:
            raise BackupChecksum from error


def _header(file: BinaryIO) -> bytes:
    header = file.read(HEADER_BYTES)
    if not header or header[: len(MAGIC)] != MAGIC[: len(header)]:
        raise BackupForeign
    found = file.read(SUM_BYTES)
    if len(found) < SUM_BYTES:
        raise BackupTruncated
    if found != _sum(header):
        raise BackupChecksum
    return header


def _sum(header: bytes) -> bytes:
    return sha256(header).digest()[:SUM_BYTES]


def _left(file: BinaryIO) -> int:
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


def _frames(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Cut chunks into frames of 1 MiB, and tell of each whether it is the last."""
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        while len(rest) > FRAME_BYTES:
            yield bytes(rest[:FRAME_BYTES]), False
            del rest[:FRAME_BYTES]
    yield bytes(rest), True
