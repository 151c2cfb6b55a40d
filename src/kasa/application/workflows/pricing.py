"""Lines of a document from what was asked for and what the catalogue knows."""

from collections.abc import Sequence

from kasa.application.ports.work import UnitOfWork
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.line_item import LineItem, LinePrice, LineText, WantedLine
from kasa.domain.invoicing.tax import NO_TAX, TaxCategory, TaxRate
from kasa.domain.kernel.money import Currency
from kasa.domain.kernel.text import cleaned


def lines_from_catalogue(
    work: UnitOfWork, wanted: Sequence[WantedLine], *, currency: Currency
) -> tuple[LineItem, ...]:
    """Return numbered lines; text, price, unit and tax come from the product unless stated.

    A product priced in another currency needs a stated price, a line without a product a text
    and a price. Raise NotFound, ``product.archived``, ``line.*``.
    """
    ids = {line.product for line in wanted if line.product is not None}
    products = work.products.several(ids) if ids else {}
    return tuple(
        _line(no, line, products[line.product] if line.product is not None else None, currency)
        for no, line in enumerate(wanted, start=1)
    )


def _line(no: int, wanted: WantedLine, product: Product | None, currency: Currency) -> LineItem:
    price, text = wanted.price, wanted.text
    if product is not None:
        product.require_active()
        text = product.name if text is None else text
        if price is None and product.currency == currency:
            price = product.price
    if price is None:
        raise LinePrice(f"Line {no} needs a price in {currency.code}.", line_no=no)
    if not (text or "").strip():
        raise LineText(line_no=no)
    return LineItem(
        no=no,
        text=cleaned((text or "").replace("\r\n", "\n"), limit=len(text or ""), lines=True),
        quantity=wanted.quantity,
        price=price,
        rate=wanted.rate or (_rate(product) if product is not None else NO_TAX),
        unit_code=wanted.unit_code or (product.sku.unit if product is not None else "C62"),
        discounts=wanted.discounts,
        product=product.id if product is not None else None,
        sku=product.sku.id if product is not None else None,
        sku_code=product.sku.code if product is not None else "",
    )


def _rate(product: Product) -> TaxRate:
    return TaxRate(
        category=TaxCategory(product.tax.category),
        percent=product.tax.percent,
        label=product.tax.label,
        exemption_reason=product.tax.reason,
    )
