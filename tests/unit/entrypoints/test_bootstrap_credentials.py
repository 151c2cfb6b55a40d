"""Which keys an installation has: those of its settings, or those of its own folder."""

from pathlib import Path

import pytest

from kasa.adapters.credentials.keys import FILE
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.credentials import SealBroken
from kasa.entrypoints.bootstrap_credentials import (
    SecretKeysDamaged,
    SecretKeysMissing,
    keys_of,
    with_credentials,
)
from kasa.entrypoints.settings import Settings

KEY = bytes(range(32))
AWAY = "postgresql://kasa_app@db/kasa"


def test_the_embedded_server_has_keys_of_its_own(tmp_path: Path) -> None:
    """Made once in KASA_HOME, the same for every process, other than those of another home."""
    first = Settings(home=tmp_path / "first")
    assert keys_of(first) == keys_of(first)
    assert keys_of(first) != keys_of(Settings(home=tmp_path / "second"))
    assert 32 == len(keys_of(first)[0])


def test_settings_come_first(tmp_path: Path) -> None:
    """Given keys are used, and none is made."""
    assert (KEY,) == keys_of(Settings(home=tmp_path, secret_keys=(KEY,)))
    assert not list(tmp_path.iterdir())


def test_a_server_of_ones_own_needs_keys(tmp_path: Path) -> None:
    """Its processes may run on several machines: no one of them makes keys for itself."""
    with pytest.raises(SecretKeysMissing):
        keys_of(Settings(home=tmp_path, database_url=AWAY))
    assert (KEY,) == keys_of(Settings(home=tmp_path, database_url=AWAY, secret_keys=(KEY,)))


def test_a_damaged_file_is_not_replaced(tmp_path: Path) -> None:
    """New keys would lock out everybody and lose what was sealed: a person has to look."""
    settings = Settings(home=tmp_path)
    keys_of(settings)
    (tmp_path / FILE).write_text("short\n")
    with pytest.raises(SecretKeysDamaged) as refused:
        keys_of(settings)
    assert "short" not in refused.value.message


def test_two_processes_of_one_installation_understand_each_other(tmp_path: Path) -> None:
    """What one seals the other opens; another installation does not."""
    one, other = (
        with_credentials(memory_ports(), Settings(home=tmp_path / "home")) for _ in range(2)
    )
    sealed = one.box.seal(b"secret", "users/1")
    assert b"secret" == other.box.open(sealed, "users/1")
    stranger = with_credentials(memory_ports(), Settings(home=tmp_path / "elsewhere"))
    with pytest.raises(SealBroken):
        stranger.box.open(sealed, "users/1")
