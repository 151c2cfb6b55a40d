"""Receiving accounts, rules of matching, what members may read, and submitting."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import acleda, codes
from kasa.adapters.conformance.strategies_payments import NAMES, read
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.submitting import (
    EvidenceMissing,
    NewEvidence,
    TooManyPictures,
    TooMuchEvidence,
)
from kasa.domain.identity.access import Actor, Role, RoleTooLow
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AccountId, ClientId, ContactId, InvoiceId, UserId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.account import (
    AccountNumberInvalid,
    AccountTaken,
    BankUnknown,
    NameTooShort,
    NoNewName,
    TooManyNames,
    printed_bank,
)
from kasa.domain.payments.evidence import ABSENT, PaymentEvidence
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer

ACCOUNT = NewAccount(bank="aba", number="010 959-385", names=("Sokha Textiles",))


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


REFUSED = [
    (attrs.evolve(ACCOUNT, bank="nowhere"), BankUnknown),
    (attrs.evolve(ACCOUNT, number="12345"), AccountNumberInvalid),
    (attrs.evolve(ACCOUNT, number="1" * 21), AccountNumberInvalid),
    (attrs.evolve(ACCOUNT, number="01095938x"), AccountNumberInvalid),
    (attrs.evolve(ACCOUNT, names=("Abc",)), NameTooShort),
    (attrs.evolve(ACCOUNT, names=("MR A.",)), NameTooShort),
    (attrs.evolve(ACCOUNT, names=tuple(f"Name {n:04d}" for n in range(21))), TooManyNames),
]


@pytest.mark.parametrize(("new", "refusal"), REFUSED)
def test_bad_accounts_are_refused(desk: Desk, new: NewAccount, refusal: type[Exception]) -> None:
    """An unknown bank, a number that is none, and names that are too short have their codes."""
    before = desk.kasa.payments.queries.accounts(desk.owner)
    with pytest.raises(refusal):
        desk.kasa.payments.add_account(desk.owner, new)
    assert before == desk.kasa.payments.queries.accounts(desk.owner)


def test_accounts_are_added_named_and_archived(desk: Desk) -> None:
    """Numbers are kept as digits, names once each; an archived account no longer matches."""
    payments = desk.kasa.payments
    new = attrs.evolve(ACCOUNT, number="០២០ 959 385", names=("Sokha Silk", "Sokha Silk"))
    account = payments.add_account(desk.owner, new)
    assert ("ABA", "020959385", 1) == (account.bank, account.number, len(account.names))
    named = payments.set_accepted_names(desk.owner, account.id, ("Dara",), short_name_alone=True)
    assert (("Dara",), True, 2) == (
        named.accepted.names,
        named.accepted.short_name_alone,
        named.version,
    )
    archived = payments.archive_account(desk.owner, account.id)
    assert desk.clock.now() == archived.archived_at
    assert archived == payments.archive_account(desk.owner, account.id)
    assert archived == payments.queries.account(desk.owner, account.id)
    for one in payments.queries.accounts(desk.owner):
        payments.archive_account(desk.owner, one.id)
    payment = desk.submit(transfer(1), desk.issue())
    assert payment.verdict is not None
    assert "no_recipient_configured" in [reason.value for reason in payment.verdict.reasons]


def test_an_account_is_added_once(desk: Desk) -> None:
    """However its number is written; archived, it may be added again."""
    (known,) = desk.kasa.payments.queries.accounts(desk.owner)
    with pytest.raises(AccountTaken):
        desk.kasa.payments.add_account(desk.owner, ACCOUNT)
    desk.kasa.payments.archive_account(desk.owner, known.id)
    again = desk.kasa.payments.add_account(desk.owner, ACCOUNT)
    assert [again.id, known.id] == [
        account.id for account in desk.kasa.payments.queries.accounts(desk.owner)
    ]


def test_accounts_belong_to_the_owner(desk: Desk) -> None:
    """A clerk changes no account; an unknown account is not found."""
    clerk = desk.person(Role.USER)
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.add_account(clerk, ACCOUNT)
    missing = AccountId(desk.cloth.id)
    with pytest.raises(NotFound):
        desk.kasa.payments.set_accepted_names(desk.owner, missing, NAMES)
    with pytest.raises(NotFound):
        desk.kasa.payments.archive_account(desk.owner, missing)


def test_the_shops_own_rules_hold(desk: Desk) -> None:
    """With automatic approval off a perfect receipt goes to a person."""
    policy = MatchPolicy(auto_approve=False)
    desk.kasa.payments.set_policy(desk.owner, policy)
    assert policy == desk.kasa.payments.queries.policy(desk.owner)
    assert PaymentState.IN_REVIEW is desk.submit(transfer(1), desk.issue()).state


@pytest.mark.parametrize(
    ("text", "bank"),
    [
        ("ABA Bank", "ABA"),
        ("ADVANCED BANK OF ASIA LIMITED", "ABA"),
        ("ACLEDA Bank Plc.", "ACLEDA"),
        ("Wing Bank (Cambodia) Plc", "WING"),
        ("aba", "ABA"),
        ("Bank of Nowhere", None),
        ("", None),
    ],
)
def test_printed_banks(text: str, bank: str | None) -> None:
    """A bank is known by what its receipts print, company words aside."""
    assert bank == printed_bank(text)


def test_submissions_are_bounded(desk: Desk) -> None:
    """One to ten pictures, for an invoice that is there."""
    submit = desk.kasa.payments.submit
    with pytest.raises(EvidenceMissing):
        submit(desk.owner, NewEvidence(pictures=()))
    with pytest.raises(TooManyPictures):
        submit(desk.owner, NewEvidence(pictures=(b"x",) * 11))
    missing = NewEvidence(pictures=(b"x",), invoice=transfer_invoice(desk))
    with pytest.raises(NotFound):
        submit(desk.owner, missing)
    both = submit(desk.owner, NewEvidence(pictures=(b"one", b"two"))).payments
    assert [PaymentState.SUBMITTED] * 2 == [payment.state for payment in both]
    assert 2 == len({payment.id for payment in both})


def transfer_invoice(desk: Desk) -> InvoiceId:
    """Return the id of something that is no invoice."""
    return InvoiceId(desk.cloth.id)


def test_a_customer_sends_at_most_twenty_an_hour(desk: Desk) -> None:
    """More has to wait; the shop itself may send 200; an hour later it goes on."""
    contact = ContactId(desk.cloth.id)
    customer = Actor.customer(desk.owner.tenant, contact)
    ten = NewEvidence(pictures=tuple(f"{n}".encode() for n in range(10)))
    submit = desk.kasa.payments.submit
    for _ in range(2):
        submit(customer, ten)
    with pytest.raises(TooMuchEvidence):
        submit(customer, NewEvidence(pictures=(b"one more",)))
    for _ in range(18):
        submit(desk.owner, ten)
    with pytest.raises(TooMuchEvidence):
        submit(desk.owner, NewEvidence(pictures=(b"one more",)))
    desk.clock.pass_time(timedelta(hours=1))
    assert 1 == len(submit(customer, NewEvidence(pictures=(b"one more",))).payments)


def test_payers_are_masked(desk: Desk) -> None:
    """Viewers see the last three digits of a payer's account, those who send receipts all."""
    seen = attrs.evolve(transfer(1), payer_account=read("000 146 564"))
    payment = desk.submit(seen, desk.issue())
    viewer = Actor.member(desk.owner.tenant, UserId(desk.cloth.id), Role.VIEWER)
    key = Actor.key(desk.owner.tenant, ClientId(desk.cloth.id), frozenset({"read"}))
    seen_by = []
    for actor in (viewer, key, desk.owner):
        shown = desk.kasa.payments.queries.payment(actor, payment.id)
        assert shown.inputs is not None
        seen_by.append(shown.inputs.evidence.payer_account.value)
        (sent,) = desk.kasa.payments.evidence.of_payment(actor, payment.id)
        assert sent.evidence.evidence is not None
        assert seen_by[-1] == sent.evidence.evidence.payer_account.value
    assert ["*** *** 564", "*** *** 564", "000 146 564"] == seen_by
    assert 1 == len(desk.kasa.payments.queries.payments(desk.owner).items)


