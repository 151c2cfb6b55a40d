"""What can be wrong with a KHQR code, and finding it.

The numbers are those of the central bank's public SDK (bakong-khqr 1.0.20); faults without one are
kasa's own.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kasa.domain.payments.khqr_reading import (
    KhqrContent,
    KhqrTooLong,
    milliseconds,
    read_khqr,
    units,
)

SHORTEST = 12
AMOUNT_LIMIT = 13
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{1,2})?\Z")
_ACCOUNT = re.compile(r"[^@]+@[^@]+\Z")
_TIME = re.compile(r"[0-9]{13}\Z")
_CATEGORY = re.compile(r"[0-9]+\Z")


class KhqrFault(StrEnum):
    """One fault of a KHQR code; its ``code`` is ``khqr.`` and its value."""

    NOT_KHQR = "not_khqr"
    TOO_LONG = "too_long"
    ACCOUNT_MISSING = "account_missing"
    NAME_MISSING = "name_missing"
    ACCOUNT_INVALID = "account_invalid"
    AMOUNT_INVALID = "amount_invalid"
    PAYEE_MISSING = "payee_missing"
    ACCOUNT_TOO_LONG = "account_too_long"
    NAME_TOO_LONG = "name_too_long"
    CURRENCY_MISSING = "currency_missing"
    BILL_NUMBER_LENGTH = "bill_number_length"
    STORE_LENGTH = "store_length"
    TERMINAL_LENGTH = "terminal_length"
    FORMAT_LENGTH = "format_length"
    INITIATION_LENGTH = "initiation_length"
    CATEGORY_TOO_LONG = "category_too_long"
    COUNTRY_LENGTH = "country_length"
    CITY_TOO_LONG = "city_too_long"
    FORMAT_MISSING = "format_missing"
    CATEGORY_MISSING = "category_missing"
    COUNTRY_MISSING = "country_missing"
    CITY_MISSING = "city_missing"
    CURRENCY_UNSUPPORTED = "currency_unsupported"
    MERCHANT_ID_MISSING = "merchant_id_missing"
    BANK_MISSING = "bank_missing"
    MERCHANT_ID_TOO_LONG = "merchant_id_too_long"
    BANK_TOO_LONG = "bank_too_long"
    MOBILE_LENGTH = "mobile_length"
    ACCOUNT_INFO_TOO_LONG = "account_info_too_long"
    LANGUAGE_LENGTH = "language_length"
    LOCAL_NAME_MISSING = "local_name_missing"
    LOCAL_NAME_TOO_LONG = "local_name_too_long"
    LOCAL_CITY_TOO_LONG = "local_city_too_long"
    PURPOSE_LENGTH = "purpose_length"
    UNIONPAY_TOO_LONG = "unionpay_too_long"
    UNIONPAY_CURRENCY = "unionpay_currency"
    EXPIRY_MISSING = "expiry_missing"
    EXPIRED = "expired"
    AMOUNT_MISSING = "amount_missing"
    INITIATION_INVALID = "initiation_invalid"
    EXPIRY_MALFORMED = "expiry_malformed"
    EXPIRY_IN_THE_PAST = "expiry_in_the_past"
    CATEGORY_INVALID = "category_invalid"
    TAG_REPEATED = "tag_repeated"
    TWO_PAYEES = "two_payees"
    TEMPLATE_TOO_LONG = "template_too_long"

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return f"khqr.{self}"

    @property
    def number(self) -> int | None:
        """The number of the central bank's SDK, or None for a fault that is kasa's own."""
        return _NUMBERS.get(self)


_NUMBERS = {
    KhqrFault(name): number
    for number, name in {
        1: "account_missing", 2: "name_missing", 3: "account_invalid", 4: "amount_invalid",
        5: "payee_missing", 6: "account_too_long", 7: "name_too_long", 8: "not_khqr",
        9: "currency_missing", 10: "bill_number_length", 11: "store_length",
        12: "terminal_length", 16: "format_length", 17: "initiation_length",
        18: "category_too_long", 20: "country_length", 21: "city_too_long",
        23: "format_missing", 25: "category_missing", 26: "country_missing",
        27: "city_missing", 28: "currency_unsupported", 30: "merchant_id_missing",
        31: "bank_missing", 32: "merchant_id_too_long", 33: "bank_too_long",
        34: "mobile_length", 35: "account_info_too_long", 38: "language_length",
        39: "local_name_missing", 40: "local_name_too_long", 41: "local_city_too_long",
        42: "purpose_length", 43: "unionpay_too_long", 44: "unionpay_currency",
        45: "expiry_missing", 46: "expired", 47: "amount_missing", 48: "initiation_invalid",
        49: "expiry_malformed", 50: "expiry_in_the_past", 51: "category_invalid",
    }.items()
}  # fmt: skip


class _Length(NamedTuple):
    place: str
    smallest: int
    largest: int
    fault: KhqrFault


_LENGTHS = (
    _Length("00", 2, 2, KhqrFault.FORMAT_LENGTH),
    _Length("01", 2, 2, KhqrFault.INITIATION_LENGTH),
    _Length("15", 0, 99, KhqrFault.UNIONPAY_TOO_LONG),
    _Length("29.00", 0, 32, KhqrFault.ACCOUNT_TOO_LONG),
    _Length("29.01", 0, 32, KhqrFault.ACCOUNT_INFO_TOO_LONG),
    _Length("29.02", 0, 32, KhqrFault.BANK_TOO_LONG),
    _Length("30.00", 0, 32, KhqrFault.ACCOUNT_TOO_LONG),
    _Length("30.01", 0, 32, KhqrFault.MERCHANT_ID_TOO_LONG),
    _Length("30.02", 0, 32, KhqrFault.BANK_TOO_LONG),
    _Length("52", 0, 4, KhqrFault.CATEGORY_TOO_LONG),
    _Length("58", 2, 2, KhqrFault.COUNTRY_LENGTH),
    _Length("59", 0, 25, KhqrFault.NAME_TOO_LONG),
    _Length("60", 0, 15, KhqrFault.CITY_TOO_LONG),
    _Length("62.01", 1, 25, KhqrFault.BILL_NUMBER_LENGTH),
    _Length("62.02", 1, 25, KhqrFault.MOBILE_LENGTH),
    _Length("62.03", 1, 25, KhqrFault.STORE_LENGTH),
    _Length("62.07", 1, 25, KhqrFault.TERMINAL_LENGTH),
    _Length("62.08", 1, 25, KhqrFault.PURPOSE_LENGTH),
    _Length("64.01", 0, 25, KhqrFault.LOCAL_NAME_TOO_LONG),
    _Length("64.02", 0, 15, KhqrFault.LOCAL_CITY_TOO_LONG),
)
_REQUIRED = (
    ("00", KhqrFault.FORMAT_MISSING),
    ("52", KhqrFault.CATEGORY_MISSING),
    ("53", KhqrFault.CURRENCY_MISSING),
    ("58", KhqrFault.COUNTRY_MISSING),
    ("59", KhqrFault.NAME_MISSING),
    ("60", KhqrFault.CITY_MISSING),
)


def verify_khqr(text: str, at: datetime) -> tuple[KhqrFault, ...]:
    """Return every fault of a KHQR text at a moment; none means that it is valid."""
    try:
        content = read_khqr(text)
    except KhqrTooLong:
        return (KhqrFault.TOO_LONG,)
    if not content.whole:
        return (KhqrFault.NOT_KHQR,)
    found = [] if content.crc_ok and content.length >= SHORTEST else [KhqrFault.NOT_KHQR]
    found += content_faults(content, at)
    if content.repeated:
        found.append(KhqrFault.TAG_REPEATED)
    return tuple(dict.fromkeys(found))


def content_faults(content: KhqrContent, at: datetime) -> list[KhqrFault]:
    """Return the faults of a code's fields at a moment, without those of its text."""
    return [
        *_payee(content),
        *_required(content),
        *_lengths(content),
        *_values(content),
        *_language(content),
        *_expiry(content, at),
    ]


