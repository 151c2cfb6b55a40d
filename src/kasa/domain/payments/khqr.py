"""KHQR codes: what a code asks for, and building its text.

Reading is ``khqr_reading``, checking ``khqr_faults``. Source of the layout: payments.md, section
16; the text of tag 99 stands before tag 63.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import CURRENCIES, KHR, USD, Currency, Money
from kasa.domain.payments.khqr_faults import AMOUNT_LIMIT, KhqrFault, content_faults
from kasa.domain.payments.khqr_reading import (
    CRC_TAG,
    TEXT_LIMIT_UNITS,
    KhqrContent,
    KhqrValue,
    crc,
    md5,
    milliseconds,
    units,
)
from kasa.domain.payments.khqr_sentences import SENTENCES

CATEGORY_DEFAULT = "5999"
VALUE_LIMIT = 99
_EXPIRY = re.compile(r"[0-9]{13}\Z")


class KhqrKind(StrEnum):
    """Whose code it is: a person's account, or a merchant's at an acquiring bank."""

    INDIVIDUAL = "individual"
    MERCHANT = "merchant"


class KhqrRefused(Invalid):
    """This KHQR code cannot be made; the code names the fault."""

    code = "khqr.not_khqr"


def _refusal(fault: KhqrFault) -> type[KhqrRefused]:
    class Refusal(KhqrRefused):
        code = fault.code

    Refusal.__doc__ = SENTENCES[fault]
    return Refusal


REFUSALS: Mapping[KhqrFault, type[KhqrRefused]] = {fault: _refusal(fault) for fault in KhqrFault}


@attrs.frozen(kw_only=True)
class KhqrRequest:
    """What a KHQR code should ask for.

    ``expires_ms`` counts milliseconds since 1970 and is needed when there is an amount; an amount
    of 0 is none. ``account_id`` is the Bakong id (``shop@bank``). A merchant needs ``merchant_id``
    and ``bank``. ``unionpay`` (riel only) is the text of tag 15.
    """

    kind: KhqrKind
    account_id: str
    name: str
    city: str
    currency: Currency
    amount: Money | None = None
    expires_ms: int | None = None
    account_info: str | None = None
    merchant_id: str | None = None
    bank: str | None = None
    category: str = CATEGORY_DEFAULT
    bill_number: str | None = None
    mobile: str | None = None
    store: str | None = None
    terminal: str | None = None
    purpose: str | None = None
    language: str | None = None
    local_name: str | None = None
    local_city: str | None = None
    unionpay: str | None = None


@attrs.frozen
class KhqrCode:
    """The text of a KHQR code, and the MD5 by which the central bank is asked for its payment."""

    payload: str
    md5: str


def khqr_amount(text: str, unit: Currency) -> Money:
    """Read the amount of a KHQR request, or raise ``khqr.amount_invalid``."""
    try:
        return Money.parse(text, unit)
    except Invalid as error:
        raise REFUSALS[KhqrFault.AMOUNT_INVALID] from error


def build_khqr(request: KhqrRequest, at: datetime) -> KhqrCode:
    """Return the code of a request, created at a moment, or raise ``khqr.<fault>``."""
    tags = _tags(request, at)
    _refuse(_amount_faults(request))
    _refuse(content_faults(_content(tags), at))
    if any(units(_text(value)) > VALUE_LIMIT for value in tags.values()):
        raise REFUSALS[KhqrFault.TEMPLATE_TOO_LONG]
    head = f"{_text(tags)}{CRC_TAG}04"
    payload = head + crc(head)
    if units(payload) > TEXT_LIMIT_UNITS:
        raise REFUSALS[KhqrFault.TOO_LONG]
    return KhqrCode(payload, md5(payload))


def request_of(content: KhqrContent) -> KhqrRequest:
    """Return the request that a read code answers, or raise ``khqr.<fault>``.

    Of a code that was built by ``build_khqr`` it is the request it was built from; an amount of 0,
    and an expiry without an amount, are not in the text.
    """
    kind = KhqrKind.MERCHANT if content.payee_tag == "30" else KhqrKind.INDIVIDUAL
    payee = content.payee_tag or "29"
    unit = next((row for row in CURRENCIES.values() if row.numeric == content.text("53")), None)
    if unit not in {KHR, USD}:
        raise REFUSALS[KhqrFault.CURRENCY_UNSUPPORTED]
    amount, expires = content.text("54"), content.part("99", "01") or ""
    dynamic = content.is_dynamic and _EXPIRY.match(expires)
    return KhqrRequest(
        kind=kind,
        account_id=content.part(payee, "00") or "",
        account_info=content.part("29", "01") if payee == "29" else None,
        merchant_id=content.part("30", "01"),
        bank=content.part(payee, "02"),
        name=content.text("59") or "",
        city=content.text("60") or "",
        currency=unit,
        amount=None if amount is None else _read_amount(amount, unit),
        expires_ms=int(expires) if dynamic else None,
        category=content.text("52") or CATEGORY_DEFAULT,
        bill_number=content.part("62", "01"),
        mobile=content.part("62", "02"),
        store=content.part("62", "03"),
        terminal=content.part("62", "07"),
        purpose=content.part("62", "08"),
        language=content.part("64", "00"),
        local_name=content.part("64", "01"),
        local_city=content.part("64", "02"),
        unionpay=content.text("15"),
    )


def _read_amount(text: str, unit: Currency) -> Money:
    """Read tag 54; other writers print a riel amount with decimal zeros."""
    whole, _, decimals = text.partition(".")
    if unit == KHR and not decimals.strip("0"):
        return khqr_amount(whole, unit)
    return khqr_amount(text, unit)


def _refuse(faults: Iterable[KhqrFault]) -> None:
    for fault in faults:
        raise REFUSALS[fault]


def _amount_faults(request: KhqrRequest) -> list[KhqrFault]:
    if request.currency not in {KHR, USD}:
        return [KhqrFault.CURRENCY_UNSUPPORTED]
    amount = request.amount
    if amount is None:
        return []
    too_long = len(_amount_text(amount)) > AMOUNT_LIMIT
    if amount.currency != request.currency or amount.minor < 0 or too_long:
        return [KhqrFault.AMOUNT_INVALID]
    return []


def _amount_text(amount: Money) -> str:
    whole, _, decimals = amount.text.partition(".")
    return whole if not decimals.strip("0") else amount.text


def _tags(request: KhqrRequest, at: datetime) -> dict[str, KhqrValue]:
    """Return the tags of a request in the order in which they are written, without tag 63."""
    dynamic = bool(request.amount)
    texts: dict[str, KhqrValue | None] = {
        "00": "01",
        "01": "12" if dynamic else "11",
        "15": request.unionpay,
        **_payee_tag(request),
        "52": request.category,
        "53": request.currency.numeric,
        "54": _amount_text(request.amount) if request.amount else None,
        "58": "KH",
        "59": request.name,
        "60": request.city,
        "62": _parts(
            {
                "01": request.bill_number,
                "02": request.mobile,
                "03": request.store,
                "07": request.terminal,
                "08": request.purpose,
            }
        ),
        "64": _parts({"00": request.language, "01": request.local_name, "02": request.local_city}),
        "99": _times(request, at) if dynamic else None,
    }
    return {tag: value for tag, value in texts.items() if value is not None}


def _payee_tag(request: KhqrRequest) -> dict[str, KhqrValue | None]:
    if request.kind is KhqrKind.MERCHANT:
        parts = {"00": request.account_id, "01": request.merchant_id, "02": request.bank}
        return {"30": _parts(parts)}
    parts = {"00": request.account_id, "01": request.account_info, "02": request.bank}
    return {"29": _parts(parts)}


def _times(request: KhqrRequest, at: datetime) -> Mapping[str, str] | None:
    expires = None if request.expires_ms is None else str(request.expires_ms)
    return _parts({"00": str(milliseconds(at)), "01": expires})


def _parts(parts: Mapping[str, str | None]) -> Mapping[str, str] | None:
    return {part: text for part, text in parts.items() if text is not None} or None


def _content(tags: Mapping[str, KhqrValue]) -> KhqrContent:
    return KhqrContent(
        tags=tags, order=tuple(tags), whole=True, crc_ok=True, md5="", length=TEXT_LIMIT_UNITS
    )


def _text(value: KhqrValue | Mapping[str, KhqrValue]) -> str:
    if isinstance(value, str):
        return value
    pairs = ((tag, _text(part)) for tag, part in value.items())
    return "".join(f"{tag}{units(text):02d}{text}" for tag, text in pairs)
