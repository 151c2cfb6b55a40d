"""Each part of a KHQR code is valid up to its limit, and one character more is its fault."""

from collections.abc import Mapping

import pytest

from kasa.adapters.conformance.strategies_khqr import KHQR_MOMENT
from kasa.domain.payments.khqr_faults import KhqrFault, verify_khqr
from kasa.domain.payments.khqr_reading import crc, md5, milliseconds, read_khqr
from kasa.domain.payments.khqr_sentences import SENTENCES

CREATED = milliseconds(KHQR_MOMENT)
Tags = Mapping[str, str | Mapping[str, str]]

PERSON: dict[str, str | Mapping[str, str]] = {
    "00": "01",
    "01": "11",
    "29": {"00": "shop@bank"},
    "52": "5999",
    "53": "116",
    "58": "KH",
    "59": "Shop",
    "60": "City",
}
MERCHANT = {
    **{tag: value for tag, value in PERSON.items() if tag != "29"},
    "30": {"00": "shop@bank", "01": "1", "02": "Bank"},
}
DYNAMIC = {
    **PERSON,
    "01": "12",
    "54": "1",
    "99": {"00": str(CREATED), "01": str(CREATED + 1)},
}


def written(tags: Tags) -> str:
    """Return the text of some tags, without a checksum."""
    return "".join(
        f"{tag}{len(text):02d}{text}"
        for tag, value in tags.items()
        for text in [value if isinstance(value, str) else written(value)]
    )


def faults(tags: Tags) -> tuple[KhqrFault, ...]:
    """Return the faults of a code of some tags, its checksum right."""
    head = written(tags) + "6304"
    return verify_khqr(head + crc(head), KHQR_MOMENT)


def changed(tags: Tags, place: str, text: str | None) -> Tags:
    """Return tags with the text of one place changed, or taken away."""
    tag, _, part = place.partition(".")
    if not part:
        return {key: value for key, value in {**tags, tag: text}.items() if value is not None}
    inside = tags.get(tag, {})
    assert not isinstance(inside, str)
    parts = {**inside, part: text}
    return {**tags, tag: {key: value for key, value in parts.items() if value is not None}}


@pytest.mark.parametrize("tags", [PERSON, MERCHANT, DYNAMIC])
def test_the_plain_codes_are_valid(tags: Tags) -> None:
    """The codes that the others are made of have no fault."""
    assert faults(tags) == ()


BILL = ("62.01", "62.02", "62.03", "62.07", "62.08")
LARGEST = [
    (PERSON, "15", 99, None),
    (PERSON, "29.01", 32, KhqrFault.ACCOUNT_INFO_TOO_LONG),
    (PERSON, "29.02", 32, KhqrFault.BANK_TOO_LONG),
    (MERCHANT, "30.01", 32, KhqrFault.MERCHANT_ID_TOO_LONG),
    (MERCHANT, "30.02", 32, KhqrFault.BANK_TOO_LONG),
    (PERSON, "52", 4, KhqrFault.CATEGORY_TOO_LONG),
    (PERSON, "59", 25, KhqrFault.NAME_TOO_LONG),
    (PERSON, "60", 15, KhqrFault.CITY_TOO_LONG),
    (PERSON, "62.01", 25, KhqrFault.BILL_NUMBER_LENGTH),
    (PERSON, "62.02", 25, KhqrFault.MOBILE_LENGTH),
    (PERSON, "62.03", 25, KhqrFault.STORE_LENGTH),
    (PERSON, "62.07", 25, KhqrFault.TERMINAL_LENGTH),
    (PERSON, "62.08", 25, KhqrFault.PURPOSE_LENGTH),
]


@pytest.mark.parametrize(("tags", "place", "largest", "fault"), LARGEST)
def test_lengths(tags: Tags, place: str, largest: int, fault: KhqrFault | None) -> None:
    """The largest length is valid, one more is exactly its fault, and so is nothing in a bill."""
    assert faults(changed(tags, place, "1" * largest)) == ()
    if fault is not None:
        assert faults(changed(tags, place, "1" * (largest + 1))) == (fault,)
    if place in BILL:
        assert faults(changed(tags, place, "1")) == ()
        assert faults(changed(tags, place, "")) == (fault,)


