"""Importing kasa is light: nobody pays for what is not used."""

import subprocess
import sys

import pytest

TOLD = """
import sys
before = set(sys.modules)
import {module}
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
own = {{name for name in loaded if name == "kasa" or name.startswith("_sysconfigdata")}}
print(*sorted(loaded - sys.stdlib_module_names - own))
"""


@pytest.mark.parametrize(
    ("module", "third_parties"),
    [
        ("kasa", set()),
        ("kasa.domain.payments.khqr", {"attr", "attrs"}),
        ("kasa.application.kasa", {"attr", "attrs"}),
        ("kasa.adapters.memory.bundle", {"attr", "attrs"}),
        ("kasa.adapters.conformance.strategies_kernel", None),
    ],
)
def test_a_module_loads_no_more_than_it_needs(module: str, third_parties: set[str] | None) -> None:
    """The package alone loads no third-party library, the whole application only attrs."""
    command = [sys.executable, "-c", TOLD.format(module=module)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    loaded = set(told.stdout.split())
    if third_parties is None:
        assert not any(name in loaded for name in ("sqlalchemy", "PIL", "cattrs", "tesserocr"))
        return
    assert loaded <= third_parties
