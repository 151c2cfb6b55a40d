"""What the bank was asked."""

from datetime import datetime

import attrs

from kasa.adapters.memory.payments.rows import CODES
from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.bank_questions import CODES_LISTED, BankQuestion, Spent
from kasa.domain.kernel.ids import BankQuestionId, InvoiceId, PaymentId
from kasa.domain.payments.asking import OwnCode, PastQuestion

QUESTIONS = Table[BankQuestionId, BankQuestion]("bank_questions")


class MemoryBankQuestions:
    """Questions of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def spent(self, question: BankQuestion, *, since: datetime) -> Spent:
        """Count what was asked before; nobody else of the shop counts meanwhile."""
        every = self._rows.read(QUESTIONS).values()
        of_payment = question.invoice is None
        return Spent(
            by_shop=sum(one.asked_at > since for one in every),
            for_invoice=sum(
                one.payment == question.payment if of_payment else one.invoice == question.invoice
                for one in every
            ),
        )

    def add(self, question: BankQuestion) -> None:
        """Write a question down that is about to be asked."""
        self._rows.add(QUESTIONS, question.id, question)

    def answered(self, id: BankQuestionId, answer: str, status: int) -> None:
        """Write down the answer of a question; the last one stands."""
        asked = self._rows.get(QUESTIONS, id)
        self._rows.write(QUESTIONS)[id] = attrs.evolve(asked, answer=answer, status=status)


class MemoryBankQuestionViews:
    """Reads of questions to the bank."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def of_payment(self, payment: PaymentId) -> tuple[PastQuestion, ...]:
        """Return what was asked about a payment, oldest first."""
        return tuple(one.past for one in self._ordered() if one.payment == payment)

    def of_code(self, md5: str) -> tuple[PastQuestion, ...]:
        """Return what was asked about a code, oldest first."""
        return tuple(one.past for one in self._ordered() if one.value == md5)

    def codes(self, invoice: InvoiceId) -> tuple[OwnCode, ...]:
        """Return the dynamic codes that were shown for an invoice, newest first, at most 5."""
        found = [
            OwnCode(
                md5=one.md5,
                money=one.amount,
                created_at=one.created_at,
                expires_at=one.expires_at,
            )
            for one in self._rows.read(CODES).values()
            if one.invoice == invoice and one.amount is not None and one.expires_at is not None
        ]
        found.sort(key=lambda code: (code.created_at, code.md5), reverse=True)
        return tuple(found[:CODES_LISTED])

    def _ordered(self) -> list[BankQuestion]:
        every = self._rows.read(QUESTIONS).values()
        return sorted(every, key=lambda one: (one.asked_at, one.id))
