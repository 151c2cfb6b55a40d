"""The goods of an invoice, from its issue to its return; a payment never fails for stock."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.stock_keeping import act_of, home, keep_stock
from kasa.domain.inventory.giving import consume, deliver, unpay
from kasa.domain.inventory.holding import Need, expire, release, reserve, shortages
from kasa.domain.inventory.level import Act, StockBook
from kasa.domain.inventory.movement import Source
from kasa.domain.inventory.reservation import (
    LIFE_DAYS,
    READING_HOURS,
    Reservation,
    ReservationReason,
    Skipped,
    StockOutcome,
)
from kasa.domain.inventory.returning import (
    Disposition,
    ReturnedLine,
    ReturnNothing,
    return_goods,
)
from kasa.domain.inventory.stock import StockChange
from kasa.domain.inventory.unit import PackInvalid, QuantityInvalid, QuantityNotWhole, base_units
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.returned_goods import ReturnedGoods
from kasa.domain.kernel.ids import SkuId
from kasa.domain.kernel.moments import day_end
from kasa.domain.subscriptions.plan import Feature

INVOICE = "invoice"


@attrs.frozen(kw_only=True)
class Goods:
    """The locked levels of an invoice's lines, and the lines of which nothing is written."""

    act: Act
    lines: tuple[LineItem, ...]
    book: StockBook
    skipped: dict[int, Skipped]


def reserve_for(
    work: UnitOfWork, invoice: Invoice, *, at: datetime, accept_shortage: bool = False
) -> StockOutcome:
    """Reserve the goods of an invoice that is about to be issued: all lines or none.

    A shortage is ``stock.insufficient`` with every missing SKU, after expired reservations of
    these SKUs were released; with ``accept_shortage`` what does not fit stays unreserved. When
    nothing is due the goods leave at once. The invoice has its due date.
    """
    goods = _locked(work, invoice, at)
    if goods is None:
        return _off(work, invoice, at)
    needs, change = _needs(work, invoice, goods), StockChange(book=goods.book)
    if shortages(goods.book, needs):
        late = work.stock.expired([need.place[0] for need in needs], at)
        change = expire(goods.book.holding(late), goods.act)
    change = change.then(reserve(change.book, needs, goods.act, accept_shortage=accept_shortage))
    if not invoice.due_minor:
        own = [row for row in change.reservations.values() if row.source.id == invoice.id]
        change = change.then(consume(change.book, own, goods.act))
    return _kept(work, invoice, goods, change)


def _needs(work: UnitOfWork, invoice: Invoice, goods: Goods) -> list[Need]:
    location, until = home(work), _held_until(work, invoice, goods.act.at)
    return [
        Need(
            source=Source(INVOICE, invoice.id, line.no),
            place=(_sku(line), location),
            quantity=_base(goods.book, line),
            expires_at=until,
        )
        for line in goods.lines
        if line.no not in goods.skipped
    ]


def _held_until(work: UnitOfWork, invoice: Invoice, at: datetime) -> datetime:
    """Return the end of the due date and of the days that goods are kept beyond it."""
    if invoice.due_date is None:
        raise ValueError("goods are reserved for an invoice with a due date")
    profile = work.tenant.profile
    last_day = invoice.due_date + timedelta(days=profile.hold_days)
    return min(day_end(last_day, profile.zone), at + timedelta(days=LIFE_DAYS))


def _base(book: StockBook, line: LineItem) -> int:
    try:
        return base_units(line.quantity, line.unit_code, book.sku(_sku(line)))
    except (QuantityInvalid, QuantityNotWhole, PackInvalid) as refused:
        raise type(refused)(line_no=line.no) from refused


def consume_for(work: UnitOfWork, invoice: Invoice, *, at: datetime) -> StockOutcome:
    """Take the goods of an invoice of which nothing is due; what is missing stays owed.

    Never refuses. Asking again changes nothing.
    """
    return _acted(
        work, invoice, at, lambda goods, rows: consume(goods.book, _counted(goods, rows), goods.act)
    )


def release_for(work: UnitOfWork, invoice: Invoice, *, reason: str, at: datetime) -> StockOutcome:
    """Give up what is still held for an invoice; ``reason`` is ``void`` or ``write_off``."""
    why = ReservationReason(reason)
    return _acted(work, invoice, at, lambda goods, rows: release(goods.book, rows, goods.act, why))


def deliver_for(work: UnitOfWork, invoice: Invoice, *, at: datetime) -> StockOutcome:
    """Hand over the goods of an invoice, paid or not; all must be there.

    Raises ``plan.feature_locked``, ``stock.insufficient``, ``reservation.wrong_state``.
    """
    Entitlements(work, at=at).require(Feature.INVENTORY)
    return _acted(
        work, invoice, at, lambda goods, rows: deliver(goods.book, _counted(goods, rows), goods.act)
    )


