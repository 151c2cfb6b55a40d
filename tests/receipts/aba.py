"""Screens of ABA: after paying, the shared card, the sheet over the account, the received card."""

from random import Random

from kasa.domain.kernel.money import Money
from tests.receipts.blocks import (
    Place,
    Row,
    avatar,
    backdrop,
    buttons,
    phone_bar,
    row,
    rows,
)
from tests.receipts.facts import Transfer, local
from tests.receipts.fonts import BOLD
from tests.receipts.headline import Figure, headline
from tests.receipts.page import Page
from tests.receipts.prints import KHMER, SHORT, clock, grouped, with_code

_STATUS = {
    ("success", "en"): ("Success",),
    ("success", "km"): ("រួចរាល់",),
    ("pending", "en"): ("Pending", "Processing"),
    ("pending", "km"): ("កំពុងដំណើរការ",),
    ("scheduled", "en"): ("Scheduled",),
    ("scheduled", "km"): ("បានកំណត់ពេល",),
    ("failed", "en"): ("Failed", "Transaction failed"),
    ("failed", "km"): ("មិនជោគជ័យ", "បរាជ័យ"),
}
_BACKGROUNDS = (
    *(("#f7b7a3", "#b98a4b"), ("#012d4a", "#032036"), ("#2a2420", "#0d0b0a")),
    *(("#0a5f73", "#083c4f"), ("#7f9f6b", "#32543a"), ("#8a5a9c", "#3a2350")),
)
_BUTTONS = {
    "en": ("Share", "Pay again", "Download", "Save"),
    "km": ("ចែករំលែក", "ធ្វើម្ដងទៀត", "ទាញយក", "រក្សាទុក"),
}
_ACCOUNTS = ("Savings", "Current", "Mobile Savings", "Premium")


