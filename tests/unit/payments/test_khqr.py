"""Rules of KHQR codes (payments.md, sections 16 and 18, property 16)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_khqr import KHQR_MOMENT, khqr_requests
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import EUR, KHR, USD, Currency, Money
from kasa.domain.payments.khqr import (
    REFUSALS,
    KhqrKind,
    KhqrRequest,
    build_khqr,
    khqr_amount,
    request_of,
)
from kasa.domain.payments.khqr_faults import KhqrFault, verify_khqr
from kasa.domain.payments.khqr_reading import KhqrTooLong, crc, milliseconds, read_khqr, units

SHOP = KhqrRequest(
    kind=KhqrKind.INDIVIDUAL,
    account_id="kasa_shop@aclb",
    name="Kasa Shop",
    city="Phnom Penh",
    currency=KHR,
)
DYNAMIC = attrs.evolve(
    SHOP, amount=Money(41_000, KHR), expires_ms=milliseconds(KHQR_MOMENT) + 600_000
)


def signed(text: str) -> str:
    """Return a text with its checksum."""
    return f"{text}6304{crc(text + '6304')}"


def test_checksum_of_the_standard() -> None:
    """The checksum is CRC-16/CCITT-FALSE, by its published check value."""
    assert crc("123456789") == "29B1"


def test_length_counts_code_units() -> None:
    """A Khmer letter counts 1, an emoji 2."""
    assert units("ក🍜") == 3


@given(khqr_requests())
def test_what_is_built_is_valid_and_reads_back(request: KhqrRequest) -> None:
    """A built code has no fault at its own moment, and reading returns the request."""
    code = build_khqr(request, KHQR_MOMENT)
    content = read_khqr(code.payload)
    assert verify_khqr(code.payload, KHQR_MOMENT) == ()
    assert request_of(content) == request
    assert content.md5 == code.md5


@given(khqr_requests(), st.data())
def test_one_changed_character_is_not_valid(request: KhqrRequest, data: st.DataObject) -> None:
    """Any change of one character is a fault, but for letter case inside the checksum.

    The checksum finds every change within 16 bits; wider letters are left to the next test, since
    one in 65,536 of their changes is not found by any checksum of this size.
    """
    payload = build_khqr(request, KHQR_MOMENT).payload
    narrow = [place for place, letter in enumerate(payload) if letter.isascii()]
    place = data.draw(st.sampled_from(narrow))
    letter = data.draw(st.characters(max_codepoint=0x7F))
    changed = payload[:place] + letter + payload[place + 1 :]
    in_checksum = place >= len(payload) - 4
    assume(payload != changed and not (in_checksum and payload.upper() == changed.upper()))
    assert verify_khqr(changed, KHQR_MOMENT) != ()


def test_a_changed_khmer_letter_is_not_valid() -> None:
    """Each neighbour of each Khmer letter in a local name is found by the checksum."""
    request = attrs.evolve(DYNAMIC, language="km", local_name="ហាងកាសា")
    payload = build_khqr(request, KHQR_MOMENT).payload
    changed = [
        payload.replace(letter, chr(ord(letter) + step), 1) for letter in "ហងកស" for step in (1, 2)
    ]
    assert all(verify_khqr(text, KHQR_MOMENT) for text in changed)


def test_lower_case_checksum_is_valid() -> None:
    """The letter case of the checksum does not count."""
    payload = build_khqr(DYNAMIC, KHQR_MOMENT).payload
    assert verify_khqr(payload[:-4] + payload[-4:].lower(), KHQR_MOMENT) == ()


@given(st.integers(min_value=0, max_value=10**9))
def test_expiry_flips_after_its_millisecond(lasts: int) -> None:
    """A code is valid at its expiry and expired one millisecond later."""
    expires = milliseconds(KHQR_MOMENT) + lasts
    payload = build_khqr(attrs.evolve(DYNAMIC, expires_ms=expires), KHQR_MOMENT).payload
    last = KHQR_MOMENT + timedelta(milliseconds=lasts)
    assert verify_khqr(payload, last) == ()
    assert verify_khqr(payload, last + timedelta(milliseconds=1)) == (KhqrFault.EXPIRED,)


@given(st.text(max_size=600) | st.text("0123456789@", max_size=600))
def test_any_text_can_be_read(text: str) -> None:
    """No text makes reading fail but one that is too long, which has its code."""
    if units(text) > 512:
        assert verify_khqr(text, KHQR_MOMENT) == (KhqrFault.TOO_LONG,)
        with pytest.raises(KhqrTooLong):
            read_khqr(text)
    else:
        assert read_khqr(text).length == units(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("NaN", KHR), ("1e9", KHR), ("1_000", KHR), ("１２", KHR), ("1.0", KHR), ("12.505", USD)],
)
def test_amount_text_is_refused(text: str, unit: Currency) -> None:
    """What Money refuses is refused as an invalid KHQR amount."""
    with pytest.raises(Invalid) as refused:
        khqr_amount(text, unit)
    assert refused.value.code == "khqr.amount_invalid"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"currency": EUR}, "khqr.currency_unsupported"),
        ({"amount": Money(1, USD)}, "khqr.amount_invalid"),
        ({"amount": Money(10**13, KHR)}, "khqr.amount_invalid"),
        ({"expires_ms": milliseconds(KHQR_MOMENT) - 1}, "khqr.expiry_in_the_past"),
        ({"account_id": "@aclb"}, "khqr.account_invalid"),
        ({"account_id": "a" * 30 + "@ab"}, "khqr.account_too_long"),
        ({"city": ""}, "khqr.city_missing"),
        ({"city": "A" * 16}, "khqr.city_too_long"),
        ({"category": ""}, "khqr.category_missing"),
        ({"category": "5A"}, "khqr.category_invalid"),
        ({"purpose": ""}, "khqr.purpose_length"),
        ({"terminal": "7" * 26}, "khqr.terminal_length"),
        ({"language": "km"}, "khqr.local_name_missing"),
        ({"local_name": "កាសា"}, "khqr.language_length"),
        ({"language": "khm", "local_name": "កាសា"}, "khqr.language_length"),
        ({"unionpay": "1" * 100}, "khqr.unionpay_too_long"),
        ({"kind": KhqrKind.MERCHANT}, "khqr.merchant_id_missing"),
        ({"kind": KhqrKind.MERCHANT, "merchant_id": "1"}, "khqr.bank_missing"),
        ({"account_info": "1" * 32, "bank": "B" * 32, "account_id": "a" * 27 + "@aclb"},
         "khqr.template_too_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_built(change: dict[str, Any], code: str) -> None:
    """Each request outside the build rules is refused with the code of its fault."""
    with pytest.raises(Invalid) as refused:
        build_khqr(attrs.evolve(DYNAMIC, **change), KHQR_MOMENT)
    assert refused.value.code == code


STATIC = "00020101021129180014kasa_shop@aclb5204599953031165802KH5909Kasa Shop6010Phnom Penh"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (STATIC.replace("5909Kasa Shop", ""), KhqrFault.NAME_MISSING),
        (STATIC.replace("5802KH", ""), KhqrFault.COUNTRY_MISSING),
        (STATIC.replace("5802KH", "5803KHM"), KhqrFault.COUNTRY_LENGTH),
        (STATIC.replace("000201", ""), KhqrFault.FORMAT_MISSING),
        (STATIC.replace("000201", "0003010"), KhqrFault.FORMAT_LENGTH),
        (STATIC.replace("5303116", ""), KhqrFault.CURRENCY_MISSING),
        (STATIC.replace("010211", "0103111"), KhqrFault.INITIATION_LENGTH),
        (STATIC.replace("010211", "010212"), KhqrFault.AMOUNT_MISSING),
        (STATIC.replace("5802KH", "540410005802KH"), KhqrFault.EXPIRY_MISSING),
        (STATIC.replace("5802KH", "54041.005802KH") + "6001A", KhqrFault.TAG_REPEATED),
        (STATIC + "62100101A0101B", KhqrFault.TAG_REPEATED),
        (STATIC.replace("29180014", "29200214").replace("29200214", "29180114"),
         KhqrFault.ACCOUNT_MISSING),
        (STATIC + "30180014kasa_shop@aclb", KhqrFault.TWO_PAYEES),
        (STATIC + "62040100", KhqrFault.BILL_NUMBER_LENGTH),
    ],
)  # fmt: skip
def test_faults_of_a_text(text: str, fault: KhqrFault) -> None:
    """Each broken rule is found in a text whose checksum is right."""
    faults = verify_khqr(signed(text), KHQR_MOMENT)
    assert fault in faults


def test_the_static_text_is_sound() -> None:
    """The text that the broken ones are made of has no fault itself."""
    assert verify_khqr(signed(STATIC), KHQR_MOMENT) == ()


def test_every_fault_has_one_code_and_number() -> None:
    """No two faults share a code or a number of the central bank."""
    numbers = [fault.number for fault in KhqrFault if fault.number is not None]
    assert len(set(numbers)) == len(numbers) == 42
    assert {refusal.code for refusal in REFUSALS.values()} == {f.code for f in KhqrFault}


def test_riel_with_decimal_zeros_is_read() -> None:
    """Other writers print 5000.0 riel; the request holds 5,000 riel."""
    text = signed(STATIC.replace("5802KH", "54065000.05802KH"))
    assert request_of(read_khqr(text)).amount == Money(5000, KHR)
