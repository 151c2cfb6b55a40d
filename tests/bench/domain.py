"""Figures of pure rules: totals, and one evidence against a thousand open invoices."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from uuid import UUID

from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode, compute
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import FieldReading, FieldState, PaymentEvidence, Source
from kasa.domain.payments.expected_payment import DueInvoice, MatchPolicy, expected
from kasa.domain.payments.matching import MatchInputs, match
from tests.bench.harness import Figure, Limit, Measure, Side

LINES = 500
INVOICES = 1_000
AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def timed(work: Callable[[], object], repeats: int = 1) -> Side:
    """Return a side that runs its work some times and answers the seconds of one."""

    def side() -> float:
        started = perf_counter()
        for _ in range(repeats):
            work()
        return (perf_counter() - started) / repeats

    return side


def _line(number: int) -> LineItem:
    return LineItem(
        no=number,
        text=f"Article {number}",
        quantity=Decimal(number % 7 + 1),
        price=Decimal(number * 37 % 9_000 + 100) / 100,
        rate=TaxRate(category=TaxCategory.STANDARD, percent=Decimal(10)),
    )


def totals() -> Figure:
    """C1: two documents of 500 lines with tax, against a loop of multiply and add."""
    lines = [_line(number) for number in range(1, LINES + 1)]
    whole = [(int(line.quantity), int(line.price * 100)) for line in lines]

    def two_documents() -> None:
        for _ in range(2):
            compute(lines, mode=PriceMode.NET, currency=USD)

    def bare() -> int:
        return sum(quantity * price for _ in range(2) for quantity, price in whole)

    return Figure(
        id="C1",
        title="totals of 1,000 lines with VAT",
        against="multiply-add over ints",
        kasa=timed(two_documents, 5),
        baseline=timed(bare, 200),
        gate=Limit(Measure.RATIO, 80),
        goal=Limit(Measure.RATIO, 10),
    )


def _read(value: object) -> FieldReading[object]:
    return FieldReading(state=FieldState.READ, value=value, seen=1, engines=1, labelled=True)


def evidence() -> PaymentEvidence:
    """Return what a receipt of 40,000 riel, sent for no named invoice, says."""
    return PaymentEvidence(
        source=Source.SCREENSHOT,
        layout="generic",
        amount=_read(Money(40_000, KHR)),  # type: ignore[arg-type]  # a reading of any type
        currency=_read(KHR),  # type: ignore[arg-type]  # a reading of any type
        paid_at=_read(AT),  # type: ignore[arg-type]  # a reading of any type
        recipient_name=_read("SOKHA TEXTILES"),  # type: ignore[arg-type]  # a reading of any type
        labels=4,
    )


def matching(bare_read: Side | None = None) -> Figure:
    """V4: match one evidence against 1,000 open invoices, against reading its picture."""
    due = [
        DueInvoice(
            id=InvoiceId(UUID(int=number)),
            number=f"INV-{number:05}",
            amounts=(Money(1_000 * (number % 50), KHR),),
            issued_at=AT - timedelta(hours=number % 200),
        )
        for number in range(INVOICES)
    ]
    accounts = [AcceptedAccount(bank=BankCode("aba"), names=("Sokha Textiles",))]
    seen = evidence()

    def against_all() -> None:
        found = expected(due, accounts, MatchPolicy(), evidence=seen, answers=None, submitted_at=AT)
        match(MatchInputs(evidence=seen, expected=found, at=AT))

    return Figure(
        id="V4",
        title="match against 1,000 open invoices",
        against="bare read of a picture" if bare_read else "sorting 100,000 ints",
        kasa=timed(against_all, 3),
        baseline=bare_read or timed(lambda: sorted(range(100_000, 0, -1))),
        gate=Limit(Measure.RATIO, 0.08) if bare_read else None,
        goal=Limit(Measure.SECONDS, 0.010),
    )


def figures(bare_read: Side | None = None) -> Iterator[Figure]:
    """Yield the figures of pure rules."""
    yield totals()
    yield matching(bare_read)
