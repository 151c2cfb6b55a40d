"""The folder of an installation has to be one that kasa may write."""

from pathlib import Path

import pytest

from kasa.entrypoints.bootstrap import HomeUnwritable, open_tools
from kasa.entrypoints.cli.failures import Exit, failure
from kasa.entrypoints.settings import Settings


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A KASA_HOME below a file is refused with its own code, its path, and exit code 3."""
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    with pytest.raises(HomeUnwritable) as refused, open_tools(Settings(home=home)):
        raise AssertionError("nothing is opened")
    ended = failure(refused.value)
    assert (ended.code, ended.exit) == ("setup.home_unwritable", Exit.ENVIRONMENT)
    assert str(home) in ended.message
    assert ended.hint