def unpay_for(
    work: UnitOfWork, invoice: Invoice, *, at: datetime, goods_gone: bool | None = None
) -> StockOutcome:
    """Take back what a reversed payment moved: goods that were kept are promised anew.

    ``goods_gone`` unless stated means that they were delivered. Goods promised anew are kept for
    at least as long as evidence is read.
    """

    def decide(goods: Goods, rows: Sequence[Reservation]) -> StockChange:
        delivered = any(row.reason is ReservationReason.DELIVERED for row in rows)
        gone = delivered if goods_gone is None else goods_gone
        until = max(_held_until(work, invoice, at), at + timedelta(hours=READING_HOURS))
        return unpay(goods.book, rows, goods.act, gone=gone, expires_at=until)

    return _acted(work, invoice, at, decide)


def return_for(
    work: UnitOfWork, invoice: Invoice, returned: Sequence[ReturnedGoods], *, at: datetime
) -> StockOutcome:
    """Bring back the goods that a credit note names, line by line.

    Raises ``plan.feature_locked``, ``return.nothing``, ``return.too_much``, ``stock.quantity*``.
    """
    Entitlements(work, at=at).require(Feature.INVENTORY)

    def decide(goods: Goods, rows: Sequence[Reservation]) -> StockChange:
        of_line = {row.source.line: row for row in rows}
        named = {line.no: line for line in goods.lines}
        lines = []
        for part in returned:
            row, line = of_line.get(part.line_no), named.get(part.line_no)
            if row is None or line is None:
                raise ReturnNothing(line_no=part.line_no)
            quantity = _base(goods.book, attrs.evolve(line, quantity=part.quantity))
            lines.append(ReturnedLine(row.id, quantity, Disposition(part.restock.value)))
        return return_goods(goods.book, lines, goods.act)

    return _acted(work, invoice, at, decide)


Decide = Callable[[Goods, Sequence[Reservation]], StockChange]


def _acted(work: UnitOfWork, invoice: Invoice, at: datetime, decide: Decide) -> StockOutcome:
    goods = _locked(work, invoice, at)
    if goods is None:
        return _off(work, invoice, at)
    rows = work.stock.reservations(INVOICE, invoice.id)
    goods = attrs.evolve(goods, book=goods.book.holding(rows))
    return _kept(work, invoice, goods, decide(goods, rows))


def _locked(work: UnitOfWork, invoice: Invoice, at: datetime) -> Goods | None:
    """Lock the levels of an invoice's goods; None when it has none, or the feature is off."""
    lines = tuple(line for line in invoice.lines if line.product is not None)
    act = act_of(work, Source(INVOICE, invoice.id), at=at)
    if not lines or act.since is None:
        return None
    location = home(work)
    book = work.stock.lock({_sku(line) for line in lines}, location)
    tracked = tuple(line for line in lines if book.level((_sku(line), location)).tracked)
    uncounted = {
        line.no: Skipped.UNCOUNTED
        for line in tracked
        if not book.level((_sku(line), location)).counted(act.since)
    }
    return Goods(act=act, lines=tracked, book=book, skipped=uncounted)


def _sku(line: LineItem) -> SkuId:
    """Return the SKU of a line: a product's first SKU has the product's id."""
    if line.sku is not None:
        return line.sku
    assert line.product is not None, "only lines of products have goods"
    return SkuId(line.product)


def _off(work: UnitOfWork, invoice: Invoice, at: datetime) -> StockOutcome:
    if act_of(work, Source(INVOICE, invoice.id), at=at).since is not None:
        return StockOutcome()
    stocked = [line.no for line in invoice.lines if line.product is not None]
    return StockOutcome(skipped=dict.fromkeys(stocked, Skipped.INVENTORY_OFF))


def _counted(goods: Goods, rows: Sequence[Reservation]) -> list[Reservation]:
    """Return the reservations whose level is counted now."""
    return [row for row in rows if goods.book.level(row.place).counted(goods.act.since)]


def _kept(work: UnitOfWork, invoice: Invoice, goods: Goods, change: StockChange) -> StockOutcome:
    kept = keep_stock(work, change, goods.act)
    rows = [row for row in kept.book.reservations.values() if row.source.id == invoice.id]
    known = {row.source.line for row in rows}
    skipped = {no: why for no, why in goods.skipped.items() if no not in known}
    lines = sorted(rows, key=lambda row: row.source.line or 0)
    return StockOutcome(reservations=tuple(lines), skipped=skipped)
