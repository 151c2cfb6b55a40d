"""One request from its headers to its answer, refused in one order (docs/reference/routes.md).

Header and media type, token, body and query, session, shop, suspended, role, recent, identifiers;
then the use case: plan, state, rule.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import attrs
import msgspec

from kasa.domain.kernel.errors import KasaError, Unauthenticated
from kasa.domain.kernel.ids import RequestId
from kasa.entrypoints.http.answers import Answer, file_of, refused
from kasa.entrypoints.http.arrival import Arrival, Gone, arrival_of
from kasa.entrypoints.http.auth import (
    Admission,
    Admitted,
    Asked,
    bearer_of,
    judged,
    with_request,
)
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.forms import Form, form_of
from kasa.entrypoints.http.hop import Threads
from kasa.entrypoints.http.idempotency import fingerprint, key_of
from kasa.entrypoints.http.media import FORM, JSON, MULTIPART, refuse_media_type
from kasa.entrypoints.http.problems import MethodRefused
from kasa.entrypoints.http.rates import Turnstile
from kasa.entrypoints.http.reading import body_of, query_of
from kasa.entrypoints.http.routing import Later, Reply, Route, Sent, Who
from kasa.entrypoints.logs import about
from kasa.entrypoints.opened import OpenKasa

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
LOOK_EVERY = 0.25
LOG = logging.getLogger("kasa.http")


@attrs.frozen(kw_only=True, eq=False)
class Dispatcher:
    """Serves every route: reads a request, asks who it is, calls the handler, sends the answer."""

    opened: OpenKasa
    doorway: Doorway
    admission: Admission
    threads: Threads
    turnstile: Turnstile

    async def serve(
        self, routes: Mapping[str, Route], scope: Mapping[str, Any], receive: Receive
    ) -> Answer | None:
        """Answer a request to one path; a refusal is an answer too, and so is a bug.

        None when nobody waits for an answer any more.
        """
        arrival = arrival_of(scope)
        route = routes.get(arrival.method)
        if route is None:
            return _other_verb(arrival.method, routes, arrival.request_id)
        arrival.route = route
        try:
            return await self._answer(arrival, scope, receive)
        except KasaError as error:
            return refused(error, arrival.request_id)
        except Gone:
            return None
        except Exception as error:
            LOG.exception("request failed")
            return refused(error, arrival.request_id)

    async def _answer(self, arrival: Arrival, scope: Mapping[str, Any], receive: Receive) -> Answer:
        route = arrival.found
        arrival.media_type = refuse_media_type(route, arrival.headers)
        asked = Asked(route=route, address=arrival.address, headers=arrival.headers)
        proof = self._proof(asked)
        form = Form()
        try:
            call = await self._call(arrival, scope, receive, form)
            if not route.hop:
                return self._sent(route, call, route.handle(call))
            made = await self.threads.run(partial(self._work, asked, proof, call, arrival))
            if isinstance(made, Later):
                made = await self._later(made)
            return self._sent(route, call, made)
        finally:
            form.close()

    def _proof(self, asked: Asked) -> Any:
        if asked.route.who is Who.PUBLIC:
            self.turnstile.take_anonymous(asked.address, is_health=asked.route.is_health)
            return None
        try:
            return self.admission.verified(bearer_of(asked.headers), asked)
        except Unauthenticated:
            self.turnstile.take_anonymous(asked.address)
            raise

    async def _call(
        self, arrival: Arrival, scope: Mapping[str, Any], receive: Receive, form: Form
    ) -> Call:
        route = arrival.found
        values, limit, cursor, filters = query_of(scope["query_string"], route)
        key = key_of(route, arrival.headers)
        call = Call(
            route=route,
            opened=self.opened,
            doorway=self.doorway,
            request_id=arrival.request_id,
            path=scope["path_params"],
            headers=arrival.headers,
            address=arrival.address,
            query=values,
            filters=filters,
            limit=limit,
            cursor=cursor,
            language=arrival.language,
        )
        data = b""
        if arrival.media_type in {MULTIPART, FORM}:
            await form_of(form, scope, receive)
            call.files, call.fields = form.files, form.fields
        else:
            data = await _whole(receive)
            call.body = body_of(data, route)
        if key is not None:
            call.key = fingerprint(key, call, data)
        return call

    def _work(self, asked: Asked, proof: Any, call: Call, arrival: Arrival) -> Any:
        """Run in the thread: who calls, may they, the use case."""
        admitted = self.admission.admit(proof, asked)
        _fits(admitted, asked.route)
        arrival.tenant, arrival.by = admitted.tenant, admitted.by
        with about(tenant=admitted.tenant, actor=admitted.by):
            if admitted.by is not None and not asked.route.writes:
                self.turnstile.take_read(admitted.by)
            return self._served(asked, admitted, call)

    @staticmethod
    def _served(asked: Asked, admitted: Admitted, call: Call) -> Any:
        judged(admitted, asked.route)
        actor, person = with_request(admitted, RequestId(call.request_id), call.key)
        call.signed_in, call.signed_in_person = actor, person
        return asked.route.handle(call)

    async def _later(self, later: Later) -> Any:
        until = time.monotonic() + later.seconds
        while time.monotonic() < until:
            await asyncio.sleep(LOOK_EVERY)
            found = await self.threads.run(later.look)
            if found is not None:
                return found
        return later.otherwise

    def _sent(self, route: Route, call: Call, made: Any) -> Answer:
        if isinstance(made, Sent):
            return file_of(made)
        reply = made if isinstance(made, Reply) else Reply(value=made)
        headers = dict(reply.headers)
        if call.replayed:
            headers["idempotent-replayed"] = "true"
        if reply.value is None:
            status = reply.status or (204 if route.answers is None else route.status)
            return Answer(status=status, headers=tuple(headers.items()))
        headers["content-type"] = JSON
        return Answer(
            status=reply.status or route.status,
            headers=tuple(headers.items()),
            body=msgspec.json.encode(reply.value),
        )


def _other_verb(method: str, routes: Mapping[str, Route], request_id: UUID) -> Answer:
    known = sorted({*routes, "OPTIONS", *(["HEAD"] if "GET" in routes else [])})
    allow = ("allow", ", ".join(known))
    if method == "OPTIONS":
        return Answer(status=204, headers=(allow,))
    answer = refused(MethodRefused(), request_id)
    return attrs.evolve(answer, headers=(*answer.headers, allow))


def _fits(admitted: Admitted, route: Route) -> None:
    """Raise when who was let in is not whom the route lets in."""
    wants_shop = route.who in {Who.MEMBER, Who.SERVICE}
    if wants_shop and admitted.actor is None:
        raise Unauthenticated
    if route.who is Who.OPERATOR and not (admitted.person and admitted.person.operator):
        raise Unauthenticated


async def _whole(receive: Receive) -> bytes:
    """Return the whole body; the front has bounded it."""
    parts = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
