"""`kasa setup`: a server that stays is prepared once."""

from pathlib import Path

import pytest

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.cli.setup import FILE, PROXY, UNIT, _files, _written
from kasa.entrypoints.settings import Settings

pytestmark = pytest.mark.integration

SHOP = "https://shop.example"


def _prepare(home: Path) -> list[str]:
    settings = Settings(home=home, public_url=SHOP)
    files = _files(settings, service=True)
    return [path.name for path, text, mode in files if _written(path, text, mode)]


def test_what_is_written_can_be_read_as_settings(tmp_path: Path) -> None:
    """The file gives the same keys and address to every process, and only its owner reads it."""
    assert [FILE, PROXY, UNIT] == _prepare(tmp_path)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in text.splitlines() if line.startswith("KASA_"))
    settings = Settings.from_env(given)
    assert settings.base == SHOP
    assert settings.secret_keys is not None
    assert len(settings.trusted_proxies) == 2
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """What somebody wrote into the file since then stays."""
    _prepare(tmp_path)
    (tmp_path / FILE).write_text("KASA_BIND=127.0.0.1:9000\n", encoding="utf-8")
    assert _prepare(tmp_path) == []
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "KASA_BIND=127.0.0.1:9000\n"


def test_plain_http_beyond_this_machine_is_refused() -> None:
    """Before anything is written."""
    with pytest.raises(KasaError) as refused:
        assert Settings(public_url="http://shop.example").base
    assert refused.value.code == "setup.https_required"
