"""A shop behind the door, and everybody who may come in."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4, uuid5

import attrs

from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.kernel.errors import Unauthenticated
from kasa.domain.kernel.ids import ClientId, TenantId, UserId
from kasa.domain.kernel.text import Name
from kasa.domain.tenancy.tenant import TenantProfile, TenantState
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.http.app import create_app, routes_of
from kasa.entrypoints.http.auth import Admitted, Asked
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.http.openapi import Document
from kasa.entrypoints.http.reference import document
from kasa.entrypoints.http.routing import Who
from kasa.entrypoints.opened import OpenKasa
from tests.integration.http.client import Web
from tests.integration.http.truth import Truth

OPERATOR = UUID(int=7)


@attrs.define(eq=False)
class ToldAdmission:
    """Admits whom the test has told it of: a token is a name."""

    opened: OpenKasa
    known: dict[str, Admitted] = attrs.field(factory=dict)

    def verified(self, bearer: str, asked: Asked) -> Any:
        """Return who bears the name, or raise."""
        found = self.known.get(bearer)
        if found is None:
            raise Unauthenticated
        operator = found.person is not None and found.person.operator
        by_key = found.actor is not None and found.actor.client is not None
        if operator is not (asked.route.who is Who.OPERATOR):
            raise Unauthenticated
        if by_key and asked.route.who is Who.PERSON:
            raise Unauthenticated
        return found

    def admit(self, proof: Any, asked: Asked) -> Admitted:
        """Return who it is, as the shop stands now."""
        if proof is None:
            return Admitted()
        assert isinstance(proof, Admitted)
        if proof.actor is None:
            return proof
        shop = self.opened.kasa.tenancy.queries.tenant(Actor.system(proof.actor.tenant))
        return attrs.evolve(proof, suspended=shop.state is not TenantState.OPEN)


@attrs.define(eq=False)
class Shop:
    """One shop: ``as_`` calls the door as somebody of it."""

    tenant: TenantId
    web: Web
    admission: ToldAdmission
    people: Mapping[Role, UserId]

    def as_(self, role: str, *, recent: bool = True) -> Web:
        """Return a caller in a role: viewer, user, admin, owner."""
        named = Role(role)
        token = f"{named.value}-{recent}-{self.tenant.hex}"
        self.admission.known[token] = Admitted(
            actor=Actor.member(self.tenant, self.people[named], named, recent=recent),
            person=PlatformActor(user=self.people[named], tenant=self.tenant, recent=recent),
        )
        return self.web.bearing(token)

    def as_key(self, *scopes: str) -> Web:
        """Return a program with an API key of some scopes."""
        token = f"key-{'+'.join(scopes)}-{self.tenant.hex}"
        client = ClientId(uuid5(self.tenant, token))
        self.admission.known[token] = Admitted(
            actor=Actor.key(self.tenant, client, frozenset(scopes))
        )
        return self.web.bearing(token)


@attrs.define(eq=False)
class Street:
    """A kasa behind its door, with shops in it.

    Founders become members where people are not stored apart: in memory.
    """

    opened: OpenKasa
    app: Front
    web: Web
    admission: ToldAdmission
    has_founders: bool = True

    def shop(self, name: str = "Sok") -> Shop:
        """Open a shop with a person in each role."""
        owner = UserId(uuid4())
        founder = PlatformActor(user=owner if self.has_founders else None, recent=True)
        tenant = self.opened.kasa.tenancy.open(founder, TenantProfile(name=Name(name)))
        people = {role: UserId(uuid4()) for role in Role} | {Role.OWNER: owner}
        made = Shop(tenant.id, self.web, self.admission, people)
        made.as_("owner")
        return made

    def operator(self) -> Web:
        """Return who runs this kasa."""
        self.admission.known["operator"] = Admitted(
            person=PlatformActor(user=UserId(OPERATOR), operator=True)
        )
        return self.web.bearing("operator")


def street_over(ports: Ports, web: Any, doorway: Doorway | None = None, **options: Any) -> Street:
    """Return a kasa over ports behind its door; ``web`` makes a caller of an application."""
    opened = over(ports, **options)
    admission = ToldAdmission(opened)
    app = create_app(opened, doorway or Doorway(), admission)
    caller: Web = web(app)
    caller.truth = Truth(published(opened))
    return Street(opened, app, caller, admission)


@cache
def _document() -> list[Document]:
    return []


def published(opened: OpenKasa) -> Document:
    """Return the document that every application of this process publishes."""
    kept = _document()
    if not kept:
        kept.append(document(routes_of(opened), Doorway()))
    return kept[0]
