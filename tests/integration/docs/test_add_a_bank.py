"""The recipe for a further bank is done word for word, in a copy of kasa."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.integration

PAGE = ROOT / "docs" / "howto" / "add-a-bank.md"
BLOCK = re.compile(r"^```(py|diff|text|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASKED = """
import json, sys
from datetime import datetime
from kasa.domain.payments.account import bank_code
from kasa.domain.payments.alerts.reading import read_alert
from tests.unit.payments.golden import evidence_of, facts

sample, message, near = json.loads(sys.stdin.read())
credit = read_alert(message, "moon_bank_bot", datetime.fromisoformat(near))
print(json.dumps({
    "bank": bank_code("moon"),
    "read": facts(evidence_of(sample, near)),
    "paid": str(credit.amount),
    "references": dict(credit.references),
}))
"""


def test_a_bank_is_added_by_one_module_and_one_row(tmp_path: Path) -> None:
    """After the steps of the page its sample and its message are read as the page says."""
    (_, module), (_, row), (_, sample), (_, wanted), (_, message) = BLOCK.findall(
        PAGE.read_text(encoding="utf-8")
    )
    package = tmp_path / "kasa"
    shutil.copytree(ROOT / "src" / "kasa", package)
    banks = package / "domain" / "payments" / "banks"
    (banks / "moon.py").write_text(module, encoding="utf-8")
    added, before = (line[1:] for line in row.splitlines())
    tables = (banks / "tables.py").read_text(encoding="utf-8")
    assert tables.count(f"{before}\n)") == 1
    tables = tables.replace(f"{before}\n)", f"{added}\n{before}\n)")
    tables = tables.replace(
        "    generic,\n    hongleong,", "    generic,\n    moon,\n    hongleong,"
    )
    (banks / "tables.py").write_text(tables, encoding="utf-8")
    asked = subprocess.run(
        [sys.executable, "-c", ASKED],
        input=json.dumps([sample, message.strip(), "2026-09-14T12:00:00+07:00"]),
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout)
    assert found["bank"] == "MOON"
    assert found["read"] == json.loads(wanted)
    assert found["paid"] == "25000 KHR"
    assert "MN26257ABC" in json.dumps(found["references"])
