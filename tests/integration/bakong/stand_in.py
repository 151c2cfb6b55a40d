"""A local server that answers as the documents of the central bank's service say."""

import json
import re
from typing import Any

import attrs
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from kasa.adapters.bakong.checker import BakongChecker
from kasa.adapters.conformance.payment_providers import TRANSFER
from kasa.adapters.http_client.client import CallLimits
from kasa.adapters.http_client.resilience import Pace
from kasa.domain.payments.bank_reply import CannotTellKind, Found

TOKEN = "stand.in.token"  # of a server that lives for one test
PAGE = "<html><head><title>403 Forbidden</title></head><body>nginx</body></html>"

QUICK = CallLimits(connect_seconds=0.5, read_seconds=0.5, total_seconds=0.5, body_bytes=64 * 1024)
MONEY = TRANSFER.amount

STATUS_OF_LACK = {
    CannotTellKind.TOKEN: (401, "{}"),
    CannotTellKind.COUNTRY: (403, PAGE),
    CannotTellKind.THROTTLED: (429, ""),
    CannotTellKind.OUTAGE: (503, "<html>Service Unavailable</html>"),
    CannotTellKind.REQUEST: (400, '{"responseCode":1,"errorCode":5}'),
}


def told(transfer: Found) -> dict[str, Any]:
    """Return the data of a transfer as the service gives it."""
    amount = float(transfer.amount.text)
    return {
        "hash": transfer.hash,
        "fromAccountId": transfer.payer,
        "toAccountId": transfer.payee,
        "currency": transfer.currency.code,
        "amount": int(amount) if amount == int(amount) else amount,
        "description": "",
        "createdDateMs": int(transfer.created.timestamp() * 1000),
        "acknowledgedDateMs": int(transfer.created.timestamp() * 1000) + 90_000,
        "trackingStatus": None,
        "receiverBank": None,
        "instructionRef": None,
        "externalRef": transfer.external_ref or None,
    }


@attrs.define
class StandIn:
    """What the service knows, and how it is out of order, if it is."""

    server: HTTPServer
    codes: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    failed: set[str] = attrs.field(factory=set)
    accounts: set[str] = attrs.field(factory=set)
    lack: CannotTellKind | None = None
    asked: list[tuple[str, str]] = attrs.field(factory=list)

    @classmethod
    def over(cls, server: HTTPServer) -> "StandIn":
        """Return the service on a server of the test."""
        stand_in = cls(server)
        server.expect_request(re.compile(".*")).respond_with_handler(stand_in.answer)
        return stand_in

    def answer(self, request: Request) -> Response:
        """Answer a question as the documents say."""
        body = request.get_data(as_text=True)
        self.asked.append((request.path, body))
        if request.method != "POST" or not request.path.startswith("/v1/"):
            return Response("not here", status=404)
        if self.lack is not None:
            status, text = STATUS_OF_LACK[self.lack]
            return Response(text, status=status, content_type="text/html")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _refusal(6, "Unauthorized")
        return self._reply(request.path.rpartition("/")[2], json.loads(body))

    def _reply(self, question: str, wanted: dict[str, Any]) -> Response:
        if question == "check_bakong_account":
            known = wanted["accountId"] in self.accounts
            return _success(None) if known else _refusal(11, "Account ID not found")
        if question == "check_transaction_by_md5":
            if wanted["md5"] in self.failed:
                return _refusal(3, "Transaction failed")
            data = self.codes.get(wanted["md5"])
        else:
            data = next(
                (one for one in self.codes.values() if one["hash"].startswith(wanted["hash"])),
                None,
            )
        missing = "Transaction could not be found. Please check and try again."
        return _refusal(1, missing) if data is None else _success(data)


def _success(data: Any) -> Response:
    return _json({"responseCode": 0, "responseMessage": "Success", "errorCode": None, "data": data})


def _refusal(code: int, message: str) -> Response:
    return _json({"responseCode": 1, "responseMessage": message, "errorCode": code, "data": None})


def _json(value: Any) -> Response:
    return Response(json.dumps(value), status=200, content_type="application/json")


def checker(server: HTTPServer, **options: Any) -> BakongChecker:
    """Return a checker of the local server, patient for half a second."""
    settings = {"limits": QUICK, "pace": Pace(1_000), **options}
    return BakongChecker(TOKEN, url=server.url_for("").rstrip("/"), **settings)
