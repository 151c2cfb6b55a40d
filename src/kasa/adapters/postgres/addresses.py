"""Addresses of databases as an operator gives them, checked before anything is opened."""

import psycopg
from psycopg import conninfo

from kasa.domain.kernel.errors import KasaError


class AddressInvalid(KasaError):
    """The address of a database cannot be used as it is; the message names its setting."""

    code = "setup.database_address"


def check_address(setting: str, address: str, *, pooled: bool = False) -> None:
    """Return when an address can be read; ``pooled``: it leads to a pooler in transaction mode.

    Raises ``setup.database_address`` with the setting's name, and never a part of the address.
    """
    try:
        found = conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        raise AddressInvalid(f"{setting}: this is no address of a database.") from None
    if pooled and "options" in found:
        raise AddressInvalid(f"{setting}: options= has no effect behind a pooler; leave it out.")


def same_place(one: str, other: str) -> bool:
    """Tell whether two addresses lead to the same host and port, whoever signs in."""
    return _place(one) == _place(other)


def _place(address: str) -> tuple[object, ...]:
    found = conninfo.conninfo_to_dict(address)
    return (found.get("host"), found.get("hostaddr"), str(found.get("port") or 5432))
