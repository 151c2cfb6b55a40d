"""The real checker against a local server that answers as the documents say."""

import gzip
import json
import logging
import socket
import threading
from collections.abc import Iterator

import attrs
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from kasa.adapters.bakong.checker import HOSTS, LIMITS, LIVE, BakongChecker
from kasa.adapters.conformance.payment_providers import MD5, TRANSFER, BankCheckerConformance
from kasa.adapters.http_client.resilience import OPEN_SECONDS
from kasa.application.ports.payment_providers import BankChecker
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Found,
)
from tests.integration.bakong.stand_in import MONEY, QUICK, TOKEN, StandIn, checker, told

pytestmark = pytest.mark.integration


class TestBakong(BankCheckerConformance):
    """The suite over HTTP."""

    @pytest.fixture(autouse=True)
    def keep_server(self, httpserver: HTTPServer) -> None:
        """Hand the server of the test to the suite's hooks."""
        self.stand_in = StandIn.over(httpserver)

    def make_ports(self) -> BankChecker:
        """Return the real checker."""
        return checker(self.stand_in.server)

    def pay(self, transfer: Found, md5: str) -> None:
        """Let the server know a transfer."""
        self.stand_in.codes[md5] = told(transfer)

    def fail(self, md5: str) -> None:
        """Let the server know a failure."""
        self.stand_in.failed.add(md5)

    def know_account(self, account_id: str) -> None:
        """Let the server know an account."""
        self.stand_in.accounts.add(account_id)

    def refuse(self, kind: CannotTellKind) -> None:
        """Let the server be out of order."""
        self.stand_in.lack = kind


def test_a_slow_answer_is_an_outage(httpserver: HTTPServer) -> None:
    """Who does not answer in time tells nothing; the limit in use is 8 s."""
    release = threading.Event()

    def slow(_request: Request) -> Response:
        release.wait(3)
        return Response("{}")

    httpserver.expect_request("/v1/check_transaction_by_md5").respond_with_handler(slow)
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    release.set()
    assert reply == CannotTell(kind=CannotTellKind.OUTAGE)
    assert (3, 8, 8) == (LIMITS.connect_seconds, LIMITS.read_seconds, LIMITS.total_seconds)


def test_a_dripping_answer_is_an_outage(httpserver: HTTPServer) -> None:
    """An answer that comes letter by letter ends at the limit too."""
    release = threading.Event()

    def drip() -> Iterator[bytes]:
        for _ in range(30):
            yield b" "
            if release.wait(0.1):
                return

    httpserver.expect_request("/v1/check_transaction_by_md5").respond_with_handler(
        lambda _request: Response(drip())
    )
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    release.set()
    assert reply == CannotTell(kind=CannotTellKind.OUTAGE)


def test_a_huge_answer_is_an_outage(httpserver: HTTPServer) -> None:
    """No more is read than is ever needed, whatever its length is said to be."""
    huge = json.dumps({"responseCode": 0, "data": told(TRANSFER), "more": "x" * 200_000})
    httpserver.expect_request("/v1/check_transaction_by_md5").respond_with_data(huge)
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    assert isinstance(reply, CannotTell)
    assert CannotTellKind.OUTAGE is reply.kind


def test_a_packed_answer_is_not_unpacked(httpserver: HTTPServer) -> None:
    """Few bytes that would become many are no answer, and stay few."""
    stand_in = gzip.compress(json.dumps({"responseCode": 0, "more": "x" * 50_000_000}).encode())
    httpserver.expect_request("/v1/check_transaction_by_md5").respond_with_data(
        stand_in, headers={"Content-Encoding": "gzip"}
    )
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    assert isinstance(reply, CannotTell)
    assert CannotTellKind.OUTAGE is reply.kind
    (request, _answer), *_ = httpserver.log
    assert request.headers["Accept-Encoding"] == "identity"


