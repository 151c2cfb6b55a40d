"""Receipts of other known banks: ACLEDA, a Wing-like wallet, Vattanac, KB PRASAC, PPCBank."""

from random import Random

from kasa.domain.kernel.money import KHR, Money
from tests.receipts.blocks import Place, Row, avatar, buttons, phone_bar, row, rows
from tests.receipts.facts import Transfer, local
from tests.receipts.fonts import BOLD
from tests.receipts.headline import figure, headline
from tests.receipts.page import Page
from tests.receipts.prints import (
    KHMER,
    clock,
    grouped,
    khmer_clock,
    khmer_digits,
    sign,
    with_word,
)

_WORDS = {
    "success": ("ជោគជ័យ", "Success"),
    "pending": ("កំពុងដំណើរការ", "Pending"),
    "scheduled": ("បានកំណត់ពេល", "Scheduled"),
    "failed": ("ប្រតិបត្តិការមិនជោគជ័យ", "Failed"),
}


def _paid(transfer: Transfer) -> Money:
    """Return what was really paid, before any forgery of the headline."""
    return transfer.before_edit or transfer.amount


def _status(transfer: Transfer, language: str) -> str:
    return _WORDS[transfer.outcome][0 if language == "km" else 1]


def _code_of(transfer: Transfer, scheme: str) -> str | None:
    return transfer.references.get(scheme)


