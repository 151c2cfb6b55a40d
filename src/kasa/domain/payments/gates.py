"""The gates of the verdict: each caps what a payment can reach (payments.md, section 5)."""

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.account import AcceptedAccount, printed_bank
from kasa.domain.payments.bank_names import compare_bank
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.case import BankAnswer, Case
from kasa.domain.payments.comparisons import (
    compare_amount,
    compare_currency,
    compare_reference_date,
    compare_time,
    is_consistent,
    labelled_rows,
)
from kasa.domain.payments.evidence import (
    Direction,
    Outcome,
    PaymentEvidence,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.expected_payment import BankCheck, names_invoice, own_code_of
from kasa.domain.payments.finding import Finding, Result, differs, matches, unreadable
from kasa.domain.payments.names import NameLikeness, likeness
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.recipients import (
    FULL,
    AccountLikeness,
    account_likeness,
    is_own,
    judge_recipient,
)
from kasa.domain.payments.references import is_well_formed, paid_day, reference_keys

GENERIC = "generic"
LABELS_OF_A_RECEIPT = 4
LABELS_OF_A_GENERIC_RECEIPT = 2
NAMED = 5
ANSWERED = 2


def receipt(case: Case) -> Finding:
    """Judge whether this is a receipt at all: an amount with a reference, labels, or a bank."""
    evidence = case.evidence
    kind = evidence.known(evidence.receipt)
    if case.by_bank:
        return matches()
    if kind is not None and kind is not ReceiptKind.RECEIPT:
        return differs(Reason.NOT_A_RECEIPT, detail=kind.value)
    generic = evidence.layout == GENERIC
    if not generic and evidence.labels >= LABELS_OF_A_RECEIPT:
        return matches()
    spoken = evidence.success_word or evidence.labels >= LABELS_OF_A_GENERIC_RECEIPT
    paid = evidence.known(evidence.amount) is not None and _references(evidence)
    if paid and (spoken or not generic):
        return matches()
    return unreadable(Reason.UNREADABLE)


def _references(evidence: PaymentEvidence) -> bool:
    return any(
        (value := evidence.known(reading)) is not None and is_well_formed(scheme, value)
        for scheme, reading in evidence.references.items()
    )


def outcome(case: Case) -> Finding:
    """Judge whether the transfer is finished; checked before everything that adds up."""
    seen = case.evidence.known(case.evidence.outcome)
    if seen is not None and seen is not Outcome.FINAL:
        return differs(Reason.NOT_FINAL, detail=seen.value)
    if seen is Outcome.FINAL or case.by_bank:
        return matches()
    return unreadable(Reason.OUTCOME_UNREADABLE)


def direction(case: Case) -> Finding:
    """Judge whose screen it is: the payer's, or the payee's whose printed account is ours."""
    evidence = case.evidence
    seen = evidence.known(evidence.direction)
    if case.by_bank or seen is Direction.SENT:
        return matches()
    if seen is None:
        return unreadable(Reason.DIRECTION_UNREADABLE)
    number = evidence.known(evidence.recipient_account)
    ours = number is not None and any(
        account_likeness(number, account.number) >= AccountLikeness.MASKED
        for account in case.expected.accounts
    )
    return matches() if ours else differs(Reason.DIRECTION_INCOMING)


def amount(case: Case) -> Finding:
    """Judge the headline: exactly due, in its own currency."""
    return compare_amount(case.evidence, case.expected, case.parts)


def currency(case: Case) -> Finding:
    """Judge the headline's currency."""
    return compare_currency(case.evidence, case.expected)


def recipient(case: Case) -> Finding:
    """Judge whether the money went to the shop."""
    if case.own_code:
        return matches(Reason.RECIPIENT_MATCH, points=FULL)
    return judge_recipient(case.evidence, case.expected.accounts)


def bank(case: Case) -> Finding:
    """Judge the printed bank of the receiver against those of the accepted accounts."""
    evidence = case.evidence
    printed = evidence.known(evidence.recipient_bank)
    wanted = {account.bank for account in _matched_accounts(case) if account.bank}
    if printed is None or not wanted:
        return unreadable()
    found = {
        Result.MATCH: matches(),
        Result.DIFFERS: differs(Reason.BANK_DIFFERS),
        Result.UNREADABLE: unreadable(),
    }[compare_bank(evidence.recipient_bank, wanted)]
    seen = printed_bank(printed) or printed
    return attrs.evolve(found, expected=", ".join(sorted(wanted)), seen=seen)


def _matched_accounts(case: Case) -> tuple[AcceptedAccount, ...]:
    evidence, accounts = case.evidence, case.expected.accounts
    number = evidence.known(evidence.recipient_account)
    name = evidence.known(evidence.recipient_name)
    by_number = [
        one
        for one in accounts
        if number is not None and account_likeness(number, one.number) >= AccountLikeness.HELPS
    ]
    by_name = [
        one
        for one in accounts
        if name is not None
        and any(likeness(name, known) >= NameLikeness.SHORT for known in one.names)
    ]
    return tuple(by_number or by_name or accounts)


def reference(case: Case) -> Finding:
    """Judge that the transfer has an id of its own and that nobody used it before."""
    first = case.used.first
    if first is not None:
        code = Reason.SAME_FILE if first.same_file else Reason.REFERENCE_USED
        return attrs.evolve(differs(code), seen=first.invoice_number)
    keys = reference_keys(case.evidence, case.expected.submitted_at).read
    if not keys:
        return unreadable(Reason.REFERENCE_UNREADABLE)
    return attrs.evolve(matches(), seen=", ".join(f"{key.scheme} {key.value}" for key in keys))


def time(case: Case) -> Finding:
    """Judge the moment of payment against issue and submission."""
    return compare_time(case.evidence, case.expected)


def reference_date(case: Case) -> Finding:
    """Judge the printed day against the day inside the reference."""
    return compare_reference_date(case.evidence, case.expected)


def target(case: Case) -> Finding:
    """Judge which invoice is meant: named by the evidence, or answered by who sent it.

    The code of another invoice, or another number beside this one, speaks against it.
    """
    evidence, expected = case.evidence, case.expected
    if expected.candidate:
        several = case.fitting > 1
        return unreadable(Reason.SEVERAL_INVOICES if several else Reason.NO_INVOICE)
    if case.own_code:
        return attrs.evolve(matches(points=NAMED), expected=expected.number)
    other = next((one for one in expected.other_open if names_invoice(evidence, one)), None)
    if other is not None or own_code_of(evidence) is not None:
        found = attrs.evolve(differs(Reason.OTHER_INVOICE), expected=expected.number)
        return found if other is None else attrs.evolve(found, seen=other)
    if names_invoice(evidence, expected.number):
        return attrs.evolve(matches(points=NAMED), expected=expected.number)
    if expected.answered:
        return attrs.evolve(matches(points=ANSWERED), expected=expected.number)
    return unreadable(Reason.NO_INVOICE)


def bank_answer(case: Case) -> Finding:
    """Judge what the bank said; that it cannot be asked never counts."""
    if case.bank is BankAnswer.FAILED:
        return differs(Reason.BANK_FAILED, cap=40)
    if case.bank is BankAnswer.NOT_FOUND:
        return differs(Reason.BANK_NOT_FOUND, cap=60)
    if case.bank is BankAnswer.DUE:
        return unreadable(Reason.BANK_WAITING)
    return matches()


def suspicion(case: Case) -> Finding:
    """Judge whether the payment resembles another one, or was seen where it should not be."""
    found = {Reason(code) for code in case.used.suspicions}
    if case.used.elsewhere:
        found.add(Reason.SEEN_ELSEWHERE)
    if is_own(case.evidence, case.expected.accounts):
        found.add(Reason.OWN_TRANSFER)
    if not found:
        return matches()
    first, *rest = sorted(found)
    return attrs.evolve(differs(first), notes=tuple(rest))


def consistency(case: Case) -> Finding:
    """Judge whether the labelled amounts of the receipt agree with its headline."""
    headline = case.evidence.known(case.evidence.amount)
    if headline is None:
        return unreadable()
    if is_consistent(case.evidence, headline):
        return matches()
    rows = ", ".join(str(row) for row in labelled_rows(case.evidence))
    return attrs.evolve(differs(Reason.AMOUNT_CONTESTED), expected=str(headline), seen=rows)


def policy(case: Case) -> Finding:
    """Judge the shop's own rules."""
    checks = (_automatic, _ceiling, _confirmed, _fresh, _awaited)
    broken = (code for check in checks if (code := check(case)) is not None)
    code = next(broken, None)
    if code is None:
        return matches()
    silent = code is Reason.CONFIRMATION_REQUIRED and case.bank is BankAnswer.CANNOT_TELL
    notes = (Reason.BANK_UNAVAILABLE,) if silent else ()
    return attrs.evolve(differs(code), notes=notes)


def _automatic(case: Case) -> Reason | None:
    return None if case.expected.policy.auto_approve else Reason.AUTO_OFF


def _ceiling(case: Case) -> Reason | None:
    paid = case.paid
    if paid is None or case.by_bank:
        return None
    over = any(
        ceiling.currency == paid.currency and paid > ceiling
        for ceiling in case.expected.policy.ceilings
    )
    return Reason.OVER_CEILING if over else None


def _confirmed(case: Case) -> Reason | None:
    rules, sources = case.expected.policy, case.evidence.sources
    asked = {Source.BANK_API, Source.SHORT_HASH}
    if sources - {Source.MANUAL} == {Source.ALERT_INGESTED} and not rules.trust_ingest:
        return Reason.CONFIRMATION_REQUIRED
    if rules.bank_check is not BankCheck.REQUIRE or asked & sources:
        return None
    due = case.bank is BankAnswer.DUE
    return Reason.BANK_WAITING if due else Reason.CONFIRMATION_REQUIRED


def _fresh(case: Case) -> Reason | None:
    paid_at = case.evidence.known(case.evidence.paid_at)
    submitted_at, limit = case.expected.submitted_at, case.expected.policy.stale_after
    day = paid_day(case.evidence, submitted_at)
    if day is None:
        return None
    days = business_date(submitted_at, BANK_ZONE) - day
    age = days if paid_at is None else submitted_at - paid_at
    return Reason.STALE if age > limit else None


def _awaited(case: Case) -> Reason | None:
    wait = case.expected.policy.await_alert
    if wait is None or case.by_bank:
        return None
    runs = case.at < case.expected.submitted_at + wait
    return Reason.BANK_WAITING if runs else Reason.CONFIRMATION_REQUIRED