def _payee(content: KhqrContent) -> Iterator[KhqrFault]:
    tag = content.payee_tag
    if tag is None:
        yield KhqrFault.PAYEE_MISSING
        return
    account = content.part(tag, "00")
    if not account:
        yield KhqrFault.ACCOUNT_MISSING
    elif not _ACCOUNT.match(account):
        yield KhqrFault.ACCOUNT_INVALID
    if tag == "30":
        if not content.part(tag, "01"):
            yield KhqrFault.MERCHANT_ID_MISSING
        if not content.part(tag, "02"):
            yield KhqrFault.BANK_MISSING
    if "29" in content.tags and "30" in content.tags:
        yield KhqrFault.TWO_PAYEES


def _required(content: KhqrContent) -> Iterator[KhqrFault]:
    return (fault for tag, fault in _REQUIRED if not content.text(tag))


def _lengths(content: KhqrContent) -> Iterator[KhqrFault]:
    for place, smallest, largest, fault in _LENGTHS:
        tag, _, part = place.partition(".")
        value = content.part(tag, part) if part else content.text(tag)
        required = not part and any(tag == name for name, _ in _REQUIRED)
        if value is None or (required and not value):
            continue
        if not smallest <= units(value) <= largest:
            yield fault


def _values(content: KhqrContent) -> Iterator[KhqrFault]:
    initiation, amount = content.text("01"), content.text("54")
    currency, category = content.text("53"), content.text("52")
    if initiation is not None and len(initiation) == 2 and initiation not in {"11", "12"}:
        yield KhqrFault.INITIATION_INVALID
    if category and not _CATEGORY.match(category):
        yield KhqrFault.CATEGORY_INVALID
    if currency and currency not in {"116", "840"}:
        yield KhqrFault.CURRENCY_UNSUPPORTED
    if currency == "840" and "15" in content.tags:
        yield KhqrFault.UNIONPAY_CURRENCY
    if amount is None:
        if content.is_dynamic:
            yield KhqrFault.AMOUNT_MISSING
    elif units(amount) > AMOUNT_LIMIT or not _AMOUNT.match(amount):
        yield KhqrFault.AMOUNT_INVALID


def _language(content: KhqrContent) -> Iterator[KhqrFault]:
    if "64" not in content.tags:
        return
    if units(content.part("64", "00") or "") != 2:
        yield KhqrFault.LANGUAGE_LENGTH
    if not content.part("64", "01"):
        yield KhqrFault.LOCAL_NAME_MISSING


def _expiry(content: KhqrContent, at: datetime) -> Iterator[KhqrFault]:
    created, expires = content.part("99", "00"), content.part("99", "01")
    if not content.is_dynamic:
        if "54" in content.tags and "99" not in content.tags:
            yield KhqrFault.EXPIRY_MISSING
    elif expires is None:
        yield KhqrFault.EXPIRY_MISSING
    elif not all(_TIME.match(time) for time in (created or expires, expires)):
        yield KhqrFault.EXPIRY_MALFORMED
    else:
        if created and int(expires) < int(created):
            yield KhqrFault.EXPIRY_IN_THE_PAST
        if int(expires) < milliseconds(at):
            yield KhqrFault.EXPIRED
