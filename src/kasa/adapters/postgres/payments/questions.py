"""What the bank was asked."""

from datetime import datetime

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.application.ports.bank_questions import CODES_LISTED, BankQuestion, Spent
from kasa.domain.kernel.ids import BankQuestionId, InvoiceId, PaymentId
from kasa.domain.kernel.money import Money, currency
from kasa.domain.payments.asking import OwnCode, PastQuestion
from kasa.domain.payments.bank_reply import QuestionKind

ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('bank_questions ' || :tenant, 0))")
SPENT = text(
    "SELECT count(*) FILTER (WHERE asked_at > :since) AS by_shop, count(*) FILTER ("
    "WHERE CASE WHEN CAST(:invoice AS uuid) IS NULL THEN payment_id = CAST(:payment AS uuid) "
    "ELSE invoice_id = CAST(:invoice AS uuid) END) AS for_invoice "
    "FROM bank_questions WHERE tenant_id = :tenant AND (asked_at > :since "
    "OR payment_id = CAST(:payment AS uuid) OR invoice_id = CAST(:invoice AS uuid))"
)
ADD = text(
    "INSERT INTO bank_questions (tenant_id, id, payment_id, invoice_id, kind, value, asked_at, "
    "answer, http_status) VALUES (:tenant, :id, :payment, :invoice, :kind, :value, :asked_at, "
    ":answer, :status)"
)
ANSWERED = text(
    "UPDATE bank_questions SET answer = :answer, http_status = :status "
    "WHERE tenant_id = :tenant AND id = :id"
)
OF_PAYMENT = text(
    "SELECT * FROM bank_questions WHERE tenant_id = :tenant AND payment_id = :payment "
    "ORDER BY asked_at, id"
)
OF_CODE = text(
    "SELECT * FROM bank_questions WHERE tenant_id = :tenant AND value = :md5 ORDER BY asked_at, id"
)
CODES = text(
    "SELECT * FROM khqr_codes WHERE tenant_id = :tenant AND invoice_id = :invoice "
    "AND amount_minor IS NOT NULL AND expires_at IS NOT NULL "
    "ORDER BY created_at DESC, md5 DESC LIMIT :limit"
)


class PostgresBankQuestions:
    """Questions of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def spent(self, question: BankQuestion, *, since: datetime) -> Spent:
        """Count what was asked before; nobody else of the shop counts meanwhile."""
        self._rows.first(ALONE)
        row = self._rows.get(SPENT, since=since, invoice=question.invoice, payment=question.payment)
        return Spent(by_shop=row["by_shop"], for_invoice=row["for_invoice"])

    def add(self, question: BankQuestion) -> None:
        """Write a question down that is about to be asked."""
        self._rows.write(
            ADD,
            id=question.id,
            payment=question.payment,
            invoice=question.invoice,
            kind=question.kind.value,
            value=question.value,
            asked_at=question.asked_at,
            answer=question.answer,
            status=question.status,
        )

    def answered(self, id: BankQuestionId, answer: str, status: int) -> None:
        """Write down the answer of a question; the last one stands."""
        self._rows.write(ANSWERED, id=id, answer=answer, status=status)


class PostgresBankQuestionViews:
    """Reads of questions to the bank, of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of_payment(self, payment: PaymentId) -> tuple[PastQuestion, ...]:
        """Return what was asked about a payment, oldest first."""
        return tuple(map(_past, self._rows.all(OF_PAYMENT, payment=payment)))

    def of_code(self, md5: str) -> tuple[PastQuestion, ...]:
        """Return what was asked about a code, oldest first."""
        return tuple(map(_past, self._rows.all(OF_CODE, md5=md5)))

    def codes(self, invoice: InvoiceId) -> tuple[OwnCode, ...]:
        """Return the dynamic codes that were shown for an invoice, newest first, at most 5."""
        found = self._rows.all(CODES, invoice=invoice, limit=CODES_LISTED)
        return tuple(
            OwnCode(
                md5=row["md5"],
                money=Money(row["amount_minor"], currency(row["currency"])),
                created_at=row["created_at"],
                expires_at=row["expires_at"],
            )
            for row in found
        )


def _past(row: Row) -> PastQuestion:
    return PastQuestion(
        kind=QuestionKind(row["kind"]),
        value=row["value"],
        asked_at=row["asked_at"],
        answer=row["answer"],
    )
