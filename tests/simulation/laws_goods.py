"""Laws about goods, numbers, meters, files and jobs."""

from collections import Counter, defaultdict
from itertools import pairwise

from kasa.application.reactions import REACTIONS
from kasa.domain.files.file import FileKind
from kasa.domain.invoicing.events import (
    InvoiceIssued,
    InvoicePaid,
    InvoicePrinted,
    InvoiceVoided,
)
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import EventId
from kasa.domain.subscriptions.plan import Meter
from tests.simulation.books import Books, events_since
from tests.simulation.shop import Shop
from tests.simulation.world import World

COPIES: dict[type[Event], str] = {
    InvoiceIssued: "original",
    InvoicePaid: "paid",
    InvoiceVoided: "void",
}
"""The copy that is printed of each thing that happens to an invoice."""


def levels_are_the_sums_of_movements(world: World, _: Shop, books: Books) -> None:
    """On hand, reserved and owed are what moved, never below nothing, and no change is missing."""
    moved = defaultdict(list)
    for movement in reversed(books.movements):
        moved[movement.sku].append(movement)
    for row in books.levels:
        level, own = row.level, sorted(moved[row.level.sku], key=lambda one: one.version)
        sums = (
            sum(one.d_on_hand for one in own),
            sum(one.d_reserved for one in own),
            sum(one.d_owed for one in own),
            sum(one.d_value for one in own),
        )
        figures = (level.on_hand, level.reserved, level.owed, level.value_minor)
        world.require(sums == figures, "a level is the sum of its movements:", sums, level)
        world.require(min(figures) >= 0, "no level is negative:", level)
        versions = [one.version for one in own]
        world.require(
            versions == list(range(1, level.version + 1)), "no movement is missing:", versions
        )
    found = (*books.drifts, *books.differences)
    world.require(not found, "kasa's own audits find nothing:", *found)


def goods_leave_once(world: World, shop: Shop, books: Books) -> None:
    """Of an invoice no more left, or is to come, than it sold; of a paid one nothing is kept."""
    tracked = {row.level.sku: row.level for row in books.levels if row.level.tracked}
    out: Counter[object] = Counter()
    paid = {view.invoice.id for view in books.invoices if view.invoice.state is InvoiceState.PAID}
    for row in books.reservations:
        if row.source.kind == "invoice":
            out[row.source.id, row.sku] += row.taken - row.returned + row.owed
            world.require(
                0 <= row.taken - row.returned and row.taken + row.owed <= row.quantity,
                "goods leave once:",
                row,
            )
            world.require(not (row.held and row.source.id in paid), "paid goods leave:", row)
    for view in books.invoices:
        sold: Counter[object] = Counter()
        for line in view.invoice.lines:
            if line.sku in tracked:
                sold[line.sku] += int(line.quantity)
        for sku, quantity in sold.items():
            left = out[view.invoice.id, sku]
            world.require(left <= quantity, "no more goods leave than were sold:", view.invoice)


def numbers_are_gapless(world: World, _shop: Shop, books: Books) -> None:
    """Numbers of a series and year are 1 to n, and their days never run backwards."""
    series = defaultdict(list)
    for view in books.invoices:
        number = view.invoice.number
        world.require(
            (number is None) == (view.invoice.state is InvoiceState.DRAFT), "issued has a number"
        )
        if number is not None:
            series[number.series, number.year].append((number.number, view.invoice.issue_date))
        for note in view.notes:
            series[note.number.series, note.number.year].append(
                (note.number.number, note.issue_date)
            )
    for name, numbered in series.items():
        rows = sorted(numbered, key=lambda row: row[0])
        values = [value for value, _ in rows]
        world.require(values == list(range(1, len(rows) + 1)), "numbers have no gap:", name, values)
        for (_, before), (_, after) in pairwise(rows):
            world.require(before is not None and after is not None and before <= after, "by day")


def meters_are_what_is_there(world: World, _: Shop, books: Books) -> None:
    """Each capacity meter is the count, or the bytes, of what is there."""
    kept = Counter[bool]()
    for file in books.files:
        if file.kind.is_counted:
            kept[file.kind is FileKind.RECEIPT] += file.size_bytes
    expected = {
        Meter.PRODUCTS: len(books.products),
        Meter.CUSTOMERS: len(books.customers),
        Meter.STORAGE: kept[False],
        Meter.RECEIPTS: kept[True],
    }
    world.require(expected == dict(books.used), "meters count what is there:", expected, books.used)


def files_have_their_bytes(world: World, _: Shop, books: Books) -> None:
    """What is written down is there, to the byte."""
    for file in books.files:
        data = b"".join(world.plain.storage.get(file.key))  # type: ignore[arg-type]  # a key as text
        world.require(len(data) == file.size_bytes, "a file has its bytes:", file)


def copies_are_printed_once(world: World, _: Shop, books: Books) -> None:
    """However often a job of printing runs, each thing that happened has one copy."""
    happened, printed = Counter[tuple[object, str]](), Counter[tuple[object, str]]()
    for row in books.events:
        fact = row.event
        if isinstance(fact, InvoicePrinted):
            printed[fact.subject, fact.copy] += 1
        elif type(fact) in COPIES:
            happened[fact.subject, COPIES[type(fact)]] += 1
    for copy, count in printed.items():
        world.require(count <= happened[copy], "a copy is printed once:", copy, count)
    for view in books.invoices:
        found = Counter(copy.mark for copy in view.copies)
        for mark, count in found.items():
            world.require(count == printed[view.invoice.id, mark], "a copy is told:", mark)


def events_have_their_jobs(world: World, shop: Shop, last: EventId | None) -> EventId | None:
    """Each event has the jobs that it starts, and each job its event; return the last event."""
    rows = events_since(world, shop, last)
    waiting = [row for row in world.lines.queued() if row.job.tenant == shop.tenant]
    world.queued.update(row.job.key for row in waiting)
    for row in rows:
        for job in REACTIONS.jobs(row):
            world.require(job.key in world.queued, "an event has its jobs:", job)
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        for queued in waiting:
            view.events.event(queued.job.event)
    return rows[0].id if rows else last


LAWS_OF_GOODS = (
    levels_are_the_sums_of_movements,
    goods_leave_once,
    numbers_are_gapless,
    meters_are_what_is_there,
    files_have_their_bytes,
    copies_are_printed_once,
)
