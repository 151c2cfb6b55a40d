"""What the store of questions to the bank must do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.payments.making import added
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.ports.bank_questions import CODES_LISTED, BankQuestion, Spent
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import KhqrShown
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import BankQuestionId, InvoiceId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.asking import OwnCode
from kasa.domain.payments.bank_reply import QuestionKind

RACERS = 20
BEFORE = PAID_AT - timedelta(minutes=1)


def question(
    ports: Ports,
    *,
    payment: PaymentId | None = None,
    invoice: InvoiceId | None = None,
    later: int = 0,
    value: str = "a" * 32,
) -> BankQuestion:
    """Return a question some seconds after the first moment."""
    return BankQuestion(
        id=BankQuestionId(ports.ids.new(PAID_AT)),
        kind=QuestionKind.OWN_CODE,
        value=value,
        asked_at=PAID_AT + timedelta(seconds=later),
        payment=payment,
        invoice=invoice,
    )


def asked(ports: Ports, actor: Actor, one: BankQuestion) -> Spent:
    """Write a question down and return what was spent before it."""
    with ports.unit_of_work(actor) as work:
        spent = work.bank_questions.spent(one, since=BEFORE)
        work.bank_questions.add(one)
    return spent


class BankQuestionsConformance:
    """Questions are counted before they are asked, and keep their answers."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_question_keeps_its_answer(self) -> None:
        """It is written down without an answer; the last answer stands."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        one = question(ports, payment=payment.id)
        asked(ports, owner, one)
        with ports.unit_of_work.read_only(owner) as view:
            assert [one.past] == list(view.bank_questions.of_payment(payment.id))
        with ports.unit_of_work(owner) as work:
            work.bank_questions.answered(one.id, "outage", 503)
            work.bank_questions.answered(one.id, "found", 200)
        with ports.unit_of_work.read_only(owner) as view:
            found = attrs.evolve(one.past, answer="found")
            assert [found] == list(view.bank_questions.of_payment(payment.id))
            assert [found] == list(view.bank_questions.of_code(one.value))
            assert [] == list(view.bank_questions.of_code("b" * 32))

    def test_questions_are_listed_in_the_order_asked(self) -> None:
        """The oldest comes first, however they were written down."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        late, early = (question(ports, payment=payment.id, later=n) for n in (5, 1))
        for one in (late, early):
            asked(ports, owner, one)
        with ports.unit_of_work.read_only(owner) as view:
            past = view.bank_questions.of_payment(payment.id)
        assert [early.past, late.past] == list(past)

    def test_the_shop_and_the_invoice_are_counted(self) -> None:
        """A shop counts since a moment, an invoice ever, a payment without one by itself."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        one, other = added(ports, owner), added(ports, owner)
        invoice = InvoiceId(ports.ids.new(PAID_AT))
        asked(ports, owner, question(ports, payment=one.id, invoice=invoice, later=-90))
        asked(ports, owner, question(ports, invoice=invoice))
        asked(ports, owner, question(ports, payment=other.id))
        spent = asked(ports, owner, question(ports, payment=one.id, invoice=invoice))
        assert Spent(by_shop=2, for_invoice=2) == spent
        spent = asked(ports, owner, question(ports, payment=other.id))
        assert Spent(by_shop=3, for_invoice=1) == spent
        spent = asked(ports, stranger, question(ports, invoice=invoice))
        assert Spent(by_shop=0, for_invoice=0) == spent

    def test_a_rollback_asks_nothing(self) -> None:
        """A question of a unit of work that failed was not asked."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        with pytest.raises(NotFound), ports.unit_of_work(owner) as work:
            work.bank_questions.add(question(ports, payment=payment.id))
            raise NotFound
        with ports.unit_of_work.read_only(owner) as view:
            assert [] == list(view.bank_questions.of_payment(payment.id))

    def test_two_askers_do_not_count_past_each_other(self) -> None:
        """Of many that ask at once each sees all that were written down before it."""
        ports = self.make_ports()
        owner = new_shop(ports)
        payment = added(ports, owner)
        every = [question(ports, payment=payment.id) for _ in range(RACERS)]
        with ThreadPoolExecutor(4) as threads:
            spent = list(threads.map(lambda one: asked(ports, owner, one), every))
        assert list(range(RACERS)) == sorted(one.for_invoice for one in spent)

    def test_codes_that_can_be_asked_for(self) -> None:
        """Dynamic codes of the invoice, the newest first, at most five; static ones never."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        invoice = InvoiceId(ports.ids.new(PAID_AT))
        shown = [
            KhqrShown(
                md5=f"{number:032x}",
                payload="000201",
                invoice=invoice,
                amount=Money(25_000, KHR),
                currency=KHR,
                created_at=PAID_AT + timedelta(minutes=number),
                expires_at=PAID_AT + timedelta(minutes=number + 10),
            )
            for number in range(CODES_LISTED + 2)
        ]
        static = attrs.evolve(shown[0], md5="f" * 32, amount=None, expires_at=None)
        with ports.unit_of_work(owner) as work:
            for code in (static, *shown):
                work.khqr.add(code)
        newest = [
            OwnCode(
                md5=code.md5,
                money=Money(25_000, KHR),
                created_at=code.created_at,
                expires_at=code.created_at + timedelta(minutes=10),
            )
            for code in reversed(shown[2:])
        ]
        with ports.unit_of_work.read_only(owner) as view:
            assert newest == list(view.bank_questions.codes(invoice))
        with ports.unit_of_work.read_only(stranger) as view:
            assert [] == list(view.bank_questions.codes(invoice))
