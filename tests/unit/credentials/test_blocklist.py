"""Passwords that others would try first."""

import subprocess
import sys
from hashlib import sha1
from pathlib import Path

import pytest

from kasa.adapters.credentials.blocklist import FrequentPasswords, frequent_passwords
from kasa.adapters.credentials.breached import BlocklistUnreadable, BreachedPasswords
from kasa.domain.identity.password import PasswordFault


def _written(path: Path, *, count: int = 3000, ending: str = "\n", counted: bool = True) -> Path:
    values = sorted(sha1(f"leaked {n}".encode()).hexdigest().upper() for n in range(count))
    tail = ":17" if counted else ""
    path.write_bytes("".join(f"{value}{tail}{ending}" for value in values).encode())
    return path


@pytest.mark.D8
def test_thirty_thousand_are_known_without_the_scorer() -> None:
    """The data is loaded alone: nothing else of the package runs."""
    code = (
        "import sys; from kasa.adapters.credentials.blocklist import frequent_passwords;"
        "print(len(frequent_passwords()), 'zxcvbn' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "30000 False" == told.stdout.strip()
    assert 11_600 <= sum(len(one) >= 8 for one in frequent_passwords())


@pytest.mark.D8
def test_all_are_kept_in_small_letters() -> None:
    """Who asks folds the word once, and every entry can be met."""
    assert {one.casefold() for one in frequent_passwords()} == frequent_passwords()


@pytest.mark.D8
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("counted", [True, False])
def test_a_leaked_password_is_found(tmp_path: Path, ending: str, *, counted: bool) -> None:
    """Each of the file, the first and the last too, and no other; with or without counts."""
    file = _written(tmp_path / "leaked", ending=ending, counted=counted)
    blocklist = FrequentPasswords(BreachedPasswords(file))
    assert all(PasswordFault.BREACHED is blocklist.listed(f"leaked {n}") for n in range(0, 3000, 7))
    assert not any(blocklist.listed(f"private {n}") for n in range(300))
    values = file.read_bytes().split()
    breached = BreachedPasswords(file)
    for value in (values[0], values[-1]):
        assert breached.holds(bytes.fromhex(value[:40].decode()))
    assert not breached.holds(b"\0" * 20)
    assert not breached.holds(b"\xff" * 20)


@pytest.mark.D8
def test_a_file_may_hold_one_value_and_end_without_a_line_end(tmp_path: Path) -> None:
    """The smallest set works."""
    file = tmp_path / "leaked"
    file.write_text(sha1(b"only").hexdigest())
    breached = BreachedPasswords(file)
    assert breached.holds(sha1(b"only").digest())
    assert not breached.holds(sha1(b"other").digest())


@pytest.mark.parametrize("content", ["", "password\n", "00" * 20 + " x\n", "G" * 40 + "\n"])
def test_a_file_of_something_else_stops_the_start(tmp_path: Path, content: str) -> None:
    """A list that protects nobody is not silently accepted."""
    file = tmp_path / "leaked"
    file.write_text(content)
    with pytest.raises(BlocklistUnreadable):
        BreachedPasswords(file)


def test_a_file_in_disorder_stops_the_start(tmp_path: Path) -> None:
    """Halving finds nothing in a list that is not sorted."""
    file = _written(tmp_path / "leaked")
    file.write_bytes(b"".join(reversed(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(BlocklistUnreadable):
        BreachedPasswords(file)
    with pytest.raises(BlocklistUnreadable):
        BreachedPasswords(tmp_path / "missing")
