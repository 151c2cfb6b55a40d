"""A stranger's path: the commands of the README, with curl alone, against `kasa all`."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kasa.domain.kernel.money import KHR, Money
from kasa.entrypoints.bootstrap import open_tools
from kasa.entrypoints.settings import Settings
from tests.integration.serving.running import LIMIT_SECONDS, Running, running
from tests.places import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.deep]

BLOCK = re.compile(r"^```sh\n(API=.*?)^```$", re.MULTILINE | re.DOTALL)
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that the server's own user can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-stranger-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def door(home: Path) -> Iterator[Running]:
    """Return everything of a small shop, as one command runs it."""
    with running("all", environment={"KASA_HOME": str(home), "KASA_OCR_PROCESSES": "1"}) as made:
        yield made
        made.process.terminate()
        made.process.wait(LIMIT_SECONDS)


def _receipt(folder: Path) -> None:
    """Draw what the customer sends: paid a minute ago, to the shop of the README."""
    with open_tools(Settings(home=folder / "tools", ocr_processes=1)) as tools:
        picture = tools.draw_receipt(
            look="aba_success",
            amount=Money(40_000, KHR),
            recipient="SOKHA TEXTILES",
            recipient_account="001234567",
            payer="DARA SOK",
            paid_at=(tools.now() - timedelta(minutes=1)).astimezone(PHNOM_PENH),
            references=(("aba.trx", "12345678901"),),
        )
    (folder / "receipt.png").write_bytes(picture)


def test_a_stranger_sells_and_is_paid(door: Running, home: Path, tmp_path: Path) -> None:
    """Sign up by mail, product, invoice, PDF, receipt: paid, and two of five pieces are gone."""
    (script,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    script = script.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{door.port}")
    script = script.replace("~/.local/share/kasa", str(home))
    _receipt(tmp_path)
    ended = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=3 * LIMIT_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert '"decision":"approve"' in ended.stdout
    assert '"on_hand":"3"' in ended.stdout.splitlines()[-1]