def test_nobody_there_is_an_outage() -> None:
    """A refused connection, an unknown name and a broken TLS tell nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}", "http://nobody.invalid"):
            bank = BakongChecker(TOKEN, url=url, limits=QUICK)
            assert isinstance(bank.by_own_code(MD5, MONEY), CannotTell)


def test_a_server_without_tls_is_an_outage(httpserver: HTTPServer) -> None:
    """HTTPS to a server that does not speak it tells nothing, and sends no token."""
    stand_in = StandIn.over(httpserver)
    bank = BakongChecker(TOKEN, url=f"https://127.0.0.1:{httpserver.port}", limits=QUICK)
    assert bank.by_own_code(MD5, MONEY) == CannotTell(kind=CannotTellKind.OUTAGE)
    assert [] == stand_in.asked


def test_another_country_is_left_alone_for_an_hour(httpserver: HTTPServer) -> None:
    """After a 403 nothing is sent for an hour, and the answer stays the same."""
    stand_in = StandIn.over(httpserver)
    stand_in.lack = CannotTellKind.COUNTRY
    bank = checker(httpserver)
    first = bank.by_own_code(MD5, MONEY)
    stand_in.lack = None
    second = bank.by_own_code(MD5, MONEY)
    assert 1 == len(stand_in.asked)
    for reply in (first, second):
        assert isinstance(reply, CannotTell)
        assert CannotTellKind.COUNTRY is reply.kind
        assert 3_590 <= reply.retry_after <= 3_600


def test_a_server_out_of_order_is_left_alone(httpserver: HTTPServer) -> None:
    """After 5 failures in a row nothing is sent for 30 s; refusals of 4xx do not count."""
    stand_in = StandIn.over(httpserver)
    bank = checker(httpserver)
    stand_in.lack = CannotTellKind.REQUEST
    for _ in range(6):
        bank.by_own_code(MD5, MONEY)
    stand_in.lack = CannotTellKind.OUTAGE
    for _ in range(7):
        reply = bank.by_own_code(MD5, MONEY)
        assert isinstance(reply, CannotTell)
        assert CannotTellKind.OUTAGE is reply.kind
    assert 6 + 5 == len(stand_in.asked)
    assert isinstance(reply, CannotTell)
    assert OPEN_SECONDS == reply.retry_after


def test_an_installation_asks_5_times_a_second(httpserver: HTTPServer) -> None:
    """More than that is answered without being sent."""
    stand_in = StandIn.over(httpserver)
    bank = checker(httpserver, pace=None)
    replies = [bank.by_own_code(MD5, MONEY) for _ in range(8)]
    assert len(stand_in.asked) <= 5 + 2
    assert CannotTell(kind=CannotTellKind.THROTTLED, retry_after=1) in replies


def test_malformed_questions_are_not_sent(httpserver: HTTPServer) -> None:
    """What is no MD5 and no hash is our bug, and no matter for the bank."""
    stand_in = StandIn.over(httpserver)
    bank = checker(httpserver)
    bug = CannotTell(kind=CannotTellKind.REQUEST)
    assert [bug] * 3 == [
        bank.by_own_code("nonsense", MONEY),
        bank.by_short_hash('8465d72"', MONEY),
        bank.by_hash("8465d722"),
    ]
    assert [] == stand_in.asked


def test_questions_are_as_documented(httpserver: HTTPServer) -> None:
    """POST of JSON with the bearer token, amounts as exact numbers."""
    stand_in = StandIn.over(httpserver)
    bank = checker(httpserver)
    bank.by_own_code(MD5, MONEY)
    bank.by_short_hash("8465D722", Money(625, USD))
    bank.by_short_hash("8465d722", Money(25_000, KHR))
    bank.by_hash(TRANSFER.hash)
    bank.account_exists("kasa_shop@aclb")
    assert [
        ("/v1/check_transaction_by_md5", f'{{"md5": "{MD5}"}}'),
        (
            "/v1/check_transaction_by_short_hash",
            '{"hash": "8465d722", "amount": 6.25, "currency": "USD"}',
        ),
        (
            "/v1/check_transaction_by_short_hash",
            '{"hash": "8465d722", "amount": 25000, "currency": "KHR"}',
        ),
        ("/v1/check_transaction_by_hash", f'{{"hash": "{TRANSFER.hash}"}}'),
        ("/v1/check_bakong_account", '{"accountId": "kasa_shop@aclb"}'),
    ] == stand_in.asked


def test_a_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    """The token goes to no other address than its own."""
    httpserver.expect_request("/v1/check_transaction_by_md5").respond_with_data(
        "", status=307, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    elsewhere = httpserver.expect_request("/elsewhere")
    elsewhere.respond_with_data("{}")
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    assert reply == CannotTell(kind=CannotTellKind.OUTAGE, status=307)
    assert ["/v1/check_transaction_by_md5"] == [one.path for one, _ in httpserver.log]


def test_the_token_is_nowhere_to_be_seen(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a representation nor a log at its loudest holds the token."""
    caplog.set_level(logging.DEBUG)
    stand_in = StandIn.over(httpserver)
    bank = checker(httpserver)
    replies = [bank.by_own_code(MD5, MONEY)]
    stand_in.lack = CannotTellKind.TOKEN
    replies.append(bank.by_own_code(MD5, MONEY))
    bank.close()
    assert TOKEN not in caplog.text
    assert TOKEN not in f"{bank!r} {bank} {replies!r} {vars(bank)!r}"


def test_the_central_bank_is_the_default() -> None:
    """Without another word only the central bank's own host is asked, over HTTPS."""
    assert LIVE == "https://api-bakong.nbc.gov.kh"
    assert all(host.startswith("https://") and ".nbc.gov.kh" in host for host in HOSTS)
    assert "api-bakong.nbc.gov.kh" in repr(BakongChecker(TOKEN))


def test_a_money_beside_a_code_is_compared(httpserver: HTTPServer) -> None:
    """Even one cent off is no answer: never found."""
    stand_in = StandIn.over(httpserver)
    stand_in.codes[MD5] = told(attrs.evolve(TRANSFER, amount=Money(624, USD)))
    reply = checker(httpserver).by_own_code(MD5, MONEY)
    assert reply == CannotTell(kind=CannotTellKind.DISAGREES, status=200)
