"""Sealed files: what comes out is what went in, or nothing."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.credentials.sealing import (
    FRAME_BYTES,
    HEADER_BYTES,
    SUM_BYTES,
    TAG_BYTES,
    FrameSealer,
)
from kasa.application.ports.sealing import (
    BackupChecksum,
    BackupForeign,
    BackupTruncated,
    BackupWrongKey,
)
from kasa.domain.kernel.errors import KasaError

SEALER = FrameSealer(secret="k" * 40)
BEGIN = HEADER_BYTES + SUM_BYTES
SEALED_FRAME = FRAME_BYTES + TAG_BYTES
PLAIN = bytes(range(256)) * (FRAME_BYTES // 256) * 2 + b"the last frame is short"


def _sealed(data: bytes, sealer: FrameSealer = SEALER) -> bytes:
    pieces = [data[at : at + 700_000] for at in range(0, len(data), 700_000)]
    return b"".join(sealer.seal(pieces, len(data)))


def _opened(sealed: bytes, sealer: FrameSealer = SEALER) -> bytes:
    return b"".join(sealer.unseal(io.BytesIO(sealed)))


SEALED = _sealed(PLAIN)


@pytest.mark.parametrize(
    "size", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, len(PLAIN)]
)
def test_what_was_sealed_comes_back(size: int) -> None:
    """Whatever its size, however it was cut into chunks; and nothing of it can be read."""
    sealed = _sealed(PLAIN[:size])
    assert PLAIN[:size] == _opened(sealed)
    assert len(sealed) == BEGIN + size + TAG_BYTES * max(1, -(-size // FRAME_BYTES))
    assert PLAIN[:64] not in sealed or size < 64


def test_the_same_bytes_are_never_sealed_alike() -> None:
    """Every file has a key of its own."""
    assert SEALED[BEGIN:] != _sealed(PLAIN)[BEGIN:]


@pytest.mark.G4
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, change: int) -> None:
    """Wherever it is: the file is changed, or none of kasa's, and never opens."""
    changed = bytearray(SEALED)
    changed[place] ^= change
    with pytest.raises((BackupChecksum, BackupForeign)):
        _opened(bytes(changed))


@pytest.mark.G4
@given(st.integers(1, len(SEALED) - 1))
def test_a_cut_file_is_truncated(length: int) -> None:
    """Wherever it was cut, also between two frames."""
    with pytest.raises(BackupTruncated):
        _opened(SEALED[:length])


@pytest.mark.G4
def test_frames_stay_where_they_were() -> None:
    """Frames that change places, are repeated, or come from another file do not open."""
    head, first = SEALED[:BEGIN], SEALED[BEGIN:][:SEALED_FRAME]
    second, last = SEALED[BEGIN + SEALED_FRAME :][:SEALED_FRAME], SEALED[-TAG_BYTES - 23 :]
    other = _sealed(PLAIN)[BEGIN:][:SEALED_FRAME]
    assert head + first + second + last == SEALED
    for frames in (second + first, first + first, other + second):
        with pytest.raises(BackupChecksum):
            _opened(head + frames + last)
    for length in (SEALED + b"x", SEALED + last):
        with pytest.raises(BackupChecksum):
            _opened(length)


@pytest.mark.G4
@pytest.mark.parametrize(
    ("sealed", "refusal"),
    [
        (b"", BackupForeign),
        (b"PK\x03\x04" + bytes(100), BackupForeign),
        (_sealed(PLAIN, FrameSealer(secret="o" * 40)), BackupWrongKey),
    ],
)
def test_other_files_and_keys_are_named(sealed: bytes, refusal: type[KasaError]) -> None:
    """What kasa never sealed is foreign, what it sealed with another key has the wrong key."""
    with pytest.raises(refusal):
        _opened(sealed)


def test_a_wrong_size_is_a_bug() -> None:
    """What is sealed must be as long as was said: else it would never open."""
    with pytest.raises(ValueError, match="sealed"):
        list(SEALER.seal([b"123"], 4))


def test_the_secret_does_not_show() -> None:
    """Neither in a traceback nor in a log."""
    assert "kkkk" not in repr(SEALER)
