"""Every gate's whole finding: result, code, cap, points and what it was judged on (section 5)."""

from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import (
    DUE,
    FIRST,
    aba_success,
    acleda,
    alert,
    bank_found,
    due,
    judged_at,
    unknown_bank,
)
from kasa.adapters.conformance.strategies_payments import NAMES, OWN_CODE, SHOP, read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments import gates
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.case import BankAnswer, Case
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    Direction,
    FieldReading,
    Outcome,
    PaymentEvidence,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.finding import Finding, differs, matches, unreadable
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import UsedReferences

NUMBER = "INV-2026-000001"
OTHER = AcceptedAccount(bank=BankCode("ACLEDA"), number="012888345", names=("SOKHA TEXTILES",))
FOUND = attrs.evolve(bank_found(), remark=ABSENT)


def case(evidence: PaymentEvidence, facts: dict[str, Any] | None = None, **changes: Any) -> Case:
    """Return an evidence beside what is due."""
    given = {"used": UsedReferences(), "at": judged_at(), **(facts or {})}
    return Case(evidence=evidence, expected=due(**changes), **given)


def picture(**changes: Any) -> PaymentEvidence:
    """Return an unknown bank's receipt of which little was read."""
    return unknown_bank(**{"labels": 1, "success_word": False, **changes})


RECEIPTS: list[tuple[PaymentEvidence, Finding]] = [
    (alert(receipt=read(ReceiptKind.OTHER)), matches()),
    (acleda(receipt=read(ReceiptKind.INVOICE)), differs(Reason.NOT_A_RECEIPT, detail="invoice")),
    (acleda(labels=4, amount=ABSENT), matches()),
    (acleda(labels=3, amount=ABSENT), unreadable(Reason.UNREADABLE)),
    (acleda(labels=3), matches()),
    (acleda(labels=0, success_word=False), matches()),
    (acleda(labels=3, references={}), unreadable(Reason.UNREADABLE)),
    (acleda(labels=3, references={"acleda.ref": read("1")}), unreadable(Reason.UNREADABLE)),
    (acleda(labels=3, references={"acleda.ref": UNREADABLE}), unreadable(Reason.UNREADABLE)),
    (picture(labels=2), matches()),
    (picture(labels=1), unreadable(Reason.UNREADABLE)),
    (picture(labels=1, success_word=True), matches()),
    (picture(labels=9, amount=ABSENT), unreadable(Reason.UNREADABLE)),
    (picture(labels=9, references={}), unreadable(Reason.UNREADABLE)),
    (picture(labels=9, receipt=ABSENT), matches()),
]


@pytest.mark.parametrize(("evidence", "found"), RECEIPTS)
def test_receipts(evidence: PaymentEvidence, found: Finding) -> None:
    """Four labels of a known bank make a receipt, else an amount with a well-formed reference."""
    assert found == gates.receipt(case(evidence))


OUTCOMES: list[tuple[PaymentEvidence, Finding]] = [
    (acleda(), matches()),
    (acleda(outcome=read(Outcome.PENDING)), differs(Reason.NOT_FINAL, detail="pending")),
    (alert(outcome=read(Outcome.REVERSED)), differs(Reason.NOT_FINAL, detail="reversed")),
    (acleda(outcome=UNREADABLE), unreadable(Reason.OUTCOME_UNREADABLE)),
    (alert(), matches()),
]


@pytest.mark.parametrize(("evidence", "found"), OUTCOMES)
def test_outcomes(evidence: PaymentEvidence, found: Finding) -> None:
    """What is not final differs, also when a bank says so; a bank's silence is enough."""
    assert found == gates.outcome(case(evidence))


RECEIVED = read(Direction.RECEIVED)
DIRECTIONS: list[tuple[PaymentEvidence, Finding]] = [
    (aba_success(), matches()),
    (aba_success(direction=ABSENT), unreadable(Reason.DIRECTION_UNREADABLE)),
    (alert(direction=RECEIVED), matches()),
    (aba_success(direction=RECEIVED), differs(Reason.DIRECTION_INCOMING)),
    (acleda(direction=RECEIVED), matches()),
    (acleda(direction=RECEIVED, recipient_account=read("010*** 385")), matches()),
    (
        acleda(direction=RECEIVED, recipient_account=read("*** 385")),
        differs(Reason.DIRECTION_INCOMING),
    ),
    (
        acleda(direction=RECEIVED, recipient_account=read("012 888 345")),
        differs(Reason.DIRECTION_INCOMING),
    ),
]


