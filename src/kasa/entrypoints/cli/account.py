"""`kasa account`: the accounts that customers pay to."""

from collections.abc import Iterable

import click

from kasa.application.payments.accounts import NewAccount
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.money import Currency, currency
from kasa.domain.payments.account import (
    BANKS,
    BankCode,
    ReceivingAccount,
    account_digits,
    bank_code,
)
from kasa.entrypoints.cli.given import naming
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table


@click.group
def account() -> None:
    r"""The accounts that customers pay to.

    \b
    Examples:
      kasa account add ABA 001234567 --name "SOKHA TEXTILES"
      kasa account name ABA 001234567 "SOKHA T."
      kasa account list
      kasa account banks
    """


@account.command("add")
@click.argument("bank")
@click.argument("number")
@click.option("--name", "names", multiple=True, required=True, help="As receipts print it.")
@click.option("--currency", "unit", default="KHR", show_default=True)
@click.option("--bakong", default="", help="Bakong account, like shop@bank: invoices get a KHQR.")
@asked
def add(
    request: Request, *, bank: str, number: str, names: tuple[str, ...], unit: str, bakong: str
) -> None:
    """Add a receiving account; BANK is a code that `kasa account banks` lists."""
    new = NewAccount(
        bank=bank, number=number, names=names, currency=currency(unit), bakong_id=bakong
    )
    with request.open() as opened:
        made = opened.do(
            opened.kasa.payments.add_account, request.actor(opened, "account.add"), new
        )
    _tell(request, made)


@account.command("name")
@click.argument("bank")
@click.argument("number")
@click.argument("text", metavar="NAME")
@click.option("--currency", "unit", default="KHR", show_default=True)
@asked
def add_name(request: Request, *, bank: str, number: str, text: str, unit: str) -> None:
    """Accept one more NAME that receipts print for an account; those it has stay."""
    given = f"{bank} {number}"
    wanted = (bank_code(bank), account_digits(number), currency(unit))
    with request.open() as opened:
        actor = request.actor(opened, "account.name")
        with naming("account", given):
            found = opened.kasa.payments.queries.accounts(request.reader(opened))
            known = _account(found, wanted)
        names = (*(one.text for one in known.names), text)
        made = opened.do(
            opened.kasa.payments.set_accepted_names,
            actor,
            known.id,
            names,
            short_name_alone=known.short_name_alone,
        )
    _tell(request, made)


def _account(
    found: Iterable[ReceivingAccount], wanted: tuple[BankCode, str, Currency]
) -> ReceivingAccount:
    for one in found:
        if one.archived_at is None and wanted == (one.bank, one.number, one.currency):
            return one
    raise NotFound


def _tell(request: Request, made: ReceivingAccount) -> None:
    request.screen.show(f"{made.bank} {made.number}  {', '.join(one.text for one in made.names)}")
    request.screen.answer(made)


@account.command("list")
@asked
def list_accounts(request: Request) -> None:
    """List the receiving accounts, those in use first."""
    with request.open() as opened:
        found = opened.kasa.payments.queries.accounts(request.reader(opened))
    rows = [
        (one.bank, one.number, one.currency.code, ", ".join(name.text for name in one.names))
        for one in found
    ]
    request.screen.show(table(("bank", "number", "currency", "names"), rows))
    request.screen.answer({"items": found})


@account.command("banks")
@asked
def banks(request: Request) -> None:
    """List the banks that kasa knows; receipts of other banks are read by general labels."""
    rows = [(code, ", ".join(names)) for code, names in sorted(BANKS.items())]
    request.screen.show(table(("bank", "printed as"), rows))
    request.screen.answer({"items": [{"code": code, "names": BANKS[code]} for code, _ in rows]})
