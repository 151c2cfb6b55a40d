"""Every answer of the error table, and every malformed one, over HTTP."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from kasa.adapters.conformance.payment_providers import MD5, TRANSFER
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    NotFound,
)
from tests.integration.bakong.stand_in import MONEY, PAGE, checker, told

pytestmark = pytest.mark.integration


def answered(server: HTTPServer, body: Any, status: int = 200, **headers: str) -> BankReply:
    """Return what is made of one answer."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    server.expect_request("/v1/check_transaction_by_md5").respond_with_data(
        text, status=status, headers=headers
    )
    return checker(server).by_own_code(MD5, MONEY)


def error(code: Any) -> dict[str, Any]:
    """Return an answer with a code of an error."""
    return {"responseCode": 1, "responseMessage": "", "errorCode": code, "data": None}


def success(**changes: Any) -> dict[str, Any]:
    """Return the answer to a paid code, with some of its data changed."""
    return {
        "responseCode": 0,
        "responseMessage": "Success",
        "errorCode": None,
        "data": {**told(TRANSFER), **changes},
    }


BEYOND = "1e99999999999999999999"
"""An exponent that no decimal number can have."""

LACKS = {
    "static code": (error(2), 200, CannotTellKind.STATIC_CODE),
    "missing field": (error(5), 200, CannotTellKind.REQUEST),
    "bad request": ("", 400, CannotTellKind.REQUEST),
    "wrong path": ("no such page", 404, CannotTellKind.REQUEST),
    "token of the body": (error(6), 200, CannotTellKind.TOKEN),
    "token of the status": ("", 401, CannotTellKind.TOKEN),
    "country": (PAGE, 403, CannotTellKind.COUNTRY),
    "country as JSON": (error(1), 403, CannotTellKind.COUNTRY),
    "throttled": ("", 429, CannotTellKind.THROTTLED),
    "server error": (error(1), 500, CannotTellKind.OUTAGE),
    "bad gateway": (PAGE, 502, CannotTellKind.OUTAGE),
    "gateway time-out": (PAGE, 504, CannotTellKind.OUTAGE),
    "redirect": ("", 302, CannotTellKind.OUTAGE),
    "no content": ("", 204, CannotTellKind.OUTAGE),
    "mail server down": (error(7), 200, CannotTellKind.OUTAGE),
    "unknown error": (error(99), 200, CannotTellKind.OUTAGE),
    "not JSON": (PAGE, 200, CannotTellKind.OUTAGE),
    "empty": ("", 200, CannotTellKind.OUTAGE),
    "cut": ('{"responseCode": 0, "data": {"hash"', 200, CannotTellKind.OUTAGE),
    "a list": ([], 200, CannotTellKind.OUTAGE),
    "nothing": ("null", 200, CannotTellKind.OUTAGE),
    "no code": ({}, 200, CannotTellKind.OUTAGE),
    "code as text": ({"responseCode": "0"}, 200, CannotTellKind.OUTAGE),
    "code as truth": ({"responseCode": False}, 200, CannotTellKind.OUTAGE),
    "error as text": (error("1"), 200, CannotTellKind.OUTAGE),
    "error as truth": (error(True), 200, CannotTellKind.OUTAGE),
    "error missing": (error(None), 200, CannotTellKind.OUTAGE),
    "found nothing": ({"responseCode": 0, "data": None}, 200, CannotTellKind.OUTAGE),
    "nested": ("[" * 50_000, 200, CannotTellKind.OUTAGE),
    "not text": (b"\xff\xfe\x00", 200, CannotTellKind.OUTAGE),
}


@pytest.mark.parametrize("name", LACKS)
def test_an_answer_that_tells_nothing(httpserver: HTTPServer, name: str) -> None:
    """Each row of the error table, and every malformed body, is a lack of its kind."""
    body, status, kind = LACKS[name]
    reply = answered(httpserver, body, status)
    assert isinstance(reply, CannotTell)
    assert (kind, status) == (reply.kind, reply.status)


