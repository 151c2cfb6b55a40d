"""What an invented app prints: its words, its forms, its rows."""

from collections.abc import Mapping
from random import Random

import attrs

from tests.receipts.blocks import ROW_STYLES, Place, Row, row, rows
from tests.receipts.facts import Transfer, local
from tests.receipts.headline import FORMS, figure
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


def app_of(random: Random, language: str) -> App:
    """Return an app with words and forms at random."""
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


def date_row(app: App, transfer: Transfer) -> tuple[Row, ...]:
    """Return the row with the moment."""
    if app.date_style == "khmer":
        at = local(transfer.paid_at)
        text = f"{at.day} {KHMER[at.month - 1]} {at.year}, {clock(at)}"
        return row(app.words["date"], text, "date")
    role = "date_s" if with_seconds(app.date_style) else "date"
    return row(app.words["date"], date_text(app.date_style, transfer.paid_at), role)


def id_row(app: App, transfer: Transfer) -> tuple[Row, ...]:
    """Return the row with the id."""
    return row(app.words["id"], transfer.references.get("generic"), "id:trx_id")


def detail_rows(
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
        date_row(app, transfer),
        id_row(app, transfer),
        row(app.words["type"], app.words["kinds"] if random.random() < 0.25 else None),
    ]
    random.shuffle(groups)
    if with_amount or transfer.before_edit or random.random() < 0.3:
        groups.insert(0, amount_row(app, transfer, headless=with_amount))
    groups.append(extra_rows(app, transfer))
    shown = tuple(one for group in groups for one in group)
    margin = 20 if app.style in {"grid", "table"} else 32
    rows(page, shown, Place(left=margin, right=400 - margin, style=app.style))


def amount_row(app: App, transfer: Transfer, *, headless: bool) -> tuple[Row, ...]:
    """Return the row with the paid amount; without a headline it is the only one."""
    paid = transfer.amount if headless else (transfer.before_edit or transfer.amount)
    told = attrs.evolve(transfer, amount=paid)
    text = figure(app.row_form, grouped(paid, decimals=app.decimals), told).text
    total = transfer.fee is not None and "otal" in app.words["amount"]
    return row(
        "Amount" if total else app.words["amount"], text, "amount" if headless else "amount_row"
    )


def extra_rows(app: App, transfer: Transfer) -> tuple[Row, ...]:
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
