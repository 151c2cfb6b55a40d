"""The command line over a database of a test."""

from pathlib import Path
from urllib.parse import quote

import attrs
from psycopg.conninfo import conninfo_to_dict

from kasa.adapters.postgres.embedded import Addresses
from kasa.entrypoints.settings import Settings

KEY = bytes(range(32))


def _url(address: str) -> str:
    parts = {name: quote(str(said), safe="") for name, said in conninfo_to_dict(address).items()}
    return "postgresql://{user}:{password}@/{dbname}?host={host}&port={port}".format(**parts)


def settings_of(addresses: Addresses, folder: Path) -> Settings:
    """Return the settings of a server of one's own."""
    return Settings(
        home=folder,
        database_url=_url(addresses.app),
        jobs_database_url=_url(addresses.jobs),
        owner_database_url=_url(addresses.owner),
        secret_keys=(KEY,),
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables that name its logins."""
    found = attrs.asdict(settings)
    named = {
        f"KASA_{name.upper()}": str(value)
        for name, value in found.items()
        if name.endswith("database_url") and value is not None
    }
    return {**named, "KASA_SECRET_KEYS": KEY.hex()}
