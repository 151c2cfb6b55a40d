"""`kasa tenant`: the shops of this installation."""

import click

from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.money import currency
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from kasa.entrypoints.cli.leaving import close, erase, export, verify
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.shown.shop import TenantShown


@click.group
def tenant() -> None:
    r"""The shops of this installation.

    \b
    Examples:
      kasa tenant open "Sokha Textiles" --currency KHR
      kasa tenant list --json
      kasa tenant export shop.zip --tenant "Sokha Textiles"
    """


for part in (export, verify, close, erase):
    tenant.add_command(part)


@tenant.command("open")
@click.argument("shop")
@click.option("--currency", "unit", default="KHR", show_default=True, metavar="CODE")
@click.option("--zone", default="Asia/Phnom_Penh", show_default=True)
@click.option("--country", default="KH", show_default=True)
@asked
def open_tenant(request: Request, *, shop: str, unit: str, zone: str, country: str) -> None:
    """Open a new shop and print its id."""
    profile = TenantProfile(
        name=name(shop),
        currency=currency(unit),
        cost_currency=currency(unit),
        zone=zone,
        country=country,
    )
    with request.open() as opened:
        made = opened.do(opened.kasa.tenancy.open, PlatformActor(operator=True), profile)
    request.screen.show(str(made.id))
    request.screen.say(f"{made.profile.name} is open.", "green")
    request.screen.answer(TenantShown.of(made))


@tenant.command("list")
@asked
def list_tenants(request: Request) -> None:
    """List the shops."""
    with request.open() as opened:
        shops = tuple(opened.shops())
    rows = [(shop.id, shop.name, shop.currency, shop.state.value) for shop in shops]
    request.screen.show(table(("id", "name", "currency", "state"), rows))
    request.screen.answer({"items": shops})
