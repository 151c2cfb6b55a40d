"""API keys, service clients and their tokens over HTTP; a secret is answered once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.application.identity.api_keys import ApiKeyGiven
from kasa.application.identity.service_clients import ServiceClientGiven
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.kernel.errors import Unauthenticated
from kasa.domain.kernel.ids import ClientId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.identity.visits import BEARER
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import Line, Word, moment
from kasa.entrypoints.opened import OpenKasa

Scopes = Annotated[tuple[Word, ...], msgspec.Meta(max_length=20, examples=[["read"]])]
Days = Annotated[int, msgspec.Meta(ge=1, le=730)]
Hours = Annotated[int, msgspec.Meta(ge=0, le=72)]
Named = Annotated[str, msgspec.Meta(max_length=80)]
Half = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class KeyGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be made: its name, what it may do, how long."""

    name: Line
    scopes: Scopes
    expires_in_days: Days = 365


class ClientGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service client to be made: its name, and what its tokens may do."""

    name: Line
    scopes: Scopes


class RotationGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many hours the old secret works beside the new one."""

    overlap_hours: Hours = 24


class ProgramOut(msgspec.Struct, frozen=True, kw_only=True):
    """A key or a client of the shop; ``tail`` is the end of its secret, to know it by."""

    id: UUID
    name: str
    tail: str
    scopes: tuple[str, ...]
    made_by: UUID
    made_at: datetime
    expires_at: datetime | None
    used_on: str | None
    ended_at: datetime | None
    replaces: UUID | None


class KeyOut(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, whole: it is shown here and never again."""

    id: UUID
    api_key: str
    key: ProgramOut


class ClientOut(msgspec.Struct, frozen=True, kw_only=True):
    """A new client with its secret, which is shown here and never again."""

    id: UUID
    client_id: str
    client_secret: str
    client: ProgramOut


class TokenAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A client and its secret; ``act`` and ``rid`` name whom and what for, and grant nothing."""

    client_id: Half
    client_secret: Half
    scopes: Scopes = ()
    act: Named | None = None
    rid: Named | None = None


class TokenOut(msgspec.Struct, frozen=True, kw_only=True):
    """A token of five minutes for routes that take services."""

    access_token: str
    token_type: str = BEARER
    access_expires_at: datetime
    scopes: tuple[str, ...]


def program_out(program: ApiKey | ServiceClient) -> ProgramOut:
    """Return a key or a client as it is answered, without what proves it."""
    ends, ended = program.expires_at, program.ended_at
    return ProgramOut(
        id=program.id,
        name=program.name,
        tail=program.tail,
        scopes=tuple(sorted(program.scopes)),
        made_by=program.made_by,
        made_at=moment(program.made_at),
        expires_at=None if ends is None else moment(ends),
        used_on=None if program.used_on is None else program.used_on.isoformat(),
        ended_at=None if ended is None else moment(ended),
        replaces=program.replaces,
    )


def _key_out(given: ApiKeyGiven) -> KeyOut:
    return KeyOut(id=given.key.id, api_key=given.secret.text, key=program_out(given.key))


def _client_out(given: ServiceClientGiven) -> ClientOut:
    return ClientOut(
        id=given.client.id,
        client_id=given.client_id,
        client_secret=given.secret.text,
        client=program_out(given.client),
    )


def listed(call: Call) -> PageOf[ProgramOut]:
    """List them, the ended ones too."""
    return PageOf(items=tuple(map(program_out, call.served())))


def make_key(call: Call) -> KeyOut:
    """Make an API key."""
    given: KeyGiven = call.body
    made = call.served(given.name, given.scopes, expires_in_days=given.expires_in_days)
    return _key_out(made)


def rotate_key(call: Call) -> KeyOut:
    """Replace an API key; the old one works a while beside the new one."""
    given: RotationGiven = call.body
    key = ClientId(call.id("key_id"))
    return _key_out(call.served(key, overlap_hours=given.overlap_hours))


def end_key(call: Call) -> None:
    """End an API key; it opens nothing from the next request on."""
    call.served(ClientId(call.id("key_id")))


def make_client(call: Call) -> ClientOut:
    """Make a service client."""
    given: ClientGiven = call.body
    return _client_out(call.served(given.name, given.scopes))


def rotate_client(call: Call) -> ClientOut:
    """Replace a client; the old secret works a while beside the new one."""
    given: RotationGiven = call.body
    client = ClientId(call.id("client_id"))
    return _client_out(call.served(client, overlap_hours=given.overlap_hours))


def end_client(call: Call) -> None:
    """End a client, and the tokens that it has."""
    call.served(ClientId(call.id("client_id")))


def give_token(call: Call) -> TokenOut:
    """Trade a client's secret for a token of five minutes."""
    given: TokenAsked = call.body
    made = call.do(
        call.opened.kasa.identity.programs.give_token,
        given.client_id,
        given.client_secret,
        scopes=given.scopes,
        act=given.act,
        rid=given.rid,
    )
    return TokenOut(
        access_token=made.token,
        access_expires_at=moment(made.expires_at),
        scopes=tuple(sorted(made.scopes)),
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of programs."""
    return (*_keys(opened), *_clients(opened))


def _keys(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity.programs
    return (
        Route(
            method="GET",
            path="/api-keys",
            serves=use.list_keys,
            handle=listed,
            answers=PageOf[ProgramOut],
            keys=False,
        ),
        Route(
            method="POST",
            path="/api-keys",
            serves=use.make_key,
            handle=make_key,
            answers=KeyOut,
            status=201,
            body=KeyGiven,
            keys=False,
        ),
        Route(
            method="POST",
            path="/api-keys/{key_id}/rotate",
            serves=use.rotate_key,
            handle=rotate_key,
            answers=KeyOut,
            status=201,
            body=RotationGiven,
            keys=False,
        ),
        Route(
            method="DELETE",
            path="/api-keys/{key_id}",
            serves=use.end_key,
            handle=end_key,
            keys=False,
        ),
    )


def _clients(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.identity.programs
    return (
        Route(
            method="GET",
            path="/service-clients",
            serves=use.list_clients,
            handle=listed,
            answers=PageOf[ProgramOut],
            keys=False,
        ),
        Route(
            method="POST",
            path="/service-clients",
            serves=use.make_client,
            handle=make_client,
            answers=ClientOut,
            status=201,
            body=ClientGiven,
            keys=False,
        ),
        Route(
            method="POST",
            path="/service-clients/{client_id}/rotate",
            serves=use.rotate_client,
            handle=rotate_client,
            answers=ClientOut,
            status=201,
            body=RotationGiven,
            keys=False,
        ),
        Route(
            method="DELETE",
            path="/service-clients/{client_id}",
            serves=use.end_client,
            handle=end_client,
            keys=False,
        ),
        Route(
            method="POST",
            path="/auth/service-token",
            serves=use.give_token,
            handle=give_token,
            answers=TokenOut,
            body=TokenAsked,
            keyed=False,
            who=Who.PUBLIC,
            refuses=(Unauthenticated,),
        ),
    )
