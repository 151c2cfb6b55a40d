"""Stands where a store is still missing; the first question to it says so."""

from typing import Any


class Unbuilt:
    """Answers nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        raise NotImplementedError(f"{self._name}.{method} is not built over PostgreSQL yet")


def unbuilt(name: str) -> Any:
    """Return what raises when anything is asked of it."""
    return Unbuilt(name)
