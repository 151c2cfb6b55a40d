"""`kasa stock`: products, levels, goods that come in, corrections, the audit of the figures."""

import click

from kasa.application.inventory.moving import AdjustedLine
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.domain.inventory.movement import ADJUSTING, MovementReason
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.unit import PIECE, base_units, in_units
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import ProductId
from kasa.domain.kernel.money import Money, currency
from kasa.entrypoints.cli.given import decimal, product
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.shown.products import ProductShown
from kasa.entrypoints.shown.stock import StockMoved, StockShown

REASONS = sorted(reason.value for reason in ADJUSTING)


@click.group
def stock() -> None:
    r"""Products and their stock.

    \b
    Examples:
      kasa stock add TSHIRT "T-shirt" --price 20000 --on-hand 10
      kasa stock receive TSHIRT 24 --cost 240000
      kasa stock adjust TSHIRT --by -1 --reason damaged
      kasa stock show
    """


@stock.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--price", required=True, help="For one unit, in the shop's currency.")
@click.option("--on-hand", default="0", help="What is there already.")
@click.option("--unit", default=PIECE, show_default=True, help="Code of UN/ECE Rec. 20.")
@click.option("--currency", "unit_of_price", metavar="CODE", help="Else the shop's.")
@asked
def add(  # one argument for each option of the command
    request: Request,
    *,
    code: str,
    name: str,
    price: str,
    on_hand: str,
    unit: str,
    unit_of_price: str | None,
) -> None:
    """Add a product to the catalogue."""
    with request.open() as opened:
        actor = request.actor(opened, "stock.add")
        shop = opened.kasa.tenancy.queries.tenant(request.reader(opened))
        fields = ProductFields(
            name=name,
            code=code,
            price=decimal(price),
            currency=shop.profile.currency if unit_of_price is None else currency(unit_of_price),
            unit=unit,
        )
        there = decimal(on_hand)
        measure = fields.product(ProductId(shop.id)).sku
        made = opened.do(
            opened.kasa.inventory.add_product,
            actor,
            fields,
            on_hand=base_units(there, unit, measure) if there else 0,
        )
        opened.work_off()
    request.screen.show(f"{made.sku.code}  {made.name}  {made.price} {made.currency.code}")
    request.screen.answer(ProductShown.of(made))


@stock.command("show")
@click.argument("code", required=False)
@asked
def show(request: Request, *, code: str | None) -> None:
    """Show what is there, reserved, available and owed; of one product, or of all."""
    with request.open() as opened:
        reader, queries = request.reader(opened), opened.kasa.inventory.queries
        if code is None:
            found = queries.levels(reader, limit=100).items
        else:
            found = (queries.level(reader, product(opened, reader, code).id),)
    rows = [
        (
            row.code,
            row.name,
            *(
                in_units(figure, row.scale)
                for figure in (
                    row.level.on_hand,
                    row.level.reserved,
                    row.level.on_hand - row.level.reserved,
                    row.level.owed,
                )
            ),
        )
        for row in found
    ]
    heads = ("code", "name", ">on hand", ">reserved", ">available", ">owed")
    request.screen.show(table(heads, rows))
    request.screen.answer({"items": tuple(StockShown.of(row) for row in found)})


@stock.command("receive")
@click.argument("code")
@click.argument("quantity")
@click.option("--cost", help="What all of it cost, in the shop's cost currency.")
@click.option("--note", default="", help="Supplier and document.")
@asked
def receive(request: Request, *, code: str, quantity: str, cost: str | None, note: str) -> None:
    """Take goods in."""
    with request.open() as opened:
        actor = request.actor(opened, "stock.receive")
        shop = opened.kasa.tenancy.queries.tenant(request.reader(opened))
        line = ReceivedLine(
            product=product(opened, actor, code).id,
            quantity=decimal(quantity),
            total_cost=None if cost is None else Money.parse(cost, shop.profile.cost_currency),
        )
        done = opened.do(opened.kasa.inventory.receive, actor, [line], words=note)
        opened.work_off()
    _moved(request, done)


@stock.command("adjust", context_settings={"ignore_unknown_options": True})
@click.argument("code")
@click.option("--by", help="Change by this much: -1, +3.")
@click.option("--to", help="Set to what is there; needs nothing in between.")
@click.option("--reason", required=True, type=click.Choice(REASONS))
@click.option("--note", default="", help="Why; some reasons need it.")
@asked
def adjust(  # one argument for each option of the command
    request: Request, *, code: str, by: str | None, to: str | None, reason: str, note: str
) -> None:
    """Correct what is there, with a reason; one of --by and --to says how."""
    change = None if by is None else decimal(by, signed=True)
    if (by is None) == (to is None) or change == 0:
        raise ChangeUnclear
    with request.open() as opened:
        actor = request.actor(opened, "stock.adjust")
        wanted = product(opened, actor, code)
        level = opened.kasa.inventory.queries.level(request.reader(opened), wanted.id).level
        line = AdjustedLine(
            product=wanted.id,
            reason=MovementReason(reason),
            delta=change,
            set_to=None if to is None else decimal(to),
            expected_version=None if to is None else level.version,
            note=note,
        )
        done = opened.do(opened.kasa.inventory.adjust, actor, [line])
        opened.work_off()
    _moved(request, done)


@stock.command("audit")
@asked
def audit(request: Request) -> None:
    """Compare every level with the sum of its movements; exit 6 when one differs."""
    with request.open() as opened:
        found = opened.do(opened.kasa.inventory.audit, request.actor(opened, "stock.audit"))
    drifts = found.drifts
    if drifts:
        raise StockDrifted(levels=len(drifts))
    request.screen.say("Every level is the sum of its movements.", "green")
    request.screen.answer({"drifts": drifts})


class ChangeUnclear(Invalid):
    """A correction takes either a change that is not 0, or the new quantity."""

    code = "stock.change"


class StockDrifted(Conflict):
    """A level is not the sum of its movements; rebuild it."""

    code = "stock.drifted"


def _moved(request: Request, done: StockDone) -> None:
    rows = [(level.on_hand, level.reserved, level.owed) for level in done.levels]
    request.screen.show(table((">on hand", ">reserved", ">owed"), rows))
    request.screen.answer(StockMoved.of(done))
