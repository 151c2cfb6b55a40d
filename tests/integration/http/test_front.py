"""What the front does for every request: names the caller, shares with origins, tells the log."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.http.rates import Rates
from kasa.entrypoints.http.watching import Seen
from tests.integration.http.client import Answered, Web
from tests.integration.http.shop import Shop, street_over

pytestmark = pytest.mark.integration

RATES = Rates(writes=5, uploads=5, reads=3, anonymous=2)
ORIGIN = "https://app.example"


@pytest.fixture
def seen() -> list[Seen]:
    """Return what the door told of its answers."""
    return []


@pytest.fixture
def shop(caller: Callable[[Front], Web], seen: list[Seen]) -> Shop:
    """Return a shop behind a door with limits, a trusted proxy and an origin."""
    doorway = Doorway(
        rates=RATES,
        cors_origins=(ORIGIN,),
        trusted_proxies=(ip_network("127.0.0.1/32"),),
        watch=seen.append,
    )
    return street_over(memory_ports(), caller, doorway).shop()


def _codes(answers: list[Answered]) -> list[int]:
    return [answer.status for answer in answers]


def test_reads_are_limited_by_caller(shop: Shop) -> None:
    """Who read too often is told when to come back; another member and a program read on."""
    owner, viewer = shop.as_("owner"), shop.as_("viewer")
    answers = [owner.get("/api/v1/customers") for _ in range(4)]
    assert _codes(answers) == [200, 200, 200, 429]
    assert answers[-1].code == "rate.limited"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["retry_after"] == int(answers[-1].headers["retry-after"])
    assert viewer.get("/api/v1/customers").status == 200
    assert shop.as_key("read").get("/api/v1/customers").status == 200


def test_whoever_is_not_signed_in_is_limited_by_address(shop: Shop) -> None:
    """A proxy that is trusted names the address; what the caller writes before changes nothing."""
    called = shop.web
    for forged in ("8.8.8.8", "9.9.9.9", "1.1.1.1"):
        said = {"x-forwarded-for": f"{forged}, 198.51.100.1"}
        last = called.get("/version", headers=said)
    assert last.status == 429
    assert called.get("/version", headers={"x-forwarded-for": "198.51.100.2"}).status == 200


def test_wrong_tokens_are_counted_too(shop: Shop) -> None:
    """Who tries token after token is told to stop."""
    answers = [shop.web.bearing("wrong").get("/api/v1/customers") for _ in range(3)]
    assert _codes(answers) == [401, 401, 429]


def test_health_is_asked_by_any_name_and_often(shop: Shop) -> None:
    """Who looks after the process knows its address alone."""
    answers = [shop.web.get("/health/live", headers={"host": "10.1.2.3:8000"}) for _ in range(3)]
    assert _codes(answers) == [200, 200, 200]
    assert shop.web.get("/version", headers={"host": "10.1.2.3:8000"}).code == "request.host"


def test_a_page_of_a_named_origin_may_call(shop: Shop) -> None:
    """The browser is told beforehand what may be sent; a stranger is told nothing."""
    asks = {"origin": ORIGIN, "access-control-request-method": "POST"}
    before = shop.web.ask("OPTIONS", "/api/v1/customers", headers=asks)
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == ORIGIN
    assert "nosniff" in before.headers["x-content-type-options"]
    stranger = shop.web.ask("OPTIONS", "/api/v1/customers", headers={**asks, "origin": "null"})
    assert "access-control-allow-origin" not in stranger.headers
    read = shop.as_("viewer").get("/api/v1/customers", headers={"origin": ORIGIN})
    assert read.headers["access-control-allow-origin"] == ORIGIN
    outside = shop.web.get("/version", headers={"origin": ORIGIN})
    assert "access-control-allow-origin" not in outside.headers


def test_each_answer_is_told_once_with_whose_it_is(shop: Shop, seen: list[Seen]) -> None:
    """Route template, status, shop and caller; a path that no route took is not repeated."""
    answer = shop.as_("owner").get("/api/v1/customers?q=012345678")
    shop.web.get("/secret/012345678")
    known, unknown = seen
    assert str(known.request) == answer.headers["x-request-id"]
    assert (known.method, known.route, known.status) == ("GET", "/api/v1/customers", 200)
    assert known.tenant == shop.tenant
    assert known.actor is not None
    assert (unknown.route, unknown.status, unknown.actor) == ("", 404, None)
