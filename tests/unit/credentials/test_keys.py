"""The secrets of the installation: long, private, made once, and never used themselves."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from kasa.adapters.credentials import boxes, tokens
from kasa.adapters.credentials.boxes import AesBox
from kasa.adapters.credentials.digests import HmacDigests
from kasa.adapters.credentials.keys import FILE, KeyRing, SecretKeysUnsafe, secret_in
from kasa.application.ports.credentials import Purpose, SealBroken
from kasa.entrypoints.setting_forms import secret_keys

FIRST, SECOND = bytes(range(32)), bytes(range(64, 128))
PURPOSES = (tokens.PURPOSE, boxes.PURPOSE, *(purpose.value for purpose in Purpose))


@pytest.mark.D3
@pytest.mark.parametrize("secrets", [(), (b"",), (b"x" * 31,), (FIRST, b"x" * 31)])
def test_a_key_under_32_bytes_is_refused(secrets: tuple[bytes, ...]) -> None:
    """Also when it is not the first: what verifies opens as much as what signs."""
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(secrets)


@pytest.mark.D3
def test_no_two_purposes_share_a_child() -> None:
    """Each purpose has a key of its own, of each secret, and none is the secret itself."""
    ring = KeyRing((FIRST, SECOND))
    assert len(PURPOSES) == len(set(PURPOSES))
    children = [child for purpose in PURPOSES for child in ring.children(purpose)]
    assert 2 * len(PURPOSES) == len({child.key for child in children})
    assert 2 * len(PURPOSES) == len({child.name for child in children})
    assert {32} == {len(child.key) for child in children}
    assert not {child.key for child in children} & {FIRST, SECOND}


def test_no_key_shows() -> None:
    """Neither the ring nor a child says its key when it is printed."""
    ring = KeyRing((b"k" * 40,))
    shown = repr(ring) + repr(ring.children("tokens"))
    assert "kkk" not in shown
    assert repr(ring.children("tokens")[0].key)[2:-1] not in shown


def test_the_first_key_seals_and_all_open() -> None:
    """What an old key sealed opens, and is known as sealed by an old one."""
    old, rotated = AesBox(KeyRing((FIRST,))), AesBox(KeyRing((SECOND, FIRST)))
    sealed = old.seal(b"secret", "users/1")
    assert b"secret" == rotated.open(sealed, "users/1")
    assert rotated.is_outdated(sealed)
    assert not rotated.is_outdated(rotated.seal(b"secret", "users/1"))
    with pytest.raises(SealBroken):
        AesBox(KeyRing((SECOND,))).open(sealed, "users/1")
    assert old.seal(b"secret", "users/1") != sealed


def test_every_byte_of_a_seal_counts() -> None:
    """Version, key, nonce, text and tag are all authenticated."""
    box = AesBox(KeyRing((FIRST,)))
    sealed = box.seal(b"secret", "place")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            box.open(bytes(changed), "place")


def test_digests_of_an_old_key_still_match() -> None:
    """A link that was signed before a rotation works after it, until the key is taken out."""
    old, rotated = HmacDigests(KeyRing((FIRST,))), HmacDigests(KeyRing((SECOND, FIRST)))
    made = old.digest(Purpose.FILE_LINKS, b"file")
    assert rotated.matches(Purpose.FILE_LINKS, b"file", made)
    assert made != rotated.digest(Purpose.FILE_LINKS, b"file")
    assert not HmacDigests(KeyRing((SECOND,))).matches(Purpose.FILE_LINKS, b"file", made)


def test_the_key_of_a_home_is_made_once(tmp_path: Path) -> None:
    """Of 8 at once all read the same key; it is 32 random bytes in a private file."""
    together = Barrier(8)

    def ask(_: int) -> str:
        together.wait()
        return secret_in(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(ask, range(8)))
    assert [FILE] == [path.name for path in tmp_path.iterdir()]
    assert 0o600 == stat.S_IMODE((tmp_path / FILE).stat().st_mode)
    assert 1 == len(made)
    assert 32 == len(secret_keys(made.pop())[0])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that was readable may be known."""
    secret_in(tmp_path)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SecretKeysUnsafe):
        secret_in(tmp_path)
