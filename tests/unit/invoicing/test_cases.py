"""Every case of invoicing.json: figures that other systems and laws give, to the minor unit."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from kasa.domain.invoicing.allocation import allocate, apply_credit, book_note
from kasa.domain.invoicing.balance import CustomerCredit, PaymentPart
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.credit_note import CreditPart, figures, merged
from kasa.domain.invoicing.discount import Discount
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.tax import NO_TAX, TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode, Totals, compute
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId, PaymentId, uuid7
from kasa.domain.kernel.moments import anchored_month
from kasa.domain.kernel.money import KHR, USD, Currency, ExchangeRate, Money, currency, rounded
from tests.places import CASES

FILE = json.loads((CASES / "invoicing.json").read_text(encoding="utf-8"))
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REFUSED = {
    "gobl-fractions-precise": "sums lines before they are rounded; EN 16931 rounds lines first",
    "pretix-5x100-line": "rounds tax per line; kasa rounds it once per rate group",
    "pretix-5x99.98-line": "rounds tax per line; kasa rounds it once per rate group",
    "pretix-jpy-net": "sums nets and adds tax, so the price that was shown moves",
    "odoo-test_random_case_2/a": "rounds to 0.05; kasa has no unit coarser than the currency's",
    "odoo-test_random_case_2/c": "rounds to 0.05; kasa has no unit coarser than the currency's",
}
Case = Mapping[str, Any]

pytestmark = pytest.mark.cases


def cases(*kinds: str) -> list[Any]:
    """Return the cases of some kinds that follow kasa's rules, each under its name."""
    return [
        pytest.param(case, id=case["id"])
        for case in FILE["cases"]
        if case["kind"] in kinds and case["kasa_rule"]
    ]


def rate(percent: str | None) -> TaxRate:
    """Return the tax rate of a case; no percent is category O."""
    if percent is None:
        return NO_TAX
    return TaxRate(category=TaxCategory.STANDARD, percent=Decimal(percent))


def line(no: int, case: Case) -> LineItem:
    """Return a line of a case."""
    off = case.get("discount_percent")
    return LineItem(
        no=no,
        text="Goods",
        quantity=Decimal(case["quantity"]),
        price=Decimal(case["unit_price"]),
        rate=rate(case["vat_percent"]),
        discounts=(Discount(percent=Decimal(off)),) if off else (),
    )


def discounts(given: Case, unit: Currency) -> list[Discount]:
    """Return the document discounts of a case, in order."""
    found = []
    if "doc_discount" in given:
        one = given["doc_discount"]
        aim = rate(one["vat_percent"]) if "vat_percent" in one else None
        found.append(Discount(amount=Money.parse(one["amount"], unit), rate=aim))
    found += [
        Discount(amount=Money.parse(one["amount"], unit)) for one in given.get("doc_discounts", ())
    ]
    for one in given.get("targeted_discounts", ()):
        everywhere = one["lines"] == "all"
        lines = None if everywhere else tuple(at + 1 for at in one["lines"])
        found.append(Discount(amount=Money.parse(one["amount"], unit), lines=lines))
    return found


def totals(given: Case) -> Totals:
    """Return what kasa computes for a case."""
    unit = currency(given["currency"])
    if "exponent" in given:
        unit = attrs.evolve(unit, exponent=given["exponent"])
    lines = [line(no, one) for no, one in enumerate(given["lines"], start=1)]
    mode = PriceMode.GROSS if given.get("prices_include_vat") else PriceMode.NET
    return compute(lines, discounts(given, unit), mode=mode, currency=unit)


def shown(minor: int, unit: Currency) -> str:
    """Return minor units as a case writes them."""
    return Money(minor, unit).text


def answer(found: Totals) -> dict[str, Any]:
    """Return every figure that a case may ask for."""
    unit, gross = found.currency, found.mode is PriceMode.GROSS
    vat = []
    for group in found.groups:
        standard = group.rate.category is TaxCategory.STANDARD
        row: dict[str, Any] = {
            "percent": format(group.rate.percent, "f") if standard else None,
            "base": shown(group.base, unit),
            "amount": shown(group.tax, unit),
        }
        if gross:
            row["gross"] = shown(group.base + group.tax, unit)
        vat.append(row)
    return {
        "net": shown(found.net, unit),
        "tax": shown(found.tax, unit),
        "gross": shown(found.gross, unit),
        "discount": shown(found.discount_total, unit),
        "vat": sorted(vat, key=str),
        "line_net": [shown(one.value, unit) for one in found.lines],
        "line_display": [shown(one.value, unit) for one in found.lines],
        "allocation": [shown(one.document_discount, unit) for one in found.lines],
        "line_tax": [shown(one.tax_share, unit) for one in found.lines],
    }


def wanted(expected: Case) -> dict[str, Any]:
    """Return what a case expects, its groups in a fixed order."""
    rows = dict(expected)
    if "vat" in rows:
        rows["vat"] = sorted(rows["vat"], key=str)
    return rows


@pytest.mark.parametrize("case", cases("totals"))
def test_totals_are_those_of_the_case(case: Case) -> None:
    """Lines, discounts and taxes give exactly the figures that the case names."""
    found = answer(totals(case["input"]))
    assert wanted(case["expected"]) == {key: found[key] for key in case["expected"]}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_rules_that_kasa_refuses_give_other_figures(name: str) -> None:
    """Where another rounding rule differs from kasa's, kasa does not give its figures."""
    case = next(case for case in FILE["cases"] if case["id"] == name)
    assert not case["kasa_rule"], REFUSED[name]
    found = answer(totals(case["input"]))
    assert wanted(case["expected"]) != {key: found[key] for key in case["expected"]}, REFUSED[name]