MALFORMED: dict[str, dict[str, Any]] = {
    "amount as text": {"amount": "6.25"},
    "amount as truth": {"amount": True},
    "amount missing": {"amount": None},
    "amount zero": {"amount": 0},
    "amount below zero": {"amount": -6.25},
    "amount too fine": {"amount": 6.255},
    "amount in a list": {"amount": [6.25]},
    "currency missing": {"currency": None},
    "currency unknown": {"currency": "EUR"},
    "currency small": {"currency": "usd"},
    "hash missing": {"hash": None},
    "hash short": {"hash": "8465d722"},
    "hash of other letters": {"hash": "g" * 64},
    "moment missing": {"createdDateMs": None},
    "moment as text": {"createdDateMs": "1726284114000"},
    "moment in seconds": {"createdDateMs": 1_726_284_114},
    "moment far away": {"createdDateMs": 10**18},
    "moment in parts": {"createdDateMs": 1726284114000.5},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_transfer_is_no_answer(httpserver: HTTPServer, name: str) -> None:
    """A field of another type, or out of its bounds, is never guessed."""
    reply = answered(httpserver, success(**MALFORMED[name]))
    assert isinstance(reply, CannotTell)
    assert CannotTellKind.OUTAGE is reply.kind


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999999999", "1e15", BEYOND])
def test_numbers_that_are_none(httpserver: HTTPServer, word: str) -> None:
    """What is no amount of money is malformed, in bounded time."""
    text = json.dumps(success()).replace("6.25", word)
    reply = answered(httpserver, text)
    assert isinstance(reply, CannotTell)
    assert CannotTellKind.OUTAGE is reply.kind


@pytest.mark.parametrize(
    ("word", "unit", "minor"),
    [
        ("6.25", USD, 625),
        ("6.250000", USD, 625),
        ("0.1", USD, 10),
        ("70000000.07", USD, 7_000_000_007),
        ("25000", KHR, 25_000),
        ("25000.0", KHR, 25_000),
        ("2.5e4", KHR, 25_000),
        ("1e9", KHR, 1_000_000_000),
    ],
)
def test_amounts_are_read_from_the_text(
    httpserver: HTTPServer, word: str, unit: Any, minor: int
) -> None:
    """Decimals come from the digits as sent, never through a binary fraction."""
    text = json.dumps(success(currency=unit.code)).replace("6.25", word, 1)
    server = httpserver
    server.expect_request("/v1/check_transaction_by_md5").respond_with_data(text)
    found = checker(server).by_own_code(MD5, Money(minor, unit))
    assert isinstance(found, Found)
    assert Money(minor, unit) == found.amount


def test_further_fields_do_no_harm(httpserver: HTTPServer) -> None:
    """Texts that only inform may be missing, of another type or very long."""
    odd = {"fromAccountId": 7, "toAccountId": "x" * 10_000, "externalRef": None, "new": {"a": 1}}
    found = answered(httpserver, success(**odd))
    assert isinstance(found, Found)
    assert ("", 64, "") == (found.payer, len(found.payee), found.external_ref)


def test_created_counts_not_acknowledged(httpserver: HTTPServer) -> None:
    """The moment of a transfer is when it was made."""
    found = answered(httpserver, success())
    assert isinstance(found, Found)
    assert TRANSFER.created == found.created


def test_found_with_an_error_code_of_nothing(httpserver: HTTPServer) -> None:
    """The error code of a found transfer is ignored; a refusal's data too."""
    assert isinstance(answered(httpserver, {**error(1), "data": told(TRANSFER)}), NotFound)
    httpserver.clear()
    assert isinstance(answered(httpserver, {**error(3), "data": told(TRANSFER)}), Failed)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 0), ("", 0), ("soon", 0), ("-5", 0), ("99999999", 86_400)],
)
def test_a_throttle_says_how_long(httpserver: HTTPServer, header: str, seconds: int) -> None:
    """Retry-After is obeyed when it is a number, at most for a day."""
    reply = answered(httpserver, "", 429, **{"Retry-After": header})
    assert reply == CannotTell(kind=CannotTellKind.THROTTLED, retry_after=seconds, status=429)