@pytest.mark.parametrize("tags", [PERSON, MERCHANT])
def test_account_lengths(tags: Tags) -> None:
    """A Bakong account has at most 32 characters, with one @ between two words."""
    place = "29.00" if "29" in tags else "30.00"
    assert faults(changed(tags, place, "a" * 27 + "@bank")) == ()
    too_long = faults(changed(tags, place, "a" * 28 + "@bank"))
    assert too_long == (KhqrFault.ACCOUNT_TOO_LONG,)
    for wrong in ("shop", "@bank", "shop@", "a@b@c"):
        assert faults(changed(tags, place, wrong)) == (KhqrFault.ACCOUNT_INVALID,)
    for missing in ("", None):
        if missing is None and "29" in tags:
            continue
        assert faults(changed(tags, place, missing)) == (KhqrFault.ACCOUNT_MISSING,)


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("00", KhqrFault.FORMAT_MISSING),
        ("52", KhqrFault.CATEGORY_MISSING),
        ("53", KhqrFault.CURRENCY_MISSING),
        ("58", KhqrFault.COUNTRY_MISSING),
        ("59", KhqrFault.NAME_MISSING),
        ("60", KhqrFault.CITY_MISSING),
        ("29", KhqrFault.PAYEE_MISSING),
    ],
)
def test_what_is_required(place: str, fault: KhqrFault) -> None:
    """Each required tag that is missing, or empty, is exactly its fault."""
    assert faults(changed(PERSON, place, None)) == (fault,)
    if place != "29":
        assert faults(changed(PERSON, place, "")) == (fault,)


@pytest.mark.parametrize(
    ("place", "text", "fault"),
    [
        ("00", "1", KhqrFault.FORMAT_LENGTH),
        ("00", "001", KhqrFault.FORMAT_LENGTH),
        ("01", "1", KhqrFault.INITIATION_LENGTH),
        ("01", "111", KhqrFault.INITIATION_LENGTH),
        ("01", "13", KhqrFault.INITIATION_INVALID),
        ("58", "K", KhqrFault.COUNTRY_LENGTH),
        ("53", "764", KhqrFault.CURRENCY_UNSUPPORTED),
        ("52", "5a", KhqrFault.CATEGORY_INVALID),
    ],
)
def test_values(place: str, text: str, fault: KhqrFault) -> None:
    """Each value outside its form is exactly its fault."""
    assert faults(changed(PERSON, place, text)) == (fault,)


@pytest.mark.parametrize(("tag", "fault"), [("01", "merchant_id"), ("02", "bank")])
def test_merchants_need_number_and_bank(tag: str, fault: str) -> None:
    """A merchant without a number or a bank has exactly that fault."""
    for text in (None, ""):
        assert faults(changed(MERCHANT, f"30.{tag}", text)) == (KhqrFault(f"{fault}_missing"),)


def test_dollars_take_no_unionpay() -> None:
    """UnionPay goes with riel; in dollars it is a fault."""
    riel = {**PERSON, "15": "1"}
    assert faults(riel) == ()
    assert faults({**riel, "53": "840"}) == (KhqrFault.UNIONPAY_CURRENCY,)


def test_second_language() -> None:
    """A second language has two letters and a name of at most 25, its city at most 15."""
    local = {"00": "km", "01": "ក" * 25, "02": "ខ" * 15}
    assert faults({**PERSON, "64": local}) == ()
    wrong = {
        "00": ("k", KhqrFault.LANGUAGE_LENGTH),
        "01": ("ក" * 26, KhqrFault.LOCAL_NAME_TOO_LONG),
        "02": ("ខ" * 16, KhqrFault.LOCAL_CITY_TOO_LONG),
    }
    for part, (text, fault) in wrong.items():
        assert faults({**PERSON, "64": {**local, part: text}}) == (fault,)
    assert faults({**PERSON, "64": {"00": "km", "01": ""}}) == (KhqrFault.LOCAL_NAME_MISSING,)
    assert faults({**PERSON, "64": {"01": "ក"}}) == (KhqrFault.LANGUAGE_LENGTH,)


