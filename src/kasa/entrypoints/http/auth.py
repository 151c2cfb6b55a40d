"""Who is at the door: the bearer of a token or a key, checked before the body is read."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

import attrs

from kasa.domain.identity.access import Actor, PlatformActor, ScopeMissing
from kasa.domain.kernel.errors import Forbidden, Unauthenticated
from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import RequestId
from kasa.entrypoints.http.routing import Route

SCHEME = "bearer "
BEARER_LIMIT = 4096


class TenantSuspended(Forbidden):
    """This shop is suspended: it can be read and exported, and nothing else."""

    code = "tenant.suspended"


@attrs.frozen(kw_only=True)
class Admitted:
    """Who was let in: an actor of a shop, or a person outside of any."""

    actor: Actor | None = None
    person: PlatformActor | None = None
    suspended: bool = False

    @property
    def tenant(self) -> UUID | None:
        """The shop in which the caller acts, for the log."""
        return None if self.actor is None else self.actor.tenant

    @property
    def by(self) -> UUID | None:
        """The person or program that calls, for the log and the limits."""
        if self.actor is not None and self.actor.caller is not None:
            return self.actor.caller
        return None if self.person is None else self.person.user


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked of the door: the route, and whence the call comes."""

    route: Route
    address: str
    headers: Mapping[str, str]


class Admission(Protocol):
    """Lets callers in, by what they bear."""

    def verified(self, bearer: str, asked: Asked) -> Any:
        """Return the proof that a token or key is, or raise ``identity.token_invalid``.

        Runs on the loop: it neither waits nor reads anything.
        """

    def admit(self, proof: Any, asked: Asked) -> Admitted:
        """Return who bears a proof, or raise what refuses them: session, shop, rate.

        Runs in the request's thread. Without a proof, on a public route, nobody is returned.
        """


def bearer_of(headers: Mapping[str, str]) -> str:
    """Return the token of the one ``Authorization`` header, or raise."""
    given = headers.get("authorization", "")
    bearer = given[len(SCHEME) :].strip(" ")
    if given[: len(SCHEME)].lower() != SCHEME or not 0 < len(bearer) <= BEARER_LIMIT:
        raise Unauthenticated
    if "," in bearer or " " in bearer or not bearer.isascii():
        raise Unauthenticated
    return bearer


def judged(admitted: Admitted, route: Route) -> None:
    """Raise when the shop is suspended, the role too low, or the sign-in too long ago."""
    actor = admitted.actor
    if admitted.suspended and not route.when_suspended:
        by_program = actor is not None and actor.client is not None
        if by_program or route.writes:
            raise TenantSuspended
    if actor is None:
        return
    if actor.client is not None and not route.keys:
        raise ScopeMissing
    if route.permission is not None:
        actor.require(route.permission)
    if route.recent:
        actor.require_recent()


def with_request(
    admitted: Admitted, request: RequestId, key: IdempotencyKey | None
) -> tuple[Actor | None, PlatformActor | None]:
    """Return who calls, with the request's identifier and its idempotency key."""
    actor, person = admitted.actor, admitted.person
    if actor is not None:
        actor = attrs.evolve(actor, request=request, idempotency=key)
    if person is not None:
        person = attrs.evolve(person, request=request, idempotency=key)
    return actor, person