def acleda(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the receipt of a KHQR payment: a box with the amount, then rows with colons."""
    page.box((0, 0, 400, 150), "#123a63")
    phone_bar(page, random, "#ffffff")
    page.y += random.uniform(10, 26)
    page.disc((200, page.y + 22), 22, "#e0b04c")
    page.y += 52
    with page.card(14, 386, fill=page.look.paper, radius=14):
        page.text((200, page.y), _status(transfer, "km"), 17, anchor="m", role="status")
        page.y += 40
        with page.card(26, 374, radius=10):
            _acleda_head(page, transfer, random)
        page.y += 12
        with page.card(26, 374, radius=10):
            at = Place(left=38, right=362, style="colon", column=0.47)
            rows(page, _acleda_rows(transfer, random), at)
    page.y = max(page.y + 30, 760)


def _acleda_head(page: Page, transfer: Transfer, random: Random) -> None:
    page.disc((64, page.y + 30), 24, "#d7202f")
    page.text((64, page.y + 21), "KHQR", 13, weight=BOLD, fill="#ffffff", anchor="m")
    size = page.look.size
    page.text((100, page.y), "ប្រតិបត្តិការ KHQR ទៅ", size)
    page.y += size * 1.55
    name = transfer.payee.names[0]
    page.y += page.lines((100, page.y), name, size, width=260, weight=BOLD, role="payee")
    shown = figure("sign_after", grouped(transfer.amount), transfer)
    page.y += 4
    headline(page, shown, transfer, (100, page.y), fill="#c4161c", random=random)


def _acleda_rows(transfer: Transfer, random: Random) -> tuple[Row, ...]:
    at = local(transfer.paid_at)
    date = khmer_digits(f"{at.day:02d} {KHMER[at.month - 1]} {at.year}") + f" | {khmer_clock(at)}"
    debit = transfer.debit or _paid(transfer)
    exchanged = with_word(_paid(transfer)) if transfer.debit else None
    number = transfer.payer_account
    masked = random.choice((number, f"{number[:3]} *** {number[-3:]}"))
    unit = "រៀល" if debit.currency == KHR else "ដុល្លារ"
    upper = (
        *row("លេខយោងប្រតិបត្តិការខាងក្រៅ", _code_of(transfer, "bakong.hash8"), "id:hash"),
        *row("កាលបរិច្ឆេទ", date, "date"),
        *row("គណនីកាត់ប្រាក់ចេញ", transfer.payer_name, "payer_name"),
        *row("លេខគណនី", f"{masked} ({unit})", "payer_account"),
        *row("ចំនួនទឹកប្រាក់ប្តូរ", exchanged, "exchanged"),
        *row("ទឹកប្រាក់កាត់ចេញ", f"-{with_word(debit)}", "debit"),
    )
    payee = transfer.payee
    lower = (
        *row("ទៅគណនី", payee.names[0]),
        *row("ធនាគារទទួលផល", random.choice(payee.bank_names), "payee_bank"),
        *row("លេខយោង", _code_of(transfer, "acleda.ref"), "id:reference"),
        *row("ចំណាំ", transfer.remark, "remark"),
    )
    return upper + lower


def wing(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the wallet's screen: a big tick, then a card with dotted rows."""
    phone_bar(page, random)
    page.y += random.uniform(10, 60)
    page.tick((200, page.y + 52), 52, "#1faf3f")
    page.y += 128
    word = _status(transfer, language)
    if transfer.outcome == "success" and language == "km":
        word = "ប្រតិបត្តិការជោគជ័យ"
    page.text((200, page.y), word, 19, weight=BOLD, anchor="m", role="status")
    page.y += 50
    with page.card(20, 380, radius=10):
        avatar(page, (64, page.y + 30), "W", radius=24)
        shown = figure("sign_before", grouped(transfer.amount), transfer, minus="- ")
        headline(page, shown, transfer, (100, page.y), random=random)
        words = {"en": "Transfer to ", "km": "ផ្ទេរប្រាក់ទៅ "}[language]
        name, top = transfer.payee.names[0], page.y
        before = random.choice(("", words))
        page.y += page.lines((100, top), before + name, page.look.size, width=264)
        page.mark("payee", name, _box(page, 100, top))
        page.y += 10
        page.rule(34, 366, dashed=True)
        page.y += 14
        rows(page, _wing_rows(transfer, language), Place(left=34, right=366, style="dotted"))
    words_below = ("Favorite", "Share", "Details"), ("ចំណូលចិត្ត", "ចែករំលែក", "លម្អិត")
    buttons(page, random, words_below[language == "km"])
    page.y = max(page.y, 770)


def _wing_rows(transfer: Transfer, language: str) -> tuple[Row, ...]:
    at, km = local(transfer.paid_at), language == "km"
    half = "AM" if at.hour < 12 else "PM"
    date = f"{at:%d-%m-%Y} | {(at.hour + 11) % 12 + 1:02d}:{at:%M:%S} {half}"
    return (
        *row("កាលបរិច្ឆេទ:" if km else "Date and Time:", date, "date_s"),
        *row("ពីគណនី:" if km else "From Account:", transfer.payer_account, "payer_account"),
        *row("ទៅគណនី:" if km else "To Account:", _shown_account(transfer), "payee_account"),
        *row(
            "លេខសម្គាល់ប្រតិបត្តិការ:" if km else "Transaction ID:",
            _code_of(transfer, "wing.trx"),
            "id:trx_id",
        ),
    )


def _shown_account(transfer: Transfer) -> str | None:
    """Return the payee's account where this screen prints one."""
    return None if transfer.hides_account else transfer.payee.account


def vattanac(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the receipt with a chip of the payee under the amount."""
    page.box((0, 0, 400, 86), "#1f48d8")
    phone_bar(page, random, "#ffffff")
    page.text((200, page.y), "ធនាគារ វឌ្ឍនៈ", 17, fill="#ffffff", anchor="m")
    page.text((200, page.y + 26), "Vattanac Bank", 9.5, fill="#ffffff", anchor="m", role="bank")
    page.y += random.uniform(64, 90)
    if transfer.outcome != "success":
        page.text((16, page.y), _status(transfer, "km"), 16, role="status")
        page.y += 30
    number = grouped(transfer.amount)
    shown = figure("sign_before", number, transfer)
    headline(page, shown, transfer, (16, page.y), fill="#2f74e0", random=random)
    page.disc((350, page.y - 10), 26, "#e11b2b")
    page.text((350, page.y - 18), "KHQR", 12, weight=BOLD, fill="#ffffff", anchor="m")
    name = transfer.payee.names[0]
    chip = f"ទៅ៖ {name}"
    size = page.fitted(chip, 12, 280)
    page.box((16, page.y, 34 + page.width_of(chip, size), page.y + 22), "#3b82e8", radius=3)
    page.text((24, page.y + 3), chip, size, fill="#ffffff")
    page.y += 46
    with page.card(16, 384, fill="#eef5fc"):
        title = "ព័ត៌មានលម្អិតអំពីប្រតិបត្តិការ"
        page.text((30, page.y), title, page.look.size * 0.95, fill="#333333")
        page.y += 30
        shown_rows = _vattanac_rows(transfer, random)
        rows(page, shown_rows, Place(left=30, right=372, style="column", column=0.36))
    page.y = max(page.y + 30, 700)


def _vattanac_rows(transfer: Transfer, random: Random) -> tuple[Row, ...]:
    at, payee = local(transfer.paid_at), transfer.payee
    date = f"{at.day} {KHMER[at.month - 1]} {at.year}, {clock(at)}"
    paid = _paid(transfer)
    payer = (f"Savings ****{transfer.payer_account[-4:]}", ""), (transfer.payer_account, "payer")
    return (
        *row("លេខប្រតិបត្តិការ", _code_of(transfer, "vattanac.trx"), "id:trx_id"),
        *row("កាលបរិច្ឆេទ", date, "date"),
        Row(label="ពីគណនី", values=payer),
        *row("ទៅ", payee.names[0], "payee"),
        *row("ធនាគារ", random.choice(payee.bank_names), "payee_bank"),
        *row("លេខកូដប្រតិបត្តិការ", _code_of(transfer, "bakong.hash8"), "id:hash"),
        *row("ចំនួនទឹកប្រាក់", f"{sign(paid)}{grouped(paid)}", "amount_row"),
        *row("ថ្លៃសេវា", random.choice(("ឥតគិតថ្លៃ", f"{sign(paid)}0")), "fee"),
    )


def _box(page: Page, left: float, top: float) -> tuple[int, int, int, int]:
    return page.pixels(left), page.pixels(top), page.pixels(366), page.pixels(page.y)
