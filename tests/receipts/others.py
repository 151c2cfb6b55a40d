"""Pictures that are no receipts, of a payment all the same."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random

import numpy as np
import segno
from PIL import Image

from kasa.domain.payments.khqr import KhqrKind, KhqrRequest, build_khqr
from tests.receipts.blocks import phone_bar, wide_button
from tests.receipts.drafts import Draft
from tests.receipts.facts import local
from tests.receipts.fonts import BOLD
from tests.receipts.page import Page
from tests.receipts.prints import SHORT, amount_text, clock, grouped, with_code

Other = Callable[[Page, Draft, Random], None]


def qr_poster(page: Page, draft: Draft, random: Random) -> None:
    """Draw the shop's code with the amount that is due."""
    page.box((0, 0, 400, 70), "#e1232e")
    page.text((200, 20), "KHQR", 24, weight=BOLD, fill="#ffffff", anchor="m")
    page.y = 92
    name = draft.invoice.payee.names[0]
    page.y += page.lines((200, page.y), name, 17, width=360, anchor="m", role="payee") + 6
    text = amount_text(draft.invoice.amount, random)
    page.text((200, page.y), text, 24, weight=BOLD, anchor="m", role="amount_due")
    page.y += 50
    _qr(page, draft)
    page.text((200, page.y), random.choice(("Scan to pay", "ស្កេនដើម្បីទូទាត់")), 14, anchor="m")
    page.y += 40


def _qr(page: Page, draft: Draft) -> None:
    """Draw the code that asks for the invoice."""
    made_at = draft.invoice.issued_at
    expires = int((made_at + timedelta(days=1)).timestamp()) * 1000
    asked = KhqrRequest(
        kind=KhqrKind.INDIVIDUAL,
        account_id="sample_shop@nowhere",
        name=draft.invoice.payee.names[0][:25],
        city="Phnom Penh",
        currency=draft.invoice.amount.currency,
        amount=draft.invoice.amount,
        expires_ms=expires,
    )
    out = io.BytesIO()
    code = segno.make_qr(build_khqr(asked, made_at).payload, error="m")
    code.save(out, kind="png", scale=8, border=2)
    drawn = Image.open(out).convert("RGB").resize((page.pixels(220),) * 2)
    page.image.paste(drawn, (page.pixels(90), page.pixels(page.y)))
    page.y += 240


def chat(page: Page, draft: Draft, random: Random) -> None:
    """Draw a conversation about the payment, with its amount, id and day."""
    page.box((0, 0, 400, 80), page.look.accent)
    phone_bar(page, random, "#ffffff")
    page.text((20, page.y + 8), draft.transfer.payer_name.title(), 16, fill="#ffffff")
    page.y = 100
    text, at = amount_text(draft.invoice.amount, random), local(draft.transfer.paid_at)
    name = draft.invoice.payee.names[0]
    number = next(iter(draft.transfer.references.values()), "51662490969")
    said = [
        ("bong, how much?", False),
        (f"{text} please", True),
        (f"ok I paid {text} to {name}", False),
        (f"Trx. ID {number}", False),
        (f"sent at {clock(at)} on {SHORT[at.month - 1]} {at.day}", False),
        (random.choice(("success, thank you!", "សូមផ្ញើរូបមក", "not yet arrived")), True),
    ]
    for words, mine in said[: random.randrange(4, 7)]:
        width = min(270, page.width_of(words, 13.5) + 22)
        left = 388 - width if mine else 12
        with page.card(left, left + width, fill="#dcf5c7" if mine else "#ffffff", pad=7):
            height = page.lines((left + 11, page.y), words, 13.5, width=width - 18, fill="#1b1b1b")
            page.y += height
        page.y += 9
    page.y = max(page.y + 60, 640)


def invoice_page(page: Page, draft: Draft, random: Random) -> None:
    """Draw the invoice that was to be paid."""
    bill = draft.invoice
    page.y = 24
    title = random.choice(("INVOICE", "វិក្កយបត្រ / INVOICE", "Tax invoice"))
    page.text((20, page.y), f"{title} {bill.number}", 20, weight=BOLD)
    page.y += 44
    lines = (
        f"{bill.payee.names[0]}",
        f"Account: {bill.payee.bank} {bill.payee.account}",
        f"Date: {local(bill.issued_at):%Y-%m-%d}",
    )
    for text in lines:
        page.text((20, page.y), text, 12.5)
        page.y += 22
    page.rule(20, 380)
    page.y += 12
    for text in ("Rice 5 kg", "Delivery", "Cooking oil")[: random.randrange(1, 4)]:
        page.text((20, page.y), text, 12.5)
        page.text((380, page.y), f"{random.randrange(1, 60) * 500:,}", 12.5, anchor="r")
        page.y += 24
    page.rule(20, 380)
    page.y += 12
    total = with_code(bill.amount)
    page.text((20, page.y), random.choice(("Total due", "Amount due", "សរុប")), 15, weight=BOLD)
    page.text((380, page.y), total, 15, weight=BOLD, anchor="r", role="amount_due")
    page.y += 40
    if random.random() < 0.5:
        _qr(page, draft)
    page.text((20, page.y), "Please pay within 7 days.", 11)
    page.y += 40