@pytest.mark.parametrize(("evidence", "found"), DIRECTIONS)
def test_directions(evidence: PaymentEvidence, found: Finding) -> None:
    """The payee's own screen counts only with the shop's account on it."""
    assert found == gates.direction(case(evidence))


def test_the_recipient_of_an_own_code() -> None:
    """The payment of a code of ours proves the receiver; else the print is judged."""
    proven = case(FOUND, own_codes=frozenset({OWN_CODE}))
    assert matches(Reason.RECIPIENT_MATCH, points=20) == gates.recipient(proven)
    printed = attrs.evolve(
        matches(Reason.RECIPIENT_MATCH, points=20),
        expected=" / ".join(sorted(NAMES)),
        seen=f"{NAMES[0]} 010 959 385",
    )
    assert printed == gates.recipient(case(acleda()))


def banks(result: Finding, expected: str, seen: str) -> Finding:
    """Return the finding about a printed bank."""
    return attrs.evolve(result, expected=expected, seen=seen)


BOTH = (SHOP, OTHER)
NOWHERE = AcceptedAccount(bank=BankCode(""), number="010959385", names=NAMES)
BANKS: list[tuple[PaymentEvidence, tuple[AcceptedAccount, ...], Finding]] = [
    (acleda(), (SHOP,), banks(matches(), "ABA", "ABA")),
    (acleda(recipient_bank=ABSENT), (SHOP,), unreadable()),
    (
        acleda(recipient_bank=read("Bank of Nowhere")),
        (SHOP,),
        banks(differs(Reason.BANK_DIFFERS), "ABA", "Bank of Nowhere"),
    ),
    (acleda(recipient_bank=read("Bakong")), (SHOP,), banks(unreadable(), "ABA", "BAKONG")),
    (acleda(), (NOWHERE,), unreadable()),
    (
        acleda(recipient_bank=read("ACLEDA Bank Plc.")),
        BOTH,
        banks(differs(Reason.BANK_DIFFERS), "ABA", "ACLEDA"),
    ),
    (
        acleda(recipient_bank=read("ACLEDA Bank Plc."), recipient_account=read("*** 345")),
        BOTH,
        banks(matches(), "ACLEDA", "ACLEDA"),
    ),
    (
        acleda(recipient_account=ABSENT, recipient_name=read("SOKHA TEXTILES")),
        BOTH,
        banks(differs(Reason.BANK_DIFFERS), "ACLEDA", "ABA"),
    ),
    (
        acleda(recipient_account=ABSENT, recipient_name=ABSENT),
        BOTH,
        banks(matches(), "ABA, ACLEDA", "ABA"),
    ),
    (
        acleda(recipient_account=ABSENT, recipient_bank=read("Wing Bank")),
        BOTH,
        banks(differs(Reason.BANK_DIFFERS), "ABA", "WING"),
    ),
]


@pytest.mark.parametrize(("evidence", "accounts", "found"), BANKS)
def test_banks(
    evidence: PaymentEvidence, accounts: tuple[AcceptedAccount, ...], found: Finding
) -> None:
    """The printed bank is that of the account meant: by its number, else its name, else of any."""
    assert found == gates.bank(case(evidence, accounts=accounts))


def test_references() -> None:
    """A used reference differs with the invoice it settled; every key that was read is shown."""
    used = case(acleda(), {"used": UsedReferences(first=FIRST)})
    wanted = attrs.evolve(differs(Reason.REFERENCE_USED), seen="INV-2026-000009")
    assert wanted == gates.reference(used)
    same = attrs.evolve(FIRST, same_file=True)
    again = case(acleda(references={}), {"used": UsedReferences(first=same)})
    assert attrs.evolve(wanted, code=Reason.SAME_FILE) == gates.reference(again)
    assert unreadable(Reason.REFERENCE_UNREADABLE) == gates.reference(case(acleda(references={})))
    two = {"ppc.trx": read("123456789"), "acleda.ref": read("62570012345")}
    shown = "acleda.ref 62570012345, ppc.trx 123456789|2026-09-14"
    assert attrs.evolve(matches(), seen=shown) == gates.reference(case(acleda(references=two)))


