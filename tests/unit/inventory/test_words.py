"""Codes, kinds and states of stock are public words: changing one breaks somebody."""

from enum import StrEnum
from importlib import import_module

import pytest

from kasa.domain.inventory.movement import MovementKind, MovementReason
from kasa.domain.inventory.product import ShortagePolicy, Tracking
from kasa.domain.inventory.reservation import (
    Fulfilment,
    ReservationReason,
    ReservationState,
    Skipped,
)
from kasa.domain.inventory.returning import Disposition
from kasa.domain.inventory.stocktake import CountState
from kasa.domain.kernel.errors import Conflict, Invalid, KasaError
from kasa.domain.kernel.events import Event

MODULES = (
    *("audit", "events", "giving", "goods", "holding", "level", "movement", "product", "reorder"),
    *("reservation", "returning", "stock", "stocktake", "unit", "valuation"),
)
CONFLICTS = {
    *("stock.insufficient", "stock.reserved", "stock.uncounted", "stock.already_open"),
    *("stock.policy_in_use", "stock.cost_currency_fixed", "sku.taken", "barcode.taken"),
    *("sku.scale_in_use", "sku.tracking_in_use", "product.archived", "product.in_use"),
    *("reservation.wrong_state", "movement.already_reversed", "count.open", "count.closed"),
    *("count.impossible", "return.nothing"),
}
INVALID = {
    *("stock.quantity", "stock.quantity_not_whole", "stock.reason", "stock.cost"),
    *("stock.cost_currency", "stock.untracked", "stock.effective_on", "sku.code", "sku.pack"),
    *("sku.unit", "sku.reorder", "reservation.expiry", "reservation.too_many"),
    *("movement.not_reversible", "return.too_much", "count.too_many_lines", "count.moment"),
}
EVENTS = {
    *("stock_moved", "stock_ran_low", "stock_owed", "owed_stock_arrived", "reservations_expired"),
    *("stock_counted", "stock_count_opened", "stock_count_cancelled", "stock_drifted"),
    *("stock_rebuilt", "product_added", "product_changed", "product_archived"),
}


def classes(kind: type) -> set[type]:
    """Return the classes of a kind that the domain of inventory defines."""
    found = set()
    for name in MODULES:
        module = import_module(f"kasa.domain.inventory.{name}")
        own = [each for each in vars(module).values() if isinstance(each, type)]
        found |= {
            each for each in own if issubclass(each, kind) and each.__module__ == module.__name__
        }
    return found


@pytest.mark.parametrize(("kind", "codes"), [(Conflict, CONFLICTS), (Invalid, INVALID)])
def test_refusals_keep_their_codes(kind: type[KasaError], codes: set[str]) -> None:
    """Every refusal of the list has its code and its kind, and there is no other."""
    assert codes == {each.code for each in classes(kind) if issubclass(each, KasaError)}


def test_events_keep_their_kinds() -> None:
    """Stored events are found by their kind for ever."""
    kinds = {each.kind for each in classes(Event) if issubclass(each, Event)}
    assert {f"inventory.{name}" for name in EVENTS} == kinds


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (
            MovementKind,
            """open receive reserve release consume owe forgive return scrap adjust count reverse
            send arrive""",
        ),
        (
            MovementReason,
            """damaged lost theft found gift promotion own_use expired_goods mistake void write_off
            expired by_hand credited short inventory_off reversed""",
        ),
        (ReservationState, "held consumed released owed"),
        (
            ReservationReason,
            "void write_off expired by_hand credited short inventory_off delivered",
        ),
        (
            Fulfilment,
            "none reserved not_reserved deducted awaiting_stock part_returned returned",
        ),
        (Skipped, "inventory_off uncounted"),
        (Disposition, "restock scrap keep"),
        (CountState, "open committed cancelled"),
        (Tracking, "untracked tracked"),
        (ShortagePolicy, "deny backorder"),
    ],
)
def test_stored_words_stay(words: type[StrEnum], values: str) -> None:
    """What rows, keys and reports say."""
    assert values.split() == [word.value for word in words]
