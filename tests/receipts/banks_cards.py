"""Receipts of KB PRASAC and PPCBank."""

from random import Random

from tests.receipts.blocks import Place, Row, avatar, phone_bar, row, rows
from tests.receipts.facts import Transfer, local
from tests.receipts.fonts import BOLD
from tests.receipts.headline import figure, headline
from tests.receipts.page import Page
from tests.receipts.prints import KHMER, SHORT, clock, grouped, with_code

_WORDS = {
    "success": "ជោគជ័យ",
    "pending": "កំពុងដំណើរការ",
    "scheduled": "បានកំណត់ពេល",
    "failed": "បរាជ័យ",
}


def prasac(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the card on yellow, with payer and payee one below the other."""
    page.box((0, 0, 400, 1400), "#f7b500")
    phone_bar(page, random)
    page.y += 20
    page.tick((200, page.y + 26), 26, "#2fa84f")
    page.y += 60
    word = _WORDS[transfer.outcome]
    page.text((200, page.y), word, 17, weight=BOLD, anchor="m", fill="#1d1d1d", role="status")
    page.y += 44
    with page.card(20, 380, fill="#ffffff", radius=12):
        _prasac_head(page, transfer, random)
        for index, (name, number, bank) in enumerate(_sides(transfer, random)):
            _side(page, (name, number, bank), mine=index == 0)
        page.rule(34, 366)
        page.y += 14
        ids = (
            *row("លេខយោងប្រតិបត្តិការ", transfer.references.get("prasac.ref"), "id:reference"),
            *row("បាគងហាស", transfer.references.get("bakong.hash8"), "id:hash"),
            *row("ចំណាំ", transfer.remark, "remark"),
        )
        rows(page, ids, Place(left=34, right=366, style="spread", column=0.45))
        page.box((150, page.y, 250, page.y + 24), "#e5e7eb", radius=10)
        page.text((200, page.y + 4), "បង្ហាញបន្ថែម", 10.5, fill="#333333", anchor="m")
        page.y += 38
        foot = (200, page.y)
        page.text(foot, "KB PRASAC Bank", 11, anchor="m", fill="#333333", role="bank")
        page.y += 18
    page.y = max(page.y + 40, 720)


def _prasac_head(page: Page, transfer: Transfer, random: Random) -> None:
    label = (200, page.y)
    page.text(label, "ចំនួនទឹកប្រាក់ប្រតិបត្តិការ", 12.5, fill="#777777", anchor="m")
    shown = figure("word", grouped(transfer.amount), transfer)
    place = (200, page.y + 24)
    headline(page, shown, transfer, place, anchor="m", fill="#111111", random=random)
    at = local(transfer.paid_at)
    date = f"{at.day:02d} {SHORT[at.month - 1]} {at.year}, {clock(at)}"
    page.text((200, page.y + 4), date, 12.5, fill="#777777", anchor="m", role="date")
    page.y += 34
    page.rule(34, 366)
    page.y += 14


def _sides(transfer: Transfer, random: Random) -> tuple[tuple[str, str, str], ...]:
    payee = transfer.payee
    ours = (transfer.payer_name.title(), _threes(transfer.payer_account), "KB PRASAC Bank")
    return ours, (payee.names[0], _threes(payee.account), random.choice(payee.bank_names))


def _side(page: Page, shown: tuple[str, str, str], *, mine: bool) -> None:
    name, number, bank = shown
    avatar(page, (54, page.y + 18), name, radius=16)
    size, role = page.look.size, "payer" if mine else "payee"
    named = "payer_name" if mine else "payee"
    page.y += page.lines(
        (84, page.y), name, size, width=270, weight=BOLD, fill="#111111", role=named
    )
    for text, part in ((number, "account"), (bank, "bank")):
        page.text((84, page.y), text, size * 0.88, fill="#777777", role=f"{role}_{part}")
        page.y += size * 1.3
    page.y += 14


def ppc(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw the receipt with rows of two columns that end in payee and payer."""
    phone_bar(page, random)
    page.y += random.uniform(6, 26)
    page.disc((38, page.y + 24), 22, page.look.faint)
    shown = figure("sign_spaced", grouped(transfer.amount), transfer)
    if transfer.outcome != "success":
        page.text((74, page.y), _WORDS[transfer.outcome], 15, role="status")
        page.y += 26
    headline(page, shown, transfer, (74, page.y), random=random)
    name, top = transfer.payee.names[0], page.y
    text, size = f"បានផ្ញើទៅ {name}", page.look.size
    page.y += page.lines((74, top), text, size, width=310)
    box = (page.pixels(74), page.pixels(top), page.pixels(384), page.pixels(page.y))
    page.mark("payee", name, box)
    page.y += 12
    page.rule(16, 384)
    page.y += 18
    place = Place(left=16, right=384, style="bare", column=0.48)
    rows(page, _ppc_rows(transfer, random), place)
    page.text((16, page.y + 12), "PPCBank", page.look.size, weight=BOLD, role="bank")
    page.y = max(page.y + 60, 720)


def _ppc_rows(transfer: Transfer, random: Random) -> tuple[Row, ...]:
    at, payee = local(transfer.paid_at), transfer.payee
    seconds = f"{(at.hour + 11) % 12 + 1}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"
    date = f"{at.day} {KHMER[at.month - 1]}, {at.year} {seconds}"
    paid = with_code(transfer.before_edit or transfer.amount)
    bank = random.choice(payee.bank_names)
    to = ((payee.names[0], ""), (bank, "payee_bank"), (payee.account, "payee_account"))
    ours = ((transfer.payer_name, "payer_name"), ("PPCBank", ""))
    return (
        *row("លេខសម្គាល់ប្រតិបត្តិការ", transfer.references.get("ppc.trx"), "id:trx_id"),
        *row("លេខយោង", transfer.references.get("bakong.hash8"), "id:hash"),
        *row("កាលបរិច្ឆេទប្រតិបត្តិការ", date, "date_s"),
        *row("ចំនួនទឹកប្រាក់", paid, "amount_row"),
        *row("ថ្លៃសេវា", "ឥតគិតថ្លៃ", "fee"),
        *row("សរុប", paid, "total"),
        Row(label="អ្នកទទួល", values=to),
        Row(label="ចេញពីគណនី", values=(*ours, (transfer.payer_account, "payer_account"))),
        *row("ចំណាំ", transfer.remark, "remark"),
    )


def _threes(number: str) -> str:
    return " ".join(number[index : index + 3] for index in range(0, len(number), 3))