def success(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the full screen that follows a payment."""
    backdrop(page, random, *random.choice(_BACKGROUNDS))
    phone_bar(page, random, "#ffffff")
    page.y += random.uniform(20, 70)
    page.tick((200, page.y + 34), 34, random.choice(("#7ed321", "#4ab8e0", "#e8c48a", "#26c281")))
    page.y += 84
    words = random.choice(_STATUS[transfer.outcome, language])
    page.text((200, page.y), words, 27, fill="#ffffff", anchor="m", role="status")
    page.y += 58
    with page.card(20, 380):
        _title(page, transfer, random, (82, page.y), named=_named(language, random))
        page.y += 12
        page.rule(20, 380, dashed=True)
        page.y += 14
        shown = _success_rows(transfer, random, language)
        rows(page, shown, Place(left=36, right=364, style="column", column=0.4))
    buttons(page, random, _BUTTONS[language])
    page.y = max(page.y, random.uniform(780, 880))


def card(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the picture that the app makes for sharing."""
    _card(page, transfer, random, language)
    _foot(page)


def sheet(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the details as a sheet that covers the page of the payer's account."""
    page.box((0, 0, 400, 1400), "#0b1922")
    phone_bar(page, random, "#ffffff")
    page.text((18, page.y + 6), random.choice(_ACCOUNTS), 18, fill="#9fb0ba")
    page.text((18, page.y + 32), transfer.payer_account, 11, fill="#9fb0ba")
    page.y += 96
    with page.card(0, 400, pad=26, radius=18):
        _card(page, transfer, random, language, framed=False)
        page.y = max(page.y + 20, 800)


def received(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the card that the receiver of a transfer shares."""
    _card(page, transfer, random, language, incoming=True)
    _foot(page)


def _card(
    page: Page,
    transfer: Transfer,
    random: Random,
    language: str,
    *,
    incoming: bool = False,
    framed: bool = True,
) -> None:
    look = page.look
    if framed:
        page.box((0, 0, 400, 1400), look.card)
    page.y += 16
    named = f"Received from {transfer.payer_name}" if incoming else _named(language, random)
    _title(page, transfer, random, (78, page.y), named=named, incoming=incoming)
    page.y += 14
    page.rule(0, 400, dashed=True)
    page.y += 18
    shown = _card_rows(transfer, random, language, incoming=incoming)
    rows(page, shown, Place(left=16, right=384, style="spread", column=0.38))


def _foot(page: Page) -> None:
    page.y += 10
    page.box((0, page.y, 400, page.y + 56), page.look.line)
    place = (200, page.y + 17)
    page.text(place, "ABA BANK", 18, weight=BOLD, anchor="m", role="bank")
    page.y += 56


def _named(language: str, random: Random) -> str:
    """Return the words before the payee's name, often none."""
    words = {"en": "Transfer to ", "km": "ផ្ទេរប្រាក់ទៅ "}[language]
    return random.choice(("", words))


def _title(
    page: Page,
    transfer: Transfer,
    random: Random,
    place: tuple[float, float],
    *,
    named: str,
    incoming: bool = False,
) -> None:
    """Draw the initials, the amount and the name below it."""
    name = transfer.payer_name if incoming else transfer.payee.names[0]
    avatar(page, (place[0] - 32, place[1] + 28), name)
    swapped = random.random() < 0.15
    decimals = swapped or random.random() < 0.5
    number = grouped(transfer.amount, decimals=decimals, swapped=swapped)
    shown = Figure(
        before="" if incoming else "-",
        number=number,
        after=f" {transfer.amount.currency.code}",
        small=random.random() < 0.7,
    )
    headline(page, shown, transfer, place, random=random)
    page.y += 4
    size = page.look.size * 1.02
    if incoming:
        page.y += page.lines((place[0], page.y), named, size, width=384 - place[0])
        return
    top = page.y
    page.y += page.lines((place[0], top), named + name, size, width=384 - place[0])
    box = (page.pixels(place[0]), page.pixels(top), page.pixels(384), page.pixels(page.y))
    page.mark("payee", name, box)


def _debit(transfer: Transfer) -> Money:
    """Return what left the payer's account: what was really paid, before any forgery."""
    return transfer.debit or transfer.before_edit or transfer.amount


def _success_rows(transfer: Transfer, random: Random, language: str) -> tuple[Row, ...]:
    km = language == "km"
    at = local(transfer.paid_at)
    months = KHMER if km and random.random() < 0.6 else SHORT
    padded = random.random() < 0.5
    date = f"{months[at.month - 1]} {at.day:02d}, {at.year} | {clock(at, padded=padded, gap='')}"
    words = random.choice(("Debit Amount", "ទឹកប្រាក់សរុប", "ចំនួនទឹកប្រាក់ដើម")[km : 1 + 2 * km])
    debit = transfer.debit or transfer.before_edit
    account_text = f"{random.choice(_ACCOUNTS)} ({_threes(transfer.payer_account)})"
    return (
        *row("លេខកូដប្រតិបត្តិការ" if km else "Trx. ID", _id(transfer, "aba.trx"), "id:trx_id"),
        *row("ថ្ងៃធ្វើប្រតិបត្តិការ" if km else "Transaction date", date, "date"),
        *row("ទូទាត់ពី" if km else "Paid from", account_text, "payer_account"),
        *row(words, with_code(debit) if debit else None, "debit"),
        *row("ចំណាំ" if km else "Remark", transfer.remark, "remark"),
    )


def _card_rows(
    transfer: Transfer, random: Random, language: str, *, incoming: bool
) -> tuple[Row, ...]:
    at = local(transfer.paid_at)
    first = "លេខកូដប្រតិបត្តិការ" if language == "km" else "Trx. ID"
    payer = f"{transfer.payer_name} ({_threes(transfer.payer_account)})"
    seller = transfer.payee.names[0] if "payway.trx" in transfer.references else None
    decimals = random.random() < 0.85
    found = [
        *row(first, _id(transfer, "aba.trx"), "id:trx_id"),
        *row("From account", _threes(transfer.payer_account) if incoming else payer, "payer"),
        *row("Original amount", with_code(_debit(transfer), decimals=decimals), "debit"),
        *row("Reference #", _id(transfer, "aba.ft"), "id:reference"),
        *row("Sender", transfer.payer_name if incoming else None, "payer_name"),
        *row("Seller", seller),
        *row("Purchase #", _id(transfer, "payway.trx"), "id:purchase"),
        *row("APV", _id(transfer, "apv")),
        *row("Remark", transfer.remark, "remark"),
        *row("To account", _to_account(transfer), "payee_account"),
    ]
    day = f"{SHORT[at.month - 1]} {at.day:02d}, {at.year} {clock(at)}"
    return (*found, *row("Transaction date", day, "date"))


def _to_account(transfer: Transfer) -> str | None:
    return None if transfer.hides_account else _threes(transfer.payee.account)


def _id(transfer: Transfer, scheme: str) -> str | None:
    return transfer.references.get(scheme)


def _threes(number: str) -> str:
    """Return an account number in groups of three."""
    return " ".join(number[index : index + 3] for index in range(0, len(number), 3))
