"""How the door stands in the world: its address, its limits, its keys."""

from urllib.parse import urlsplit

import attrs

from kasa import __version__
from kasa.entrypoints.http.forwarded import Network
from kasa.entrypoints.http.rates import Rates
from kasa.entrypoints.http.watching import Watch, unwatched

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


@attrs.frozen(kw_only=True, eq=False)
class Doorway:
    """What the settings say about the door.

    ``public_url`` is the address under which it is reached, without a slash at its end. Sizes are
    in bytes, waits in seconds. ``cursor_key`` seals where a page ends. Pages of ``cors_origins``
    may call the API; ``trusted_proxies`` name the callers behind them; without ``rates`` nothing
    is counted. ``watch`` is told of each answer.
    """

    public_url: str = "http://127.0.0.1:8000"
    more_hosts: frozenset[str] = frozenset()
    cursor_key: bytes = attrs.field(default=b"kasa" * 8, repr=False)
    openapi_is_public: bool = True
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    rates: Rates | None = None
    watch: Watch = unwatched
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
