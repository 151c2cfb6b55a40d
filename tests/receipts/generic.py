"""Receipts of banks and wallets that do not exist: their words, forms and arrangements vary."""

from random import Random

import attrs

from tests.receipts.blocks import (
    Place,
    avatar,
    phone_bar,
    rows,
    small_print,
    wide_button,
)
from tests.receipts.facts import Transfer
from tests.receipts.fonts import BOLD, MEDIUM
from tests.receipts.generic_rows import App, app_of, date_row, detail_rows, extra_rows, id_row
from tests.receipts.headline import figure, headline
from tests.receipts.page import Page
from tests.receipts.prints import grouped


def hero(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a centred status and amount, then a card of rows."""
    app = app_of(random, language)
    phone_bar(page, random)
    page.y += random.uniform(10, 40)
    brand_on_top = random.random() < 0.5
    if brand_on_top:
        _brand(page, app)
    page.tick((200, page.y + 30), random.uniform(22, 34), "#22a35a")
    page.y += 72
    _status(page, app, transfer, "m")
    _headline(page, app, transfer, random, "m")
    shows_name = random.random() < 0.4
    if shows_name:
        _name(page, transfer, app, "m")
    page.y += 14
    with page.card(16, 384, radius=random.choice((0, 8, 16))):
        detail_rows(page, app, transfer, random, named=shows_name)
    if not brand_on_top:
        page.y += 12
        _brand(page, app)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(640, 860))


def left(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a bar with the brand, a status on the left, and rows without a card."""
    app = app_of(random, language)
    page.box((0, 0, 400, 84), page.look.accent)
    phone_bar(page, random, "#ffffff")
    page.text((20, page.y + 10), app.brand, 18, weight=BOLD, fill="#ffffff", role="bank")
    page.y = 106
    _status(page, app, transfer, "l")
    _headline(page, app, transfer, random, "l")
    page.y += 6
    page.rule(20, 380)
    page.y += 16
    detail_rows(page, app, transfer, random, named=False)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(600, 800))


def cells(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw no headline, the amount is one of the rows; a payee with account stands beside a disc.

    A name without its account or a word before it would be anybody's, so it stands in a row.
    """
    app = attrs.evolve(app_of(random, language), style=random.choice(("grid", "table", "spread")))
    page.box((0, 0, 400, 76), page.look.accent)
    phone_bar(page, random, "#ffffff")
    page.text((20, page.y + 6), app.brand, 17, weight=BOLD, fill="#ffffff", role="bank")
    page.y = 100
    _status(page, app, transfer, "l")
    if not transfer.hides_account:
        avatar(page, (44, page.y + 20), transfer.payee.names[0])
        below = page.y + 42
        _name(page, transfer, app, "l", at=80)
        page.y = max(page.y, below) + 14
    told = not transfer.hides_account
    detail_rows(page, app, transfer, random, named=told, with_amount=True)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(520, 760))


def slip(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a shared card: title, table of rows, brand below; the amount stands in a row."""
    app = attrs.evolve(app_of(random, language), style=random.choice(("table", "spread", "dotted")))
    page.box((0, 0, 400, 1400), page.look.card)
    page.y = 20
    _brand(page, app)
    page.text((200, page.y), app.words["title"], 15, anchor="m", fill=page.look.faint)
    page.y += 30
    _status(page, app, transfer, "m")
    large = random.random() < 0.5 or transfer.before_edit is not None
    if large:
        _headline(page, app, transfer, random, "m")
    page.rule(20, 380)
    page.y += 16
    detail_rows(page, app, transfer, random, named=False, with_amount=not large)
    small_print(page, "This receipt was made by a computer.")
    page.y += 8


def blocks(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a payer and a payee block one below the other, then the ids stacked."""
    app = attrs.evolve(app_of(random, language), style=random.choice(("stacked", "spread")))
    phone_bar(page, random)
    page.y += 16
    _brand(page, app)
    _headline(page, app, transfer, random, "m")
    _status(page, app, transfer, "m")
    with page.card(16, 384, radius=12):
        payee, ours = transfer.payee, transfer.payer_name
        sides = [(app.words["from"], ours, transfer.payer_account, app.brand)]
        shown = "" if transfer.hides_account else payee.account
        sides.append((app.words["to"], payee.names[0], shown, random.choice(payee.bank_names)))
        for index, side in enumerate(sides):
            _side(page, side, mine=index == 0)
    page.y += 12
    with page.card(16, 384, radius=12):
        shown_rows = (*date_row(app, transfer), *id_row(app, transfer), *extra_rows(app, transfer))
        rows(page, shown_rows, Place(left=32, right=368, style=app.style))
    page.y = max(page.y + 30, random.uniform(560, 760))


def _side(page: Page, shown: tuple[str, str, str, str], *, mine: bool) -> None:
    """Draw one side: its word, name, account and bank."""
    word, name, number, bank = shown
    look, role = page.look, "payer" if mine else "payee"
    page.text((32, page.y), word, look.label_size * 0.95, fill=look.faint)
    page.y += look.label_size * 1.5
    named = "payer_name" if mine else "payee"
    page.y += page.lines((32, page.y), name, look.size, width=330, weight=BOLD, role=named)
    for text, part in ((bank, "bank"), (number, "account")):
        if text:
            page.text((32, page.y), text, look.size * 0.92, role=f"{role}_{part}")
            page.y += look.size * 1.35
    page.y += look.gap * 0.7


def _brand(page: Page, app: App) -> None:
    place = (200, page.y)
    page.text(place, app.brand, 17, weight=BOLD, anchor="m", fill=page.look.accent, role="bank")
    page.y += 34


def _status(page: Page, app: App, transfer: Transfer, anchor: str) -> None:
    x, fill = (200 if anchor == "m" else 20), "#1c8f4a" if not page.look.dark else "#5fdc8f"
    word = app.words[transfer.outcome]
    size = page.fitted(word, 18, 360)
    page.text((x, page.y), word, size, weight=MEDIUM, anchor=anchor, fill=fill, role="status")
    page.y += 36


def _headline(page: Page, app: App, transfer: Transfer, random: Random, anchor: str) -> None:
    number = grouped(transfer.amount, decimals=app.decimals)
    incoming = transfer.outcome == "received"
    minus = "-" if random.random() < 0.25 and not incoming else ""
    shown = figure(app.form, number, transfer, minus=minus)
    place = (200 if anchor == "m" else 20, page.y)
    headline(page, shown, transfer, place, anchor=anchor, random=random)
    page.y += 4


def _name(page: Page, transfer: Transfer, app: App, anchor: str, *, at: float = 20) -> None:
    """Draw the payee under the headline, with the word for "to" before it."""
    look, name = page.look, transfer.payee.names[0]
    before = f"{'ទៅ' if app.khmer else 'To'} " if anchor == "m" else ""
    x, top = (200 if anchor == "m" else at), page.y
    page.y += page.lines(
        (x, top), before + name, look.size * 1.05, width=370 - at, weight=BOLD, anchor=anchor
    )
    box = (page.pixels(at), page.pixels(top), page.pixels(390), page.pixels(page.y))
    page.mark("payee", name, box)
    if anchor == "l" and not transfer.hides_account:
        number = (x, page.y)
        page.text(number, transfer.payee.account, look.size, role="payee_account")
        page.y += look.size * 1.5
