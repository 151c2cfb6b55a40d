"""What stands where on a sample receipt, look by look.

The labels and forms are those that people see on such screens (payments.md, section 12); brands
but for a printed bank's name, colours and marks are not copied.
"""

from collections.abc import Callable
from datetime import datetime

import attrs

from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.application.ports.phrasing import khmer_digits
from kasa.domain.kernel.money import KHR, Money

Row = tuple[str, str]
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KHMER_MONTHS = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)


@attrs.frozen(kw_only=True)
class Screen:
    """One receipt ready to be drawn: ``paper``, ``ink`` and ``accent`` are colours."""

    status: str
    headline: str
    name: str
    rows: tuple[Row, ...]
    above_name: str = ""
    brand: str = ""
    paper: str = "#ffffff"
    ink: str = "#16202a"
    faint: str = "#5b6670"
    accent: str = "#0b5d7a"
    khmer: bool = False


def screen(receipt: SampleReceipt) -> Screen:
    """Return what a receipt shows in its look; rows without a value are left out."""
    drawn = _LOOKS[receipt.look](receipt)
    return attrs.evolve(drawn, rows=tuple(row for row in drawn.rows if row[1]))


def _grouped(amount: Money, *, decimals: bool) -> str:
    whole, point, rest = amount.text.partition(".")
    text = f"{int(whole):,}{point}{rest}"
    return text + ".00" if decimals and not point else text


def _amount(amount: Money, *, decimals: bool = False) -> str:
    return f"{_grouped(amount, decimals=decimals)} {amount.currency.code}"


def _clock(at: datetime) -> tuple[str, str]:
    half = "AM" if at.hour < 12 else "PM"
    return f"{(at.hour + 11) % 12 + 1:02d}:{at.minute:02d}", half


def _english_day(at: datetime) -> str:
    return f"{_SHORT[at.month - 1]} {at.day:02d}, {at.year}"


def _reference(receipt: SampleReceipt, *schemes: str) -> str:
    known = dict(receipt.references)
    return next((known[scheme] for scheme in schemes if scheme in known), "")


def _payer(receipt: SampleReceipt) -> str:
    account = f" ({receipt.payer_account})" if receipt.payer_account else ""
    return receipt.payer + account


def _aba_success(receipt: SampleReceipt) -> Screen:
    clock, half = _clock(receipt.paid_at)
    return Screen(
        status="Success",
        headline=f"-{_amount(receipt.amount)}",
        name=receipt.recipient,
        rows=(
            ("Trx. ID:", _reference(receipt, "aba.trx")),
            ("Transaction date:", f"{_english_day(receipt.paid_at)} | {clock}{half}"),
            ("Paid from:", receipt.payer_account or receipt.payer),
            ("Debit Amount:", _amount(receipt.debited) if receipt.debited else ""),
            ("Remark:", receipt.remark),
        ),
    )


def _aba_card(receipt: SampleReceipt) -> Screen:
    clock, half = _clock(receipt.paid_at)
    return Screen(
        status="",
        headline=f"-{_amount(receipt.amount, decimals=True)}",
        name=receipt.recipient,
        rows=(
            ("Trx. ID:", _reference(receipt, "aba.trx")),
            ("From account:", _payer(receipt)),
            ("Original amount:", _amount(receipt.debited or receipt.amount, decimals=True)),
            ("Reference #:", _reference(receipt, "aba.ft")),
            ("Purchase #:", _reference(receipt, "payway.trx")),
            ("Remark:", receipt.remark),
            ("To account:", receipt.recipient_account),
            ("Transaction date:", f"{_english_day(receipt.paid_at)} {clock} {half}"),
        ),
        brand="ABA BANK",
    )


def _acleda(receipt: SampleReceipt) -> Screen:
    at = receipt.paid_at
    clock, half = _clock(at)
    day = f"{at.day:02d} {_KHMER_MONTHS[at.month - 1]} {at.year} | {clock}"
    debited = receipt.debited or receipt.amount
    word = "រៀល" if debited.currency == KHR else "ដុល្លារ"
    sign = "៛" if receipt.amount.currency == KHR else "$"
    return Screen(
        status="ជោគជ័យ",
        above_name="ប្រតិបត្តិការ KHQR ទៅ",
        headline=f"{_grouped(receipt.amount, decimals=False)} {sign}",
        name=receipt.recipient,
        rows=(
            ("លេខយោងប្រតិបត្តិការខាងក្រៅ", _reference(receipt, "bakong.hash8")),
            ("កាលបរិច្ឆេទ", f"{khmer_digits(day)} {'ព្រឹក' if half == 'AM' else 'ល្ងាច'}"),
            ("គណនីកាត់ប្រាក់ចេញ", receipt.payer),
            ("លេខគណនី", receipt.payer_account),
            ("ទឹកប្រាក់កាត់ចេញ", f"-{_grouped(debited, decimals=False)} {word}"),
            ("ទៅគណនី", receipt.recipient),
            ("លេខយោង", _reference(receipt, "acleda.ref")),
        ),
        accent="#9c1c24",
        khmer=True,
    )


def _generic(receipt: SampleReceipt) -> Screen:
    at = receipt.paid_at
    clock, half = _clock(at)
    day = f"{at.day} {_SHORT[at.month - 1]} {at.year}"
    return Screen(
        status="Payment successful",
        headline=_amount(receipt.amount),
        name=receipt.recipient,
        rows=(
            ("Amount", _amount(receipt.amount)),
            ("Payment date", f"{day}, {clock} {half}"),
            ("Receipt number", _reference(receipt, "generic.ref", "bakong.hash8")),
            ("Recipient", receipt.recipient),
            ("Recipient account", receipt.recipient_account),
            ("Sender", _payer(receipt)),
            ("Remark", receipt.remark),
        ),
        brand="Lotus Sample Wallet",
        accent="#3155c6",
    )


_LOOKS: dict[SampleLook, Callable[[SampleReceipt], Screen]] = {
    SampleLook.ABA_SUCCESS: _aba_success,
    SampleLook.ABA_CARD: _aba_card,
    SampleLook.ACLEDA: _acleda,
    SampleLook.GENERIC: _generic,
}
