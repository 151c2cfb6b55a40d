"""Security headers are on every answer, whatever its status."""

from collections.abc import Callable
from typing import Any

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.domain.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KasaError,
    NotEntitled,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.http.app import create_app
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.http.reading import NotJson
from kasa.entrypoints.http.routing import Reply, Route, Sent, Who
from tests.integration.http.client import FIXED, Web
from tests.integration.http.shop import Street, ToldAdmission

pytestmark = pytest.mark.integration

RAISED: tuple[tuple[int, BaseException], ...] = (
    (400, NotJson()),
    (401, Unauthenticated()),
    (402, NotEntitled()),
    (403, Forbidden()),
    (404, NotFound()),
    (409, Conflict()),
    (422, Invalid()),
    (429, Throttled(retry_after=7)),
    (503, Unavailable()),
    (500, KasaError("secret words")),
    (500, RuntimeError("secret words")),
)


def _raising(error: BaseException) -> Callable[[Call], Any]:
    def handle(_: Call) -> None:
        """Refuse."""
        raise error

    return handle


def _route(path: str, handle: Callable[[Call], Any], *, hop: bool) -> Route:
    return Route(method="GET", path=path, handle=handle, who=Who.PUBLIC, root=True, hop=hop)


@pytest.mark.F3
def test_every_status_has_every_header(caller: Callable[[Front], Web]) -> None:
    """Each status, from a thread and from the loop, carries the whole set and tells no secret."""
    opened = over(memory_ports())
    routes = [
        _route(f"/refuse/{index}/{hop}", _raising(error), hop=hop)
        for index, (_, error) in enumerate(RAISED)
        for hop in (True, False)
    ]
    routes += [
        _route("/moved", lambda _: Reply(status=302, headers={"location": "/version"}), hop=False),
        _route(
            "/file", lambda _: Sent(content=iter((b"a", b"b")), media_type="image/png"), hop=True
        ),
    ]
    app = create_app(opened, Doorway(), ToldAdmission(opened), more=tuple(routes))
    web = caller(app)
    for index, (status, _) in enumerate(RAISED):
        for hop in (True, False):
            answer = web.get(f"/refuse/{index}/{hop}")
            assert status == answer.status
            assert "secret" not in answer.text
            assert FIXED <= set(answer.headers)
            assert "no-store" == answer.headers["cache-control"]
            if status in {429, 503}:
                assert str(answer.json()["retry_after"]) == answer.headers["retry-after"]
    assert [302, 200, b"ab"] == [
        web.get("/moved").status,
        web.get("/file").status,
        web.get("/file").content,
    ]


@pytest.mark.F3
def test_what_the_front_refuses_has_every_header(street: Street) -> None:
    """What is refused before anything is decoded has the headers and the problem shape too."""
    web = street.web
    big = b"x" * (2**20 + 1)
    answers = {
        400: web.get("/version", headers={"host": "elsewhere.example"}),
        404: web.get("/nowhere"),
        405: web.ask("TRACE", "/version"),
        413: web.post("/api/v1/customers", content=big, headers={"content-type": "text/plain"}),
        415: web.post("/api/v1/customers", content=b"{}", headers={"content-type": "text/plain"}),
        431: web.get("/version", headers={"x-long": "x" * 17_000}),
    }
    for status, answer in answers.items():
        assert status == answer.status
        assert FIXED <= set(answer.headers)
        assert f"/problems/{answer.code}" == answer.json()["type"]
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


@pytest.mark.F3
def test_pages_and_files_have_every_header(street: Street) -> None:
    """Pages carry the content policy beside the rest; nothing on them leads elsewhere."""
    for path in ("/api", "/problems/not_found"):
        page = street.web.get(path)
        assert 200 == page.status
        assert FIXED <= set(page.headers)
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert "http://127.0.0.1:8000" in page.text or "http" not in page.text
        address = page.text.partition("/static/")[2].partition('"')[0]
        style = street.web.get(f"/static/{address}")
        assert (200, "text/css; charset=utf-8") == (style.status, style.headers["content-type"])
    assert 404 == street.web.get("/static/..%2fapp.py").status


@pytest.mark.F3
def test_transport_security_is_asked_for_over_https(caller: Callable[[Front], Web]) -> None:
    """A kasa with an https address says so for two years; one without does not."""
    opened = over(memory_ports())
    doorway = Doorway(public_url="https://shop.example")
    web = caller(create_app(opened, doorway, ToldAdmission(opened)))
    answer = web.get("/version", headers={"host": "shop.example:443"})
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert 400 == web.get("/version").status