NAMED = attrs.evolve(matches(points=5), expected=NUMBER)
TARGETS: list[tuple[Case, Finding]] = [
    (case(acleda(remark=read("inv 2026 000001"))), NAMED),
    (case(acleda(bill_number=read(NUMBER)), answered=False), NAMED),
    (case(FOUND, own_codes=frozenset({OWN_CODE}), answered=False), NAMED),
    (
        case(FOUND, own_codes=frozenset({"0" * 32})),
        attrs.evolve(differs(Reason.OTHER_INVOICE), expected=NUMBER),
    ),
    (case(acleda()), attrs.evolve(matches(points=2), expected=NUMBER)),
    (case(acleda(), answered=False), unreadable(Reason.NO_INVOICE)),
    (
        case(acleda(remark=read("INV-9")), other_open=("INV-8", "INV-9")),
        attrs.evolve(differs(Reason.OTHER_INVOICE), expected=NUMBER, seen="INV-9"),
    ),
    (
        case(acleda(remark=read("thanks")), other_open=("INV-8",)),
        attrs.evolve(matches(points=2), expected=NUMBER),
    ),
    (
        case(acleda(remark=read(NUMBER)), {"fitting": 1}, candidate=True),
        unreadable(Reason.NO_INVOICE),
    ),
    (case(acleda(), {"fitting": 2}, candidate=True), unreadable(Reason.SEVERAL_INVOICES)),
]


@pytest.mark.parametrize(("given", "found"), TARGETS)
def test_targets(given: Case, found: Finding) -> None:
    """The named invoice gives 5 points, the answered one 2; another one named differs."""
    assert found == gates.target(given)


ANSWERS = [
    (BankAnswer.FAILED, differs(Reason.BANK_FAILED, cap=40)),
    (BankAnswer.NOT_FOUND, differs(Reason.BANK_NOT_FOUND, cap=60)),
    (BankAnswer.DUE, unreadable(Reason.BANK_WAITING)),
    (BankAnswer.FOUND, matches()),
    (BankAnswer.CANNOT_TELL, matches()),
    (BankAnswer.NOT_ASKED, matches()),
]


@pytest.mark.parametrize(("answer", "found"), ANSWERS)
def test_bank_answers(answer: BankAnswer, found: Finding) -> None:
    """A failed transfer caps at 40, an unknown one at 60; a bank that cannot tell is no sign."""
    assert found == gates.bank_answer(case(acleda(), {"bank": answer}))


def test_suspicions() -> None:
    """The first suspicion in the order of codes is the reason, the others are its notes."""
    assert matches() == gates.suspicion(case(acleda()))
    used = UsedReferences(elsewhere=True, suspicions=("same_transfer", "near_duplicate"))
    own = acleda(payer_account=read("010 959 385"))
    notes = (Reason.OWN_TRANSFER, Reason.SAME_TRANSFER, Reason.SEEN_ELSEWHERE)
    wanted = attrs.evolve(differs(Reason.NEAR_DUPLICATE), notes=notes)
    assert wanted == gates.suspicion(case(own, {"used": used}))
    elsewhere = case(acleda(), {"used": UsedReferences(elsewhere=True)})
    assert differs(Reason.SEEN_ELSEWHERE) == gates.suspicion(elsewhere)


def test_consistency() -> None:
    """Rows that disagree are shown beside the headline; without one nothing is compared."""
    rows = (Money(24_000, KHR), Money(600, USD))
    wanted = attrs.evolve(
        differs(Reason.AMOUNT_CONTESTED),
        expected="25000 KHR",
        seen="24000 KHR, 6.00 USD, 25000 KHR",
    )
    assert wanted == gates.consistency(case(acleda(amount_rows=rows)))
    assert matches() == gates.consistency(case(acleda(amount_rows=(DUE,))))
    assert unreadable() == gates.consistency(case(acleda(amount_rows=rows, amount=UNREADABLE)))


def test_a_reading_of_nothing() -> None:
    """What was only typed in is not compared by any gate."""
    nothing: FieldReading[Money] = read(DUE, source=Source.MANUAL)
    wanted = attrs.evolve(unreadable(Reason.AMOUNT_UNREADABLE), expected="25000 KHR")
    assert wanted == gates.amount(case(acleda(amount=nothing)))
