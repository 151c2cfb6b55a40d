"""Stored verdicts are given again by the same rules; other rules have another version."""

import ast
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kasa.adapters.postgres.rows import text_of, value_of
from kasa.domain.payments.banks.tables import TABLES_VERSION
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, match
from kasa.domain.payments.rules import RULES_VERSION
from tests.unit.samples.stored import is_kept

HERE = Path(__file__).parent
STORED = sorted((HERE / "verdicts").glob("*.json"))
DOMAIN = HERE.parents[2] / "src" / "kasa" / "domain" / "payments"
JUDGES = (
    "bank_names",
    "case",
    "comparisons",
    "finding",
    "gates",
    "matching",
    "names",
    "recipients",
    "rules",
)
"""Modules whose meaning the version of the rules names."""

RULES_DIGESTS = {
    "2026.1": "c4d85459cd5e2a4493e41361c81aea46ab190b14a9920e7aaaef82c304079612",
    "2026.2": "e9b6d7a031bf145511e7db8f104bd6a8597e5a94bc416a39ab512ac1914ccd9f",
    "2026.3": "7ebdd6d1c4032d7eca431c562acca746e239d98d2619726d1fbc62670222afc0",
}


def stored(path: Path) -> list[dict[str, Any]]:
    """Return the inputs and verdicts of a file."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.A8
@pytest.mark.parametrize("path", STORED, ids=[path.stem for path in STORED])
def test_stored_verdicts_are_read_and_replayed(path: Path) -> None:
    """Verdicts of every version load; those of the present one are given again."""
    assert stored(path)
    for row in stored(path):
        inputs = value_of(row["inputs"], MatchInputs)
        verdict = value_of(row["verdict"], MatchVerdict)
        present = (verdict.versions.rules, verdict.versions.tables) == (
            RULES_VERSION,
            TABLES_VERSION,
        )
        assert not present or verdict == match(inputs)
        assert is_kept(row["inputs"], json.loads(text_of(inputs)))
        assert is_kept(row["verdict"], json.loads(text_of(verdict)))


def test_every_version_of_the_rules_has_its_verdicts() -> None:
    """A verdict of the present version is frozen."""
    assert RULES_VERSION in {path.stem for path in STORED}


def test_changed_rules_have_another_version() -> None:
    """The digest beside the version is that of the code; comments and layout do not count."""
    code = "".join(
        ast.dump(ast.parse((DOMAIN / f"{name}.py").read_text(encoding="utf-8"))) for name in JUDGES
    )
    assert RULES_DIGESTS[RULES_VERSION] == sha256(code.encode()).hexdigest()