@pytest.mark.parametrize("text", ["1", "25.5", "25.50", "0.1", "9999999999999", "9999999999.99"])
def test_amounts(text: str) -> None:
    """Digits with at most two decimals, 13 characters in all, are an amount."""
    assert faults({**DYNAMIC, "54": text}) == ()


@pytest.mark.parametrize(
    "text", ["-1", "1.", ".5", "1.005", "1,000", "10000000000000", "99999999999.99", "x", "1 "]
)
def test_amounts_that_are_none(text: str) -> None:
    """Everything else is exactly one fault."""
    assert faults({**DYNAMIC, "54": text}) == (KhqrFault.AMOUNT_INVALID,)


def test_times() -> None:
    """Expiry is needed, has 13 digits, and lies neither before the creation nor the present."""
    created, expires = str(CREATED), str(CREATED + 1)
    cases: list[tuple[dict[str, str], tuple[KhqrFault, ...]]] = [
        ({"00": created, "01": created}, ()),
        ({"01": expires}, ()),
        ({"00": created}, (KhqrFault.EXPIRY_MISSING,)),
        ({"00": created[:-1], "01": expires}, (KhqrFault.EXPIRY_MALFORMED,)),
        ({"00": created, "01": expires + "0"}, (KhqrFault.EXPIRY_MALFORMED,)),
        ({"00": expires, "01": created}, (KhqrFault.EXPIRY_IN_THE_PAST,)),
        ({"00": str(CREATED - 2), "01": str(CREATED - 1)}, (KhqrFault.EXPIRED,)),
    ]
    for times, found in cases:
        assert faults({**DYNAMIC, "99": times}) == found


def test_amounts_and_times_go_together() -> None:
    """A dynamic code without amount, and any amount without tag 99, are faults; times alone not."""
    no_amount = changed(DYNAMIC, "54", None)
    assert faults(no_amount) == (KhqrFault.AMOUNT_MISSING,)
    assert faults(changed(DYNAMIC, "99", None)) == (KhqrFault.EXPIRY_MISSING,)
    assert faults({**PERSON, "54": "1"}) == (KhqrFault.EXPIRY_MISSING,)
    assert faults({**PERSON, "54": "1", "99": {"00": "1"}}) == ()
    assert faults({**PERSON, "99": {"01": str(CREATED - 1)}}) == ()


def test_tags_occur_once() -> None:
    """A tag, or a part of one, that occurs twice is a fault; the first one counts."""
    twice = written(PERSON) + written({"59": "Other"}) + "6304"
    text = twice + crc(twice)
    assert verify_khqr(text, KHQR_MOMENT) == (KhqrFault.TAG_REPEATED,)
    content = read_khqr(text)
    assert (content.text("59"), content.repeated) == ("Shop", ("59",))
    inside = written(PERSON) + "62100101A0101B" + "6304"
    content = read_khqr(inside + crc(inside))
    assert (content.part("62", "01"), content.repeated) == ("A", ("62.01",))


def test_two_payees() -> None:
    """A code that names a person and a merchant is a fault by itself."""
    both = {**PERSON, "30": {"00": "shop@bank", "01": "1", "02": "Bank"}}
    assert faults(both) == (KhqrFault.TWO_PAYEES,)


def test_reading_what_is_no_template() -> None:
    """A template that is not well formed stays text; an unfinished text is not whole."""
    content = read_khqr("2905abcde")
    assert (content.tags, content.whole, content.order) == ({"29": "abcde"}, True, ("29",))
    assert content.part("29", "00") is None
    assert content.text("29") == "abcde"
    for unfinished in ("0", "00", "000", "0002", "00020", "x00201", "0a0201"):
        assert not read_khqr(unfinished).whole
    assert read_khqr("000201").md5 == md5("000201")
    assert read_khqr("5104000052040000").tags == {"51": {"00": ""}, "52": "0000"}
    assert read_khqr("6304abcd").order == ("63",)


def test_every_fault_has_its_own_sentence() -> None:
    """Each fault says what is wrong, no two the same."""
    assert set(SENTENCES) == set(KhqrFault)
    assert len(set(SENTENCES.values())) == len(KhqrFault)
