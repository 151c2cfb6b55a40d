"""The commands of docs/howto/backups.md do what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.deep]

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIMIT_SECONDS = 600


def test_the_page_runs_from_end_to_end(target: Path) -> None:
    """Backup, check, drill, sealed copy, restore on a new machine, base backups and their drill."""
    page = (ROOT / "docs" / "howto" / "backups.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) == 4
    there = {"/mnt/backups": f"{target.parent}/away", "/srv/kasa": f"{target.parent}/new"}
    text = "".join(blocks)
    for path, place in there.items():
        text = text.replace(path, place)
    first = "kasa tenant open 'Sokha Textiles' >/dev/null\n"
    own = f'set -euo pipefail\nkasa() {{ "{sys.executable}" -m kasa "$@"; }}\n'
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    ended = subprocess.run(
        ["/bin/bash", "-c", own + first + text],
        env={**kept, "KASA_HOME": str(target)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("Sokha Textiles") == 1
    assert "Proven in" in ended.stderr
    assert ended.stdout.count("increment") == 1