def balance_page(page: Page, draft: Draft, random: Random) -> None:
    """Draw a list of accounts and movements, one of them the payment."""
    phone_bar(page, random)
    page.text((20, page.y + 8), random.choice(("My accounts", "Accounts", "គណនី")), 20, weight=BOLD)
    page.y += 54
    money = draft.invoice.amount
    for _ in range(2):
        page.box((16, page.y, 384, page.y + 64), page.look.accent, radius=10)
        page.text((30, page.y + 10), f"Savings {draft.transfer.payer_account}", 11, fill="#ffffff")
        text = with_code(money)
        page.text((30, page.y + 28), text, 19, weight=BOLD, fill="#ffffff", role="balance")
        page.y += 76
        money = type(money)(money.minor * 3 + 7, money.currency)
    page.text((20, page.y + 6), random.choice(("Recent", "History", "ប្រវត្តិ")), 15)
    page.y += 40
    at = local(draft.transfer.paid_at)
    for name in (draft.invoice.payee.names[0], "Cash deposit", draft.transfer.payer_name):
        page.text((20, page.y), name, page.fitted(name, 13, 240))
        amount = f"-{with_code(draft.invoice.amount)}"
        page.text((380, page.y), amount, 13, weight=BOLD, anchor="r", role="history")
        day = f"{SHORT[at.month - 1]} {at.day}, {at.year} {clock(at)}"
        page.text((20, page.y + 18), day, 10.5, fill=page.look.faint)
        page.y += 44
    page.y = max(page.y + 40, 700)


def confirm_page(page: Page, draft: Draft, random: Random) -> None:
    """Draw the page before the payment: the same figures, and a button."""
    phone_bar(page, random)
    title, word = random.choice(
        (
            ("Confirm payment", "Confirm"),
            ("Review and confirm", "Pay now"),
            ("Confirm transfer", "Confirm"),
            ("ផ្ទៀងផ្ទាត់ការទូទាត់", "បញ្ជាក់"),
        )
    )
    page.text((20, page.y + 8), title, 18, weight=BOLD, role="status")
    page.y += 60
    text = with_code(draft.invoice.amount)
    page.text((200, page.y), text, 27, weight=BOLD, anchor="m", role="amount")
    page.y += 60
    shown = (
        ("To", draft.invoice.payee.names[0], "payee"),
        ("Account", draft.invoice.payee.account, "payee_account"),
        ("From", draft.transfer.payer_account, "payer_account"),
        ("Fee", "0.00", "fee"),
        ("Reference", draft.invoice.number.replace("-", ""), "remark"),
    )
    for label, value, role in shown:
        page.text((20, page.y), label, 13, fill=page.look.faint)
        page.lines((380, page.y), value, 13, width=250, anchor="r", role=role)
        page.y += 32
    page.y = max(page.y, 560)
    wide_button(page, word)


def photo_like(page: Page, draft: Draft, random: Random) -> None:
    """Draw something that is no screen at all: shelves with price tags, or noise."""
    generator = np.random.default_rng(random.randrange(2**32))
    width = page.image.width
    noise = generator.normal(120, 40, (width // 8, width // 8, 3)).clip(0, 255).astype(np.uint8)
    page.image.paste(Image.fromarray(noise).resize((width, width), Image.Resampling.BICUBIC))
    page.y = 40
    for _ in range(random.randrange(0, 6)):
        left = random.randrange(10, 300)
        page.box((left, page.y, left + 70, page.y + 60), "#dddddd")
        text = random.choice(("4.50", "1,500", "SALE", "12", grouped(draft.invoice.amount)))
        page.text((left + 8, page.y + 20), text, 13, fill="#222222")
        page.y += 52
    page.y = 400


OTHERS: Mapping[str, tuple[Other, str]] = {
    "qr_poster": (qr_poster, "qr"),
    "chat_page": (chat, "chat"),
    "invoice_page": (invoice_page, "invoice"),
    "balance_page": (balance_page, "balance"),
    "confirm_page": (confirm_page, "confirm"),
    "photo": (photo_like, "photo"),
}
"""What each draws, and the kind that its label says."""