def test_a_new_spelling_is_accepted_with_one_tap(desk: Desk) -> None:
    """The name beside our own account becomes an accepted one, once, and counts from then on."""
    spelled = acleda(recipient_name=read("SOKHA TEXTILES SHOP"))
    payment = desk.submit(spelled, desk.issue())
    assert payment.verdict is not None
    assert (PaymentState.APPROVED, True) == (
        payment.state,
        "recipient_name_new" in codes(payment.verdict),
    )
    (before,) = desk.kasa.payments.queries.accounts(desk.owner)
    after = desk.kasa.payments.accept_name(desk.owner, payment.id)
    assert (*before.accepted.names, "SOKHA TEXTILES SHOP") == after.accepted.names
    assert after == desk.kasa.payments.accept_name(desk.owner, payment.id)
    named = attrs.evolve(transfer(900), recipient_name=read("Sokha Textiles Shop"))
    assert PaymentState.APPROVED is desk.submit(named, desk.issue()).state


@pytest.mark.parametrize(
    "shown",
    [
        acleda(amount=read(Money(24_000, KHR)), debited=ABSENT, recipient_name=read("SOME NEW")),
        transfer(1),
        acleda(recipient_name=read("SOKHA TEXT...", cut=True)),
        acleda(recipient_name=ABSENT),
    ],
)
def test_no_other_name_is_accepted(desk: Desk, shown: PaymentEvidence) -> None:
    """Not of a payment in review, without an account beside it, cut, or unread; not by a clerk."""
    payment = desk.submit(shown, desk.issue())
    with pytest.raises(NoNewName):
        desk.kasa.payments.accept_name(desk.owner, payment.id)
    with pytest.raises(RoleTooLow):
        desk.kasa.payments.accept_name(desk.person(Role.ADMIN), payment.id)
