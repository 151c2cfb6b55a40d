"""What members may read about payments and receiving accounts."""

from collections.abc import Sequence
from typing import ClassVar

import attrs

from kasa.application.payments.replaying import NotJudged, Replayed, replay
from kasa.application.payments.seeing import seen_payment
from kasa.application.ports.payments import PaymentSummary
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import AccountId, InvoiceId, PaymentId
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState


@attrs.frozen(kw_only=True, eq=False)
class PaymentQueries:
    """What members may read; viewers see the last 3 digits of payers' account numbers only."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def payment(self, actor: Actor, payment_id: PaymentId) -> Payment:
        """Return a payment with its verdict, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return seen_payment(actor, view.payments.show(payment_id))

    def replayed(self, actor: Actor, payment_id: PaymentId) -> Replayed:
        """Judge a stored payment again on its stored inputs, or raise NotFound.

        Raises ``replay.not_judged`` for one that has no verdict. Nothing is stored.
        """
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            found = view.payments.show(payment_id)
        if found.inputs is None or found.verdict is None:
            raise NotJudged
        return replay(found.inputs, found.verdict)

    def payments(
        self,
        actor: Actor,
        *,
        states: Sequence[PaymentState] = (),
        invoice: InvoiceId | None = None,
        reason: str = "",
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[PaymentSummary]:
        """Return a page of payments, oldest first; ``reason``: those whose verdict gives it."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.payments.listed(
                states=states, invoice=invoice, reason=reason, after=after, limit=limit
            )

    def accounts(self, actor: Actor) -> tuple[ReceivingAccount, ...]:
        """Return all receiving accounts, those in use first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.accounts.listed()

    def account(self, actor: Actor, account_id: AccountId) -> ReceivingAccount:
        """Return a receiving account, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.accounts.show(account_id)

    def policy(self, actor: Actor) -> MatchPolicy:
        """Return the shop's own rules for judging payments."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.accounts.policy()
