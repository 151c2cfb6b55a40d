"""One hop into a thread for what touches the store, none for the rest, and a bounded wait."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.http.app import create_app
from kasa.entrypoints.http.auth import Admitted, Asked
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front
from kasa.entrypoints.http.hop import DoorBusy, Threads
from tests.integration.http.client import Web
from tests.integration.http.shop import Shop, Street, ToldAdmission

pytestmark = pytest.mark.integration


class Noting(ToldAdmission):
    """Notes in which thread each question is asked."""

    asked: set[int]
    admitted: set[int]

    def verified(self, bearer: str, asked: Asked) -> Any:
        """Note the thread."""
        self.asked.add(threading.get_ident())
        return super().verified(bearer, asked)

    def admit(self, proof: Any, asked: Asked) -> Admitted:
        """Note the thread."""
        self.admitted.add(threading.get_ident())
        return super().admit(proof, asked)


def test_a_signed_in_request_hops_once(caller: Callable[[Front], Web]) -> None:
    """Token and body on the loop, session and use case in one thread; refusals before it: none."""
    opened = over(memory_ports())
    admission = Noting(opened)
    admission.asked, admission.admitted = set(), set()
    threads = Threads(2, 1.5)
    web = caller(create_app(opened, Doorway(), admission, threads=threads))
    street = Street(opened, web.app, web, admission)
    owner = street.shop().as_("owner")
    path = "/api/v1/customers"
    hops = []
    calls: tuple[Callable[[], Any], ...] = (
        lambda: owner.post(path, json={"name": "Dara"}),
        lambda: owner.get(path),
        lambda: owner.post(path, json={"name": 1}),
        lambda: web.get(path),
        lambda: web.get("/version"),
        lambda: web.get("/health/live"),
        lambda: web.get("/nowhere"),
    )
    for asked in calls:
        before = threads.hops
        asked()
        hops.append(threads.hops - before)
    assert [1, 1, 0, 0, 0, 0, 0] == hops
    assert {threading.get_ident()} == admission.asked
    assert not admission.asked & admission.admitted


def test_a_full_house_is_busy_in_time() -> None:
    """With every thread taken a request waits its time and is refused; then there is room again."""
    begun, leave = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert leave.wait(60)
        return "done"

    async def run() -> tuple[str, str]:
        threads = Threads(1, 0.05)
        first = asyncio.create_task(threads.run(work))
        await asyncio.to_thread(begun.wait, 60)
        with pytest.raises(DoorBusy) as refused:
            await threads.run(lambda: "never")
        assert 2 == refused.value.retry_after
        leave.set()
        done = await first
        again = await asyncio.wait_for(_retried(threads), 60)
        threads.close()
        return done, again

    assert ("done", "again") == asyncio.run(run())


async def _retried(threads: Threads) -> str:
    while True:
        try:
            return await threads.run(lambda: "again")
        except DoorBusy:
            await asyncio.sleep(0)


@pytest.mark.A7
def test_one_key_has_one_effect_whoever_comes_first(stored_street: Street) -> None:
    """Twenty equal requests at once: one effect; who is not told to wait gets the same bytes."""
    app = create_app(stored_street.opened, Doorway(thread_wait=60), stored_street.admission)
    owner = stored_street.shop().as_("owner")
    owner.app = app
    asking = owner.asking("POST", "/api/v1/customers", json={"name": "Dara"}, key="one")
    answers = owner.together([asking] * 20)
    made = [answer for answer in answers if answer.status == 201]
    waits = {answer.code for answer in answers if answer.status != 201}
    assert waits <= {"idempotency.in_progress"}
    assert 1 == len({answer.content for answer in made})
    assert 1 == len([it for it in made if "idempotent-replayed" not in it.headers])
    assert 1 == len(owner.get("/api/v1/customers").json()["items"])


@pytest.mark.A7
def test_a_key_belongs_to_its_request_and_its_caller(street: Street) -> None:
    """Another body is refused; another person, shop or route is unaffected; a refusal frees it."""
    shop, other = street.shop("Sok"), street.shop("Dara")
    path = "/api/v1/customers"

    def post(who: Any, body: Any) -> tuple[int, str]:
        answer = who.post(path, json=body, key="one")
        return answer.status, answer.json().get("code", "")

    owner = shop.as_("owner")
    assert (400, "body.invalid") == post(owner, {"name": 1})
    assert (422, "text.not_allowed") == post(owner, {"name": "\x01"})
    assert (201, "") == post(owner, {"name": "Dara", "email": "a@b.example"})
    assert (201, "") == post(owner, {"email": "a@b.example", "name": "Dara"})
    assert (422, "idempotency.key_reused") == post(owner, {"name": "Sophea"})
    assert (201, "") == post(shop.as_("admin"), {"name": "Sophea"})
    assert (201, "") == post(other.as_("owner"), {"name": "Sophea"})
    refused = owner.post(path, json={"name": "Dara"}, key="")
    assert (400, "idempotency.key_required") == (refused.status, refused.code)
    assert "Idempotency-Key:" in refused.json()["detail"]


BAD_AMOUNTS = (
    1.5,
    12,
    True,
    None,
    "NaN",
    "Infinity",
    "1e1000000",
    "1_000",
    "１２",
    "٣",
    "១២",
    "+1",
    "01",
    "12.50\n",
    " 1",
    "1.",
    ".5",
    "-",
    "",
    "1,000",
    "0x1",
)


@pytest.mark.A6
@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_amounts_that_are_none_are_refused(web: Shop, amount: Any) -> None:
    """Each has its code, and the place of it; nothing is stored."""
    owner = web.as_("owner")
    body = {"amount": {"amount": amount, "currency": "USD"}}
    nobody = "0192f0c1-2d3e-7a4b-8c5d-6e7f80911223"
    answer = owner.post(f"/api/v1/customers/{nobody}/credit/refund", json=body)
    assert (400, "money.syntax") == (answer.status, answer.code)
    assert ["/amount/amount"] == [it["pointer"] for it in answer.json()["errors"]]


@pytest.mark.A6
@pytest.mark.parametrize(
    ("code", "amount"), [("USD", "12.505"), ("KHR", "12.5"), ("JPY", "1.0"), ("EUR", "0.001")]
)
def test_amounts_that_are_too_precise_are_refused(web: Shop, code: str, amount: str) -> None:
    """More decimals than the currency has are a rule of money, 422."""
    body = {"amount": {"amount": amount, "currency": code}}
    owner = web.as_("owner")
    made = owner.post("/api/v1/customers", json={"name": "Dara"}).json()["id"]
    answer = owner.post(f"/api/v1/customers/{made}/credit/refund", json=body)
    assert (422, "money.too_precise") == (answer.status, answer.code)


@pytest.mark.A6
@pytest.mark.parametrize("code", ["USD", "KHR", "EUR", "PLN", "JPY", "VND", "THB"])
def test_amounts_come_back_as_they_went(web: Shop, code: str) -> None:
    """What is sent is what is read: exactly the decimals of its currency."""
    exponent = {"KHR": 0, "JPY": 0, "VND": 0}.get(code, 2)
    price = "1234567" + ("" if exponent == 0 else ".05")
    owner = web.as_("owner")
    line = {"text": "Scarf", "quantity": "1", "price": price}
    made = owner.post("/api/v1/invoices", json={"lines": [line], "currency": code})
    shown = owner.get(f"/api/v1/invoices/{made.json()['id']}")
    assert 200 == shown.status
    assert f'"{price}"' in shown.text
