"""The catalogue over HTTP."""

from decimal import Decimal

import attrs
import msgspec
from msgspec import UNSET

from kasa.application.inventory.products import ProductFields
from kasa.domain.inventory.product import (
    BarcodeTaken,
    Product,
    ProductInUse,
    ScaleInUse,
    SkuTaken,
)
from kasa.domain.inventory.unit import base_units
from kasa.domain.inventory.valuation import CostCurrencyWrong
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import FileId, ProductId
from kasa.domain.kernel.money import currency
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.inventory.catalogue import (
    Measure,
    ProductIn,
    ProductPatch,
    pack,
    product_tax,
    reorder,
    value_of_field,
)
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    Moment,
    Reference,
    Search,
    metadata,
    money,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.products import ProductShown

ONE = "/products/{product_id}"


class ProductQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which products are listed."""

    archived: bool = False
    external_ref: Reference | None = None
    updated_from: Moment | None = None


class CodeQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which product is wanted: exactly a SKU code or a barcode."""

    code: Search = ""


def page(call: Call) -> PageOf[ProductShown]:
    """List products by code."""
    asked: ProductQuery = call.query
    found = call.served(
        archived=asked.archived,
        external_ref=asked.external_ref,
        updated_from=asked.updated_from,
        after=call.after,
        limit=call.limit,
    )
    return call.page(found, of=ProductShown.of)


def found(call: Call) -> ProductShown:
    """Find a product by its SKU code or barcode."""
    return ProductShown.of(call.served(call.query.code))


def add(call: Call) -> ProductShown:
    """Add a product to the catalogue."""
    given: ProductIn = call.body
    shop = call.look(call.opened.kasa.tenancy.queries.tenant).profile
    unit = shop.currency if given.currency is None else currency(given.currency)
    measure = Measure(given.unit, given.scale)
    fields = ProductFields(
        name=given.name,
        code=given.code,
        price=Decimal(given.price),
        currency=unit,
        name_km=given.name_km,
        description=given.description,
        image=None if given.image_id is None else FileId(given.image_id),
        barcode=given.barcode,
        unit=given.unit,
        scale=given.scale,
        packs=tuple(pack(one, measure) for one in given.packs),
        tracking=given.tracking,
        policy=given.policy,
        reorder=None if given.reorder is None else reorder(given.reorder, measure),
        external_ref=given.external_ref,
        metadata=metadata(given.metadata),
    )
    if given.tax is not None:
        fields = attrs.evolve(fields, tax=product_tax(given.tax))
    there = Decimal(given.on_hand)
    cost = None if given.cost is None else money(given.cost)
    if cost is not None and cost.currency != shop.cost_currency:
        raise CostCurrencyWrong(currency=shop.cost_currency.code)
    made = call.served(
        fields,
        on_hand=base_units(there, given.unit, measure) if there else 0,
        cost=None if cost is None else cost.minor,
    )
    return ProductShown.of(made)


def one(call: Call) -> ProductShown:
    """Show a product."""
    return ProductShown.of(call.served(call.id("product_id")))


def change(call: Call) -> ProductShown:
    """Change a product; its measure is fixed once goods of it have moved."""
    given: ProductPatch = call.body
    queries = call.opened.kasa.inventory.queries
    before: Product = call.look(queries.product, ProductId(call.id("product_id")))
    if given.version != before.version:
        raise VersionStale(current_version=before.version)
    sent = {
        field: value
        for field, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and field != "version"
    }
    measure = Measure(sent.get("unit", before.sku.unit), sent.get("scale", before.sku.scale))
    changes = dict(value_of_field(field, value, measure) for field, value in sent.items())
    fields = attrs.evolve(ProductFields.of(before), **changes)
    return ProductShown.of(call.served(before.id, fields, version=given.version))


def put_away(call: Call) -> ProductShown:
    """Take a product out of the catalogue; stock and history stay."""
    return ProductShown.of(call.served(call.id("product_id")))


def take_back(call: Call) -> ProductShown:
    """Bring an archived product back."""
    return ProductShown.of(call.served(call.id("product_id")))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of the catalogue."""
    use = opened.kasa.inventory
    taken = (SkuTaken, BarcodeTaken, ExternalRefTaken)
    return (
        Route(
            method="GET",
            path="/products",
            serves=use.queries.products,
            handle=page,
            answers=PageOf[ProductShown],
            query=ProductQuery,
            paged=True,
        ),
        Route(
            method="GET",
            path="/products/by-code",
            serves=use.queries.find,
            handle=found,
            answers=ProductShown,
            query=CodeQuery,
        ),
        Route(
            method="POST",
            path="/products",
            serves=use.add_product,
            handle=add,
            answers=ProductShown,
            status=201,
            body=ProductIn,
            refuses=taken,
        ),
        Route(method="GET", path=ONE, serves=use.queries.product, handle=one, answers=ProductShown),
        Route(
            method="PATCH",
            path=ONE,
            serves=use.edit_product,
            handle=change,
            answers=ProductShown,
            body=ProductPatch,
            refuses=(VersionStale, ScaleInUse, *taken),
        ),
        Route(
            method="POST",
            path=f"{ONE}/archive",
            serves=use.archive_product,
            handle=put_away,
            answers=ProductShown,
            refuses=(ProductInUse,),
        ),
        Route(
            method="POST",
            path=f"{ONE}/restore",
            serves=use.restore_product,
            handle=take_back,
            answers=ProductShown,
        ),
    )
