"""What kasa says of itself: its version, that it lives, that it is ready."""

import msgspec

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.opened import OpenKasa


class VersionShown(msgspec.Struct, frozen=True, kw_only=True):
    """Which kasa this is."""

    name: str
    version: str


class Alive(msgspec.Struct, frozen=True, kw_only=True):
    """That the process answers."""

    status: str
    version: str


def version(call: Call) -> VersionShown:
    """Tell which version this is."""
    return VersionShown(name="kasa", version=call.doorway.version)


def live(call: Call) -> Alive:
    """Tell that the process lives; nothing else is asked."""
    return Alive(status="live", version=call.doorway.version)


def ready(call: Call) -> Alive:
    """Tell that the database answers and has the schema of this version, or 503."""
    call.opened.ready()
    return Alive(status="ready", version=call.doorway.version)


def routes(_: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of this module."""
    return (
        Route(
            method="GET",
            path="/version",
            handle=version,
            answers=VersionShown,
            who=Who.PUBLIC,
            root=True,
            hop=False,
        ),
        Route(
            method="GET",
            path="/health/live",
            handle=live,
            answers=Alive,
            who=Who.PUBLIC,
            root=True,
            hop=False,
        ),
        Route(
            method="GET",
            path="/health/ready",
            handle=ready,
            answers=Alive,
            who=Who.PUBLIC,
            root=True,
            refuses=(KasaError,),
        ),
    )
