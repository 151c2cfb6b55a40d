"""A place holder for a store that is named by a port and not written yet."""

from typing import Any


class Unbuilt:
    """Fails when it is used, and says what is missing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        raise NotImplementedError(f"{self._name}.{attribute} is not kept in PostgreSQL yet")


def unbuilt(name: str) -> Any:
    """Return a stand-in for the store of this name."""
    return Unbuilt(name)
