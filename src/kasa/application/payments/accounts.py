"""The shop's receiving accounts, and the names that receipts print for them."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import AccountId, PaymentId
from kasa.domain.kernel.money import KHR, Currency
from kasa.domain.kernel.text import name
from kasa.domain.payments.account import (
    AcceptedName,
    NoNewName,
    ReceivingAccount,
    bakong_id,
    bank_code,
)
from kasa.domain.payments.events import (
    AcceptedNamesChanged,
    MatchPolicyChanged,
    ReceivingAccountAdded,
    ReceivingAccountArchived,
)
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.recipients import new_name
from kasa.domain.payments.states import PaymentState

ACCEPTED_NAME_LIMIT = 100


@attrs.frozen(kw_only=True)
class NewAccount:
    """A receiving account as somebody describes it; the QR texts are copied from its own QR."""

    bank: str
    number: str
    names: tuple[str, ...]
    currency: Currency = KHR
    bakong_id: str = ""
    account_info: str = ""
    tag: str = "29"
    merchant_id: str = ""
    city: str = "Phnom Penh"
    printed_qr: bool = False


@attrs.frozen(kw_only=True, eq=False)
class AddReceivingAccount:
    """Add an account that customers pay to.

    Raises ``account.unknown_bank``, ``account.number_invalid``, ``account.name_too_short``,
    ``account.bakong_invalid``, and ``account.taken`` when this account of this bank and currency
    is in use already.
    """

    permission: ClassVar[Permission] = Permission.MANAGE_ACCOUNTS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, new: NewAccount) -> ReceivingAccount:
        """Store the account and return it."""
        actor.require(self.permission)
        now = self.clock.now()
        account = ReceivingAccount(
            id=AccountId(self.ids.new(now)),
            bank=bank_code(new.bank),
            number=new.number,
            names=_names(new.names),
            currency=new.currency,
            bakong_id=bakong_id(new.bakong_id),
            account_info=new.account_info,
            tag=new.tag,
            merchant_id=new.merchant_id,
            city=new.city,
            printed_qr=new.printed_qr,
        )
        with self.unit_of_work(actor) as work:
            work.accounts.add(account)
            work.events.record(ReceivingAccountAdded(subject=account.id), at=now)
            return work.answer(account)


@attrs.frozen(kw_only=True, eq=False)
class SetAcceptedNames:
    """Replace the names that receipts may print for an account.

    ``short_name_alone`` lets a name of 4 or 5 letters prove the receiver by itself.
    """

    permission: ClassVar[Permission] = Permission.MANAGE_ACCOUNTS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        actor: Actor,
        account_id: AccountId,
        names: tuple[str, ...],
        *,
        short_name_alone: bool = False,
    ) -> ReceivingAccount:
        """Store the names, or raise NotFound or ``account.name_too_short``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            account = work.accounts.lock(account_id)
            changed = account.named(_names(names), short_name_alone=short_name_alone)
            work.accounts.save(changed)
            work.events.record(AcceptedNamesChanged(subject=account.id), at=now)
            return work.answer(changed)


@attrs.frozen(kw_only=True, eq=False)
class AcceptRecipientName:
    """Accept the name that an approved receipt prints beside an account of the shop.

    One tap on ``recipient_name_new``. Accepting it again changes nothing. Raises NotFound,
    ``account.no_new_name``, ``account.name_too_short`` and ``account.too_many_names``.
    """

    permission: ClassVar[Permission] = Permission.MANAGE_ACCOUNTS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId) -> ReceivingAccount:
        """Add the name to the account whose number the receipt prints."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.get(payment_id)
            accounts = {account.number: account for account in work.accounts.active()}
            shown = None
            if payment.state is PaymentState.APPROVED and payment.inputs is not None:
                shown = new_name(payment.inputs.evidence, tuple(accounts))
            if shown is None:
                raise NoNewName
            text, number = shown
            account = work.accounts.lock(accounts[number].id)
            wanted = AcceptedName(name(text, ACCEPTED_NAME_LIMIT))
            if wanted in account.names:
                return work.answer(account)
            changed = account.named(
                (*account.names, wanted), short_name_alone=account.short_name_alone
            )
            work.accounts.save(changed)
            work.events.record(AcceptedNamesChanged(subject=account.id), at=now)
            return work.answer(changed)


def _names(texts: tuple[str, ...]) -> tuple[AcceptedName, ...]:
    named = dict.fromkeys(name(text, ACCEPTED_NAME_LIMIT) for text in texts)
    return tuple(AcceptedName(text) for text in named)


@attrs.frozen(kw_only=True, eq=False)
class ArchiveReceivingAccount:
    """Take an account out of use; receipts of it no longer match."""

    permission: ClassVar[Permission] = Permission.MANAGE_ACCOUNTS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, account_id: AccountId) -> ReceivingAccount:
        """Archive it, or raise NotFound; twice changes nothing."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            account = work.accounts.lock(account_id)
            if account.archived_at is not None:
                return work.answer(account)
            archived = account.archived(now)
            work.accounts.save(archived)
            work.events.record(ReceivingAccountArchived(subject=account.id), at=now)
            return work.answer(archived)


@attrs.frozen(kw_only=True, eq=False)
class SetMatchPolicy:
    """Change the shop's own rules for judging payments."""

    permission: ClassVar[Permission] = Permission.MANAGE_ACCOUNTS
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, policy: MatchPolicy) -> MatchPolicy:
        """Store the rules; the threshold cannot be lowered."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            work.accounts.set_policy(policy)
            work.events.record(MatchPolicyChanged(subject=actor.tenant), at=now)
            return work.answer(policy)
