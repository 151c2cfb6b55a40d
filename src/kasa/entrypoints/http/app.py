"""The application: Litestar finds the path, the dispatcher does the rest, the front wraps both."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Response
from litestar.connection import Request
from litestar.exceptions import HTTPException
from litestar.handlers import ASGIRouteHandler

from kasa.domain.kernel.errors import NotFound
from kasa.entrypoints.http import health, site
from kasa.entrypoints.http.answers import Answer, refused, sent
from kasa.entrypoints.http.arrival import arrival_of
from kasa.entrypoints.http.auth import Admission
from kasa.entrypoints.http.dispatch import Dispatcher
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.files import files
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.http.hop import Threads
from kasa.entrypoints.http.identity import (
    factors,
    invitations,
    links,
    me,
    members,
    programs,
    signing,
)
from kasa.entrypoints.http.inventory import counts, moving, products, reservations, stock
from kasa.entrypoints.http.invoicing import (
    acts,
    credit_notes,
    customers,
    documents,
    figures,
    invoices,
)
from kasa.entrypoints.http.operations import trail
from kasa.entrypoints.http.payments import accounts, alerts, evidence, payments
from kasa.entrypoints.http.rates import Turnstile
from kasa.entrypoints.http.reference import reference_routes
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.sharing import customer_page, share_links
from kasa.entrypoints.http.tenancy import shop
from kasa.entrypoints.opened import OpenKasa

MODULES: tuple[Callable[[OpenKasa], tuple[Route, ...]], ...] = (
    health.routes,
    site.routes,
    signing.routes,
    links.routes,
    factors.routes,
    me.routes,
    members.routes,
    invitations.routes,
    programs.routes,
    customers.routes,
    invoices.routes,
    acts.routes,
    credit_notes.routes,
    documents.routes,
    figures.routes,
    accounts.routes,
    alerts.routes,
    evidence.routes,
    payments.routes,
    products.routes,
    stock.routes,
    moving.routes,
    counts.routes,
    reservations.routes,
    shop.routes,
    trail.routes,
    share_links.routes,
    customer_page.routes,
    files.routes,
)
"""Every resource: a new one adds its line here."""


def routes_of(opened: OpenKasa) -> tuple[Route, ...]:
    """Return every route of the API and of the pages."""
    return tuple(route for module in MODULES for route in module(opened))


def create_app(
    opened: OpenKasa,
    doorway: Doorway,
    admission: Admission,
    *,
    more: tuple[Route, ...] = (),
    threads: Threads | None = None,
) -> Front:
    """Return the application as the server runs it; ``more`` are routes of its own."""
    threads = threads or Threads(doorway.threads, doorway.thread_wait)
    dispatcher = Dispatcher(
        opened=opened,
        doorway=doorway,
        admission=admission,
        threads=threads,
        turnstile=Turnstile(doorway.rates),
    )
    by_path: dict[str, dict[str, Route]] = defaultdict(dict)
    served = (*routes_of(opened), *more)
    for route in (*served, *reference_routes(served, doorway)):
        taken = by_path[route.full_path].setdefault(route.method, route)
        assert taken is route, f"{route.template} is declared twice"

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        yield
        threads.close()

    app = Litestar(
        route_handlers=[_handler(path, verbs, dispatcher) for path, verbs in by_path.items()],
        exception_handlers={HTTPException: _unrouted},
        lifespan=[lifespan],
        openapi_config=None,
        debug=False,
        logging_config=None,
    )

    async def found(scope: Any, receive: Any, send: Any) -> None:
        """Let Litestar find the path alone: of a verb it would look for handlers of that verb."""
        if scope["type"] == "http":
            scope = {name: value for name, value in scope.items() if name != "method"}
        await app(scope, receive, send)

    return Front(found, doorway)


def _handler(path: str, verbs: Mapping[str, Route], dispatcher: Dispatcher) -> ASGIRouteHandler:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        answer = await dispatcher.serve(verbs, scope, receive)
        if answer is not None:
            await sent(answer, send)

    return ASGIRouteHandler(path.replace("}", ":str}"), copy_scope=False)(serve)


def _unrouted(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    """Answer what leads to no path: like a thing that is not there."""
    answer: Answer = refused(NotFound(), arrival_of(request.scope).request_id)
    headers = dict(answer.headers)
    media_type = headers.pop("content-type")
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=media_type)
