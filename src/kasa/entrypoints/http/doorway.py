"""How the door stands in the world: its address, its limits, its keys."""

from urllib.parse import urlsplit

import attrs

from kasa import __version__

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


@attrs.frozen(kw_only=True, eq=False)
class Doorway:
    """What the settings say about the door.

    ``public_url`` is the address under which it is reached, without a slash at its end. Sizes are
    in bytes, waits in seconds. ``cursor_key`` seals where a page ends.
    """

    public_url: str = "http://127.0.0.1:8000"
    more_hosts: frozenset[str] = frozenset()
    cursor_key: bytes = attrs.field(default=b"kasa" * 8, repr=False)
    openapi_is_public: bool = True
    version: str = __version__
    header_limit: int = 16 * KIBIBYTE
    query_limit: int = 4 * KIBIBYTE
    json_limit: int = MEBIBYTE
    upload_limit: int = 20 * MEBIBYTE
    chunk_wait: float = 30.0
    thread_wait: float = 1.5
    threads: int = 8

    @property
    def is_https(self) -> bool:
        """Whether the public address is one of https."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this kasa answers, without ports."""
        named = urlsplit(self.public_url).hostname
        return self.more_hosts | ({named.lower()} if named else frozenset())
