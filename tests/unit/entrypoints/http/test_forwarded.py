"""Whom a call is counted for: a claim of the caller changes nothing."""

from ipaddress import ip_network

import pytest

from kasa.entrypoints.http.forwarded import client_address, neighbourhood

PROXIES = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "8.8.8.8, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "8.8.8.8, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"),
        ("127.0.0.1", "8.8.8.8, nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fd00::1", "[2001:db8::7]:443", "2001:db8::7"),
        ("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("unix", "198.51.100.1", "unix"),
    ],
)
def test_only_those_who_are_trusted_name_the_caller(peer: str, said: str, found: str) -> None:
    """The list is read from its end, as far as trusted proxies wrote it."""
    headers = [(b"host", b"shop.example"), (b"X-Forwarded-For", said.encode())]
    assert found == client_address(peer, headers, PROXIES)


def test_several_headers_are_one_list() -> None:
    """A forged header before that of the proxy is only the beginning of the list."""
    headers = [(b"x-forwarded-for", b"8.8.8.8"), (b"x-forwarded-for", b"198.51.100.1")]
    assert client_address("127.0.0.1", headers, PROXIES) == "198.51.100.1"


def test_a_network_of_version_6_shares_a_limit() -> None:
    """Its owner has as many addresses as he likes."""
    assert neighbourhood("2001:db8:1:2:3::4") == neighbourhood("2001:db8:1:2:ffff::1")
    assert neighbourhood("2001:db8:1:2::4") != neighbourhood("2001:db8:1:3::4")
    assert neighbourhood("198.51.100.1") == "198.51.100.1"
