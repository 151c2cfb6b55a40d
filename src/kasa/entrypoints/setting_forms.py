"""How the text of a setting is read: each form, or ``ValueError`` with what is expected."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

SECRET_LETTERS_MIN = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def folder(value: str) -> Path:
    """Return an absolute path, or raise ``ValueError``."""
    path = Path(value).expanduser()
    if not path.is_absolute() or "\0" in value:
        raise ValueError("an absolute path is expected")
    return path


def server(value: str) -> str:
    """Return the address of a PostgreSQL server, or raise ``ValueError``.

    The form of SQLAlchemy, ``postgresql+psycopg://``, is taken as what it means.
    """
    plain = value.replace("postgresql+psycopg://", "postgresql://", 1)
    if not plain.startswith(("postgresql://", "postgres://")):
        raise ValueError("an address that begins with postgresql:// is expected")
    return plain


def storage(value: str) -> str:
    """Return the address of a file storage, or raise ``ValueError``."""
    if not value.startswith(("file:///", "memory://", "s3://")):
        raise ValueError("an address that begins with file:///, memory:// or s3:// is expected")
    return value


def disk(value: str) -> str:
    """Return the address of a folder, or raise ``ValueError``."""
    if not value.startswith("file:///"):
        raise ValueError("an address that begins with file:/// is expected")
    return value


def outside(value: str) -> str:
    """Return the address of a host outside, without a path, or raise ``ValueError``."""
    found = urlsplit(value)
    host, bare = found.hostname or "", not (found.path or found.query or found.fragment)
    secure = found.scheme == "https" or (found.scheme == "http" and host in LOOPBACK)
    if not (host and secure and bare and "@" not in found.netloc):
        raise ValueError("https:// and a host are expected, without a path")
    return value


def secret(value: str) -> str:
    """Return a secret of one word, or raise ``ValueError``."""
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("a secret is one word of ASCII letters")
    return value


def long_secret(value: str) -> str:
    """Return a secret that nobody guesses, or raise ``ValueError``."""
    if len(secret(value)) < SECRET_LETTERS_MIN:
        raise ValueError(f"a secret of at least {SECRET_LETTERS_MIN} letters is expected")
    return value


def fonts(value: str) -> str:
    """Return files of fonts, separated by commas, or raise ``ValueError``."""
    files = [path for entry in value.split(",") for path in entry.strip().split(":")]
    if not all(Path(path).is_absolute() for path in files):
        raise ValueError("absolute paths are expected: regular.ttf[:bold.ttf], by commas")
    return value


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads one of some words, or raise ``ValueError``."""

    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"one of {', '.join(words)} is expected")
        return value

    return read


def count(smallest: int, largest: int) -> Callable[[str], int]:
    """Return what reads a whole number of a range, or raise ``ValueError``."""

    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and smallest <= int(value) <= largest):
            raise ValueError(f"a number from {smallest} to {largest} is expected")
        return int(value)

    return read
