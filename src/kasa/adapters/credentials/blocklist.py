"""Passwords that others would try first: the frequent ones, and a set of those that leaked.

The frequent ones are data of the package zxcvbn; its scorer is neither loaded nor called.
"""

from functools import cache
from hashlib import sha1
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from kasa.adapters.credentials.breached import BreachedPasswords
from kasa.domain.identity.password import PasswordFault


class FrequentPasswords:
    """Knows 30,000 frequent passwords, and those of ``breached``."""

    def __init__(self, breached: BreachedPasswords | None = None) -> None:
        self._breached = breached

    def listed(self, word: str) -> PasswordFault | None:
        """Return on which list a word stands, compared as it is."""
        if word in frequent_passwords():
            return PasswordFault.LISTED
        return PasswordFault.BREACHED if self._leaked(word) else None

    def _leaked(self, word: str) -> bool:
        if self._breached is None:
            return False
        # SHA-1 is the form in which such sets are published; nothing is protected by it.
        return self._breached.holds(sha1(word.encode(), usedforsecurity=False).digest())


@cache
def frequent_passwords() -> frozenset[str]:
    """Return the passwords most often found in leaks, in small letters."""
    package = find_spec("zxcvbn")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'zxcvbn'", name="zxcvbn")
    file = Path(package.submodule_search_locations[0]) / "frequency_lists.py"
    alone = spec_from_file_location("kasa_frequency_lists", file)
    assert alone is not None
    assert alone.loader is not None
    data = module_from_spec(alone)
    alone.loader.exec_module(data)
    return frozenset(data.FREQUENCY_LISTS["passwords"])
