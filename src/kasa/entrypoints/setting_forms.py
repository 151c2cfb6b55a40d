"""How the text of a setting is read: each form, or ``ValueError`` with what is expected."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs

SECRET_LETTERS_MIN = 32
KEY_BYTES_MIN = 32
KEYS_MAX = 8
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2})+\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\Z")
_URL_ALPHABET = str.maketrans("+/", "-_")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PORT_MAX = 65535
MAIL_MAX = 254
Network = IPv4Network | IPv6Network


@attrs.frozen(kw_only=True)
class Row:
    """One setting: its name outside, its field, how it is read, and a sentence about it."""

    name: str
    field: str
    read: Callable[[str], Any]
    default: str
    meaning: str


@attrs.frozen
class Bind:
    """Where a server listens; port 0 takes a free one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOOPBACK or _is_loopback(self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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


def secret_keys(value: str) -> tuple[bytes, ...]:
    """Return keys of at least 32 random bytes, separated by commas, or raise ``ValueError``.

    Each is written in base64 (of either alphabet) or in hexadecimal digits.
    """
    found = tuple(_key(entry.strip()) for entry in value.split(","))
    if len(found) > KEYS_MAX or len(set(found)) != len(found):
        raise ValueError(f"at most {KEYS_MAX} keys are expected, all different")
    return found


def _key(text: str) -> bytes:
    if _HEXADECIMAL.match(text):
        key = bytes.fromhex(text)
    elif _BASE64.match(text):
        padded = text.rstrip("=").translate(_URL_ALPHABET)
        key = urlsafe_b64decode(padded + "=" * (-len(padded) % 4))
    else:
        raise ValueError("keys in base64 or in hexadecimal digits are expected, by commas")
    if len(key) < KEY_BYTES_MIN or len(set(key)) < KEY_BYTES_MIN // 2:
        raise ValueError(f"each key is of at least {KEY_BYTES_MIN} random bytes")
    return key


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


def bind(value: str) -> Bind:
    """Return where a server listens, or raise ``ValueError``."""
    expected = "host:port is expected, as 127.0.0.1:8000 or [::1]:8000"
    host, separator, port = value.rpartition(":")
    if not (separator and port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
        raise ValueError(expected)
    bare = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    try:
        known = bare == "localhost" or bool(ip_address(bare))
    except ValueError:
        known = False
    if not known or (":" in bare) != host.startswith("["):
        raise ValueError(expected)
    return Bind(bare, int(port))


def public(value: str) -> str:
    """Return the address under which people reach kasa, or raise ``ValueError``."""
    expected = "http:// or https:// and a host are expected, without a path"
    try:
        found = urlsplit(value)
        port = found.port
    except ValueError:
        raise ValueError(expected) from None
    host, bare = found.hostname or "", not (found.path.strip("/") or found.query or found.fragment)
    if not (host and bare and found.scheme in {"http", "https"} and "@" not in found.netloc):
        raise ValueError(expected)
    if not host.isascii() or not host.isprintable() or " " in host:
        raise ValueError(expected)
    shown = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}[found.scheme]
    return f"{found.scheme}://{shown}" + ("" if port in {None, standard} else f":{port}")


def networks(value: str) -> tuple[Network, ...]:
    """Return addresses and networks, separated by commas, or raise ``ValueError``."""
    try:
        return tuple(ip_network(one.strip()) for one in value.split(",") if one.strip())
    except ValueError:
        raise ValueError("addresses or networks are expected: 127.0.0.1, 10.0.0.0/8") from None


def origins(value: str) -> tuple[str, ...]:
    """Return origins of pages, separated by commas, or raise ``ValueError``: no patterns."""
    given = tuple(one.strip() for one in value.split(",") if one.strip())
    if "*" in value:
        raise ValueError("each origin is named whole: a star is not taken")
    return tuple(public(one) for one in given)


def mail(value: str) -> str:
    """Return an address of mail, or raise ``ValueError``."""
    name, separator, host = value.rpartition("@")
    plain = value.isascii() and value.isprintable() and not set(value) & set(' ,;<>"')
    if not (name and separator and host and plain and len(value) <= MAIL_MAX):
        raise ValueError("one address of mail is expected, as owner@shop.example")
    return value


def mail_server(value: str) -> str:
    """Return where mail goes, a server or a folder, or raise ``ValueError``."""
    expected = "smtp://user:password@host:587, smtps:// or file:/// is expected, without a path"
    if value.startswith("file:///"):
        return value
    try:
        found = urlsplit(value)
        port = found.port or 0
    except ValueError:
        raise ValueError(expected) from None
    bare = not (found.path.strip("/") or found.query or found.fragment)
    words = value.isascii() and value.isprintable() and " " not in value
    if not (port >= 0 and found.scheme in {"smtp", "smtps"} and found.hostname and bare and words):
        raise ValueError(expected)
    return value


def sender(value: str) -> str:
    """Return an address with or without a name before it, or raise ``ValueError``."""
    name, opened, rest = value.rpartition("<")
    if not opened:
        return mail(value)
    mail(rest.removesuffix(">"))
    if not (rest.endswith(">") and name.isprintable()) or "<" in name:
        raise ValueError("Name <address> or one address is expected")
    return value
