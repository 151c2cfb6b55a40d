"""Whence a call came: the peer, or whom a trusted proxy names."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

FORWARDED_FOR = b"x-forwarded-for"
HOPS_MAX = 20
NEIGHBOURS = 64
"""Bits of an address of version 6 that name a customer; the others he chooses himself."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def client_address(
    peer: str, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]
) -> str:
    """Return the address of the caller.

    ``X-Forwarded-For`` is read from its end, and only as far as those who wrote it are trusted;
    what anybody wrote before that is a claim.
    """
    here = _address(peer)
    if here is None or not _is_trusted(here, trusted):
        return peer if here is None else str(here)
    given = ",".join(
        value.decode("latin-1") for name, value in headers if name.lower() == FORWARDED_FOR
    )
    for hop in reversed(given.split(",")[-HOPS_MAX:]):
        before = _address(hop.strip())
        if before is None:
            break
        here = before
        if not _is_trusted(here, trusted):
            break
    return str(here)


def neighbourhood(address: str) -> str:
    """Return what shares one limit with an address: itself, or its network of version 6."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, NEIGHBOURS), strict=False))
    return address


def _address(text: str) -> Address | None:
    """Return an address as proxies write it, with or without a port; None for anything else."""
    bare = text
    if text.startswith("["):
        bare = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        bare = text.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped if isinstance(mapped, IPv4Address) else found


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