def test_every_refused_rule_is_named_with_its_reason() -> None:
    """A case of another rule stands in the list above, and only such cases do."""
    refused = {case["id"] for case in FILE["cases"] if not case["kasa_rule"]}
    assert refused == set(REFUSED)


def noted(given: Case, found: Totals) -> list[list[CreditPart]]:
    """Return the notes of a case, each as its parts."""
    if "credit_fraction" in given:
        share = Fraction(given["credit_fraction"])
        amounts = [rounded(one.value * share) for one in found.lines]
        return [
            [
                CreditPart(line_no=no, amount=Money(amount, found.currency))
                for no, amount in enumerate(amounts, start=1)
            ]
        ]
    return [
        [
            CreditPart(
                line_no=one["line"] + 1,
                amount=Money.parse(
                    one.get("amount") or one["amount_before_discount"], found.currency
                ),
            )
            for one in note
        ]
        for note in given.get("credits") or [given["credit"]]
    ]


@pytest.mark.parametrize("case", cases("credit_note"))
def test_credit_notes_are_those_of_the_case(case: Case) -> None:
    """Notes take what the case names, and no prefix of them exceeds the invoice."""
    found = totals(case["input"])
    before: tuple[CreditPart, ...] = ()
    notes, sums = [], [0]
    for parts in noted(case["input"], found):
        note = figures(found, before, parts)
        before = merged([*before, *parts])
        sums.append(sums[-1] + note.total)
        notes.append(
            {
                "discount_adjustment": shown(note.discount, found.currency),
                "net": shown(note.net, found.currency),
                "tax": shown(note.tax, found.currency),
                "total": shown(note.total, found.currency),
            }
        )
    everything: dict[str, Any] = {
        **notes[0],
        "note": notes[0],
        "notes": notes,
        "invoice": answer(found),
        "sum_of_notes": shown(sums[-1], found.currency),
        "remaining": shown(found.gross - sums[-1], found.currency),
    }
    for key, value in case["expected"].items():
        seen = everything[key]
        assert value == ({one: seen[one] for one in value} if isinstance(value, dict) else seen)
    assert max(sums) <= found.gross


def opened(charge: Money) -> Invoice:
    """Return an open invoice over one line of an amount."""
    item = LineItem(
        no=1, text="Goods", quantity=Decimal(1), price=Decimal(charge.text), rate=NO_TAX
    )
    content = InvoiceContent(
        currency=charge.currency,
        mode=PriceMode.GROSS,
        kind=DocumentKind.PLAIN,
        customer=CustomerId(uuid7(AT, bytes(10))),
        lines=(item,),
    )
    draft = Invoice.drafted(InvoiceId(uuid7(AT, bytes(10))), content, at=AT)
    return attrs.evolve(draft, state=InvoiceState.OPEN, issue_date=date(2026, 11, 20))


@pytest.mark.parametrize("case", cases("balance"))
def test_balances_are_those_of_the_case(case: Case) -> None:
    """Credit, payment, credit note and refund leave what the case says is due and in credit."""
    given = case["input"]
    amounts = {
        key: Money.parse(given.get(key, "0"), USD)
        for key in ("charge", "then_charge", "account_credit", "paid", "adjust", "refund")
    }
    invoice = opened(amounts["charge"] or amounts["then_charge"])
    assert invoice.customer is not None
    credit, charged = amounts["account_credit"], invoice.gross
    if applied := min(credit, invoice.due):
        held = CustomerCredit(customer=invoice.customer, balance=credit)
        invoice, credit = apply_credit(invoice, held, applied, at=AT).invoice, credit - applied
    if amounts["paid"]:
        part = PaymentPart(payment=PaymentId(uuid7(AT, bytes(10))))
        booked = allocate(invoice, amounts["paid"], part, at=AT)
        invoice, credit = booked.invoice, credit + booked.granted
    if amounts["adjust"]:
        booked = book_note(invoice, amounts["adjust"], CreditNoteId(uuid7(AT, bytes(10))), at=AT)
        invoice, credit = booked.invoice, credit + booked.granted
        charged -= amounts["adjust"]
    found = {
        "charged": charged.text,
        "balance": invoice.due.text,
        "credit_left": (credit - amounts["refund"]).text,
    }
    assert case["expected"] == {key: found[key] for key in case["expected"]}


@pytest.mark.parametrize("case", cases("fx"))
def test_riel_are_those_of_the_case(case: Case) -> None:
    """Dollars are converted once, to whole riel, half away from zero."""
    exchange = ExchangeRate(
        base=USD,
        quote=KHR,
        rate=Decimal(case["input"]["rate_khr_per_usd"]),
        on=date(2026, 11, 20),
        source="merchant",
    )
    riel = exchange.convert(Money.parse(case["input"]["usd"], USD))
    assert case["expected"]["khr"] == riel.text


@pytest.mark.parametrize("case", cases("period"))
def test_periods_are_those_of_the_case(case: Case) -> None:
    """A monthly period is counted from its anchor and is half-open."""
    found = anchored_month(
        datetime.fromisoformat(case["input"]["anchor"]),
        datetime.fromisoformat(case["input"]["at"]),
    )
    expected = case["expected"]
    assert datetime.fromisoformat(expected["from"]) == found.start
    assert datetime.fromisoformat(expected["to"]) == found.end


def test_every_kind_of_case_is_judged_here_but_proration() -> None:
    """Proration is how plans are priced; every other kind has a test above."""
    kinds = {case["kind"] for case in FILE["cases"]}
    assert {"totals", "credit_note", "balance", "fx", "period", "proration"} == kinds
