"""The part of the README that needs PostgreSQL runs too, after the part that does not."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.integration

BLOCK = re.compile(r"^```(?:python|py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that the server's own user can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-readme-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def test_the_readme_runs_over_postgresql(home: Path) -> None:
    """Both parts of the README run, one after another, and their asserts hold."""
    first, second = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    names: dict[str, object] = {"home": home}
    exec(compile(first, "README.md", "exec"), names)  # the README is ours
    exec(compile(second, "README.md", "exec"), names)  # the README is ours
    assert second.count("assert ") == 2
