"""Receipts of banks and wallets that do not exist: their words, forms and arrangements vary."""

from collections.abc import Mapping
from random import Random

import attrs

from tests.receipts.blocks import (
    ROW_STYLES,
    Place,
    Row,
    avatar,
    phone_bar,
    row,
    rows,
    small_print,
    wide_button,
)
from tests.receipts.facts import Transfer, local
from tests.receipts.fonts import BOLD, MEDIUM
from tests.receipts.headline import FORMS, figure, headline
from tests.receipts.page import Page
from tests.receipts.prints import (
    DATE_STYLES,
    KHMER,
    clock,
    date_text,
    grouped,
    with_code,
    with_seconds,
)
from tests.receipts.words import BRANDS, ENGLISH, KHMER_WORDS

Words = Mapping[str, tuple[str, ...]]


@attrs.frozen(kw_only=True)
class App:
    """One invented app: its words are chosen once, so a screen is of one mind."""

    brand: str
    words: Mapping[str, str]
    form: str
    row_form: str
    date_style: str
    style: str
    decimals: bool
    khmer: bool


def _app(random: Random, language: str) -> App:
    pool: Words = KHMER_WORDS if language == "km" else ENGLISH
    khmer_date = language == "km" and random.random() < 0.6
    return App(
        brand=random.choice(BRANDS),
        words={meaning: random.choice(texts) for meaning, texts in pool.items()},
        form=random.choice(FORMS if language == "km" else FORMS[:-1]),
        row_form=random.choice(("code_after", "code_before", "sign_before", "sign_after")),
        date_style="khmer" if khmer_date else random.choice(DATE_STYLES),
        style=random.choice(ROW_STYLES),
        decimals=random.random() < 0.4,
        khmer=language == "km",
    )


def hero(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a centred status and amount, then a card of rows."""
    app = _app(random, language)
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
        _rows(page, app, transfer, random, named=shows_name)
    if not brand_on_top:
        page.y += 12
        _brand(page, app)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(640, 860))


def left(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a bar with the brand, a status on the left, and rows without a card."""
    app = _app(random, language)
    page.box((0, 0, 400, 84), page.look.accent)
    phone_bar(page, random, "#ffffff")
    page.text((20, page.y + 10), app.brand, 18, weight=BOLD, fill="#ffffff", role="bank")
    page.y = 106
    _status(page, app, transfer, "l")
    _headline(page, app, transfer, random, "l")
    page.y += 6
    page.rule(20, 380)
    page.y += 16
    _rows(page, app, transfer, random, named=False)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(600, 800))


def cells(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw no headline, the amount is one of the rows; a payee with account stands beside a disc.

    A name without its account or a word before it would be anybody's, so it stands in a row.
    """
    app = attrs.evolve(_app(random, language), style=random.choice(("grid", "table", "spread")))
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
    _rows(page, app, transfer, random, named=told, with_amount=True)
    wide_button(page, app.words["buttons"])
    page.y = max(page.y, random.uniform(520, 760))


def slip(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a shared card: title, table of rows, brand below; the amount stands in a row."""
    app = attrs.evolve(_app(random, language), style=random.choice(("table", "spread", "dotted")))
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
    _rows(page, app, transfer, random, named=False, with_amount=not large)
    small_print(page, "This receipt was made by a computer.")
    page.y += 8


def blocks(page: Page, transfer: Transfer, random: Random, language: str) -> None:
    """Draw a payer and a payee block one below the other, then the ids stacked."""
    app = attrs.evolve(_app(random, language), style=random.choice(("stacked", "spread")))
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
        shown_rows = (*_date_row(app, transfer), *_id_row(app, transfer), *_extra(app, transfer))
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


def _date_row(app: App, transfer: Transfer) -> tuple[Row, ...]:
    if app.date_style == "khmer":
        at = local(transfer.paid_at)
        text = f"{at.day} {KHMER[at.month - 1]} {at.year}, {clock(at)}"
        return row(app.words["date"], text, "date")
    role = "date_s" if with_seconds(app.date_style) else "date"
    return row(app.words["date"], date_text(app.date_style, transfer.paid_at), role)


def _id_row(app: App, transfer: Transfer) -> tuple[Row, ...]:
    return row(app.words["id"], transfer.references.get("generic"), "id:trx_id")


def _rows(
    page: Page,
    app: App,
    transfer: Transfer,
    random: Random,
    *,
    named: bool,
    with_amount: bool = False,
) -> None:
    """Draw the details; their order is the app's own."""
    payee = transfer.payee
    cells_account = named and page.marks and any(m.role == "payee_account" for m in page.marks)
    number = None if transfer.hides_account or cells_account else payee.account
    to = () if named else row(app.words["to"], payee.names[0], "payee")
    bank = random.choice(payee.bank_names) if random.random() < 0.5 else None
    payer = random.choice((transfer.payer_name, f"{transfer.payer_name} {_masked(transfer)}"))
    groups = [
        (
            *to,
            *row(app.words["account"], number, "payee_account"),
            *row(app.words["bank"], bank, "payee_bank"),
        ),
        row(app.words["from"], payer if random.random() < 0.7 else None, "payer_name"),
        _date_row(app, transfer),
        _id_row(app, transfer),
        row(app.words["type"], app.words["kinds"] if random.random() < 0.25 else None),
    ]
    random.shuffle(groups)
    if with_amount or transfer.before_edit or random.random() < 0.3:
        groups.insert(0, _amount_row(app, transfer, headless=with_amount))
    groups.append(_extra(app, transfer))
    shown = tuple(one for group in groups for one in group)
    margin = 20 if app.style in {"grid", "table"} else 32
    rows(page, shown, Place(left=margin, right=400 - margin, style=app.style))


def _amount_row(app: App, transfer: Transfer, *, headless: bool) -> tuple[Row, ...]:
    paid = transfer.amount if headless else (transfer.before_edit or transfer.amount)
    told = attrs.evolve(transfer, amount=paid)
    text = figure(app.row_form, grouped(paid, decimals=app.decimals), told).text
    total = transfer.fee is not None and "otal" in app.words["amount"]
    return row(
        "Amount" if total else app.words["amount"], text, "amount" if headless else "amount_row"
    )


def _extra(app: App, transfer: Transfer) -> tuple[Row, ...]:
    """Return rows that are not the amount: fee, debit, balance, cashback, limit, remark."""
    fee = app.words["free"]
    if transfer.fee is not None:
        fee = figure(app.row_form, grouped(transfer.fee), transfer).text
    others = (
        ("debit", transfer.debit),
        ("balance", transfer.balance),
        ("cashback", transfer.cashback),
        ("limit", transfer.daily_limit),
    )
    found = [*row(app.words["fee"], fee, "fee")]
    for meaning, money in others:
        text = None if money is None else with_code(money, decimals=app.decimals)
        found += row(app.words[meaning], text, meaning)
    return (*found, *row(app.words["remark"], transfer.remark, "remark"))


def _masked(transfer: Transfer) -> str:
    return f"(***{transfer.payer_account[-3:]})"
