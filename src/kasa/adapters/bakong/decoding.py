"""What an answer of the central bank's service says; whatever is malformed is no answer."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from kasa.adapters.http_client.client import HttpAnswer
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    NotFound,
)

CURRENCIES: Mapping[str, Currency] = {"KHR": KHR, "USD": USD}
COUNTRY_SECONDS = 60 * 60
DIGITS_LIMIT = 12
TEXT_LIMIT = 64
EARLIEST_MS, LATEST_MS = 1_400_000_000_000, 4_100_000_000_000
_HASH = re.compile("[0-9a-f]{64}")

KINDS_OF_STATUS: Mapping[int, CannotTellKind] = {
    400: CannotTellKind.REQUEST,
    401: CannotTellKind.TOKEN,
    403: CannotTellKind.COUNTRY,
    404: CannotTellKind.REQUEST,
    405: CannotTellKind.REQUEST,
    415: CannotTellKind.REQUEST,
    422: CannotTellKind.REQUEST,
    429: CannotTellKind.THROTTLED,
}
KINDS_OF_ERROR: Mapping[int, CannotTellKind] = {
    2: CannotTellKind.STATIC_CODE,
    5: CannotTellKind.REQUEST,
    6: CannotTellKind.TOKEN,
    401: CannotTellKind.TOKEN,
}
NOT_FOUND, FAILED = 1, 3
UNKNOWN_ACCOUNT = frozenset({1, 11, 12})


class Malformed(ValueError):
    """An answer that is not as the documents say; the message names the field, not its value."""


def decode(answer: HttpAnswer) -> BankReply:
    """Return what an answer about a transfer says, by its status and its codes."""
    lack = lack_of(answer)
    if lack is not None:
        return lack
    try:
        told = _object(answer.body)
        error = _error_code(told)
        if error is None:
            return _found(told.get("data"), answer.status)
    except Malformed:
        return outage(answer)
    if error == NOT_FOUND:
        return NotFound(status=answer.status)
    if error == FAILED:
        return Failed(status=answer.status)
    return _refused(error, answer)


def decode_account(answer: HttpAnswer) -> bool | CannotTell:
    """Return whether an answer about an account says that it exists."""
    lack = lack_of(answer)
    if lack is not None:
        return lack
    try:
        error = _error_code(_object(answer.body))
    except Malformed:
        return outage(answer)
    if error is None:
        return True
    return False if error in UNKNOWN_ACCOUNT else _refused(error, answer)


def lack_of(answer: HttpAnswer) -> CannotTell | None:
    """Return why a status alone is no answer, or None when the body has to be read."""
    if answer.status == 200:
        return None
    kind = KINDS_OF_STATUS.get(answer.status, CannotTellKind.OUTAGE)
    country = kind is CannotTellKind.COUNTRY
    wait = COUNTRY_SECONDS if country else answer.retry_after
    return CannotTell(kind=kind, retry_after=wait, status=answer.status)


def outage(answer: HttpAnswer) -> CannotTell:
    """Return that an answer says nothing that can be used."""
    return CannotTell(kind=CannotTellKind.OUTAGE, status=answer.status)


def _refused(error: int, answer: HttpAnswer) -> CannotTell:
    kind = KINDS_OF_ERROR.get(error, CannotTellKind.OUTAGE)
    return CannotTell(kind=kind, status=answer.status)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(told, dict):
        raise Malformed("not an object")
    return told


def _no_number(_word: str) -> NoReturn:
    raise Malformed("not a number")


def _error_code(told: Mapping[str, Any]) -> int | None:
    """Return the code of an error, or None when the question was answered."""
    code = told.get("responseCode")
    if not _is_whole(code):
        raise Malformed("responseCode")
    if code == 0:
        return None
    error: Any = told.get("errorCode")
    if not _is_whole(error):
        raise Malformed("errorCode")
    return int(error)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _found(data: Any, status: int) -> Found:
    if not isinstance(data, dict):
        raise Malformed("data")
    digest = data.get("hash")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest.lower()):
        raise Malformed("hash")
    return Found(
        hash=digest.lower(),
        amount=_money(data.get("amount"), data.get("currency")),
        created=_moment(data.get("createdDateMs")),
        payer=_text(data, "fromAccountId"),
        payee=_text(data, "toAccountId"),
        external_ref=_text(data, "externalRef"),
        status=status,
    )


def _money(amount: Any, code: Any) -> Money:
    """Return an amount exactly; a text, a fraction of a minor unit or nothing is malformed."""
    unit = CURRENCIES.get(code) if isinstance(code, str) else None
    if unit is None:
        raise Malformed("currency")
    number = Decimal(amount) if _is_whole(amount) else amount
    if not isinstance(number, Decimal) or number <= 0 or number.adjusted() > DIGITS_LIMIT:
        raise Malformed("amount")
    minor = number.scaleb(unit.exponent)
    if minor != minor.to_integral_value():
        raise Malformed("amount")
    try:
        return Money(int(minor), unit)
    except Invalid as error:
        raise Malformed("amount") from error


def _moment(value: Any) -> datetime:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value) if value.adjusted() <= DIGITS_LIMIT else None
    if not _is_whole(value) or not EARLIEST_MS <= value <= LATEST_MS:
        raise Malformed("createdDateMs")
    seconds, milliseconds = divmod(value, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)


def _text(data: Mapping[str, Any], name: str) -> str:
    """Return a text that only informs; anything else there is none."""
    value = data.get(name)
    return value[:TEXT_LIMIT] if isinstance(value, str) else ""
