"""How every part of this installation is: for its operator, or for whoever is on the machine."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address

import msgspec

from kasa.domain.kernel.errors import Unauthenticated
from kasa.entrypoints.findings import Finding
from kasa.entrypoints.http.auth import Admission, Asked, bearer_of
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route, Who

FORWARDED = ("x-forwarded-for", "forwarded", "via", "x-real-ip")
"""Signs of a proxy: behind one that nobody named, everybody would seem to be on the machine."""


class PartShown(msgspec.Struct, frozen=True, kw_only=True):
    """One part: how it is (ok, warn, fail), what was seen, what mends it."""

    part: str
    state: str
    seen: str
    mend: str


class DetailsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Every part."""

    parts: tuple[PartShown, ...]


def details_route(
    parts: Callable[[], Iterable[Finding]], admission: Admission, *, listens_near: bool
) -> Route:
    """Return the route; ``listens_near``: only this machine reaches the socket."""

    def details(call: Call) -> DetailsShown:
        """Tell how every part is: to the operator, or to whoever asks from this machine."""
        if not (listens_near and _is_near(call)):
            _require_operator(call, admission)
        return DetailsShown(
            parts=tuple(
                PartShown(part=one.part, state=one.health.value, seen=one.seen, mend=one.mend)
                for one in parts()
            )
        )

    return Route(
        method="GET",
        path="/health/details",
        handle=details,
        answers=DetailsShown,
        who=Who.PUBLIC,
        root=True,
        refuses=(Unauthenticated,),
    )


def _is_near(call: Call) -> bool:
    try:
        here = ip_address(call.address).is_loopback
    except ValueError:
        here = False
    return here and not any(name in call.headers for name in FORWARDED)


def _require_operator(call: Call, admission: Admission) -> None:
    route = Route(method="GET", path="/health/details", handle=call.route.handle, who=Who.OPERATOR)
    asked = Asked(route=route, address=call.address, headers=call.headers)
    admitted = admission.admit(admission.verified(bearer_of(call.headers), asked), asked)
    if admitted.person is None or not admitted.person.operator:
        raise Unauthenticated
