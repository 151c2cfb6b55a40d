"""Receiving accounts, the names that receipts print for them, and the shop's rules of matching."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from kasa.application.payments.accounts import NewAccount
from kasa.domain.kernel.ids import AccountId
from kasa.domain.kernel.money import currency
from kasa.domain.payments.account import AccountTaken, BankUnknown, NameTooShort, ReceivingAccount
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import (
    CurrencyCode,
    Line,
    MoneyIn,
    Word,
    moment,
    money,
    money_out,
)
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.values import MoneyOut

NAMES_MOST = 20
CURRENCIES_MOST = 20
Names = Annotated[tuple[Line, ...], msgspec.Meta(max_length=NAMES_MOST)]
Threshold = Annotated[int, msgspec.Meta(ge=80, le=100)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=120)]
Hours = Annotated[int, msgspec.Meta(ge=0, le=720)]
Days = Annotated[int, msgspec.Meta(ge=0, le=365)]
AwaitMinutes = Annotated[int, msgspec.Meta(ge=1, le=120)]
QrTag = Literal["29", "30"]


class AccountIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiving account; the texts of its QR are copied from the bank's own QR."""

    bank: Word
    number: Word
    names: Names
    currency: CurrencyCode = "KHR"
    bakong_id: Word = ""
    account_info: Line = ""
    tag: QrTag = "29"
    merchant_id: Line = ""
    city: Line = "Phnom Penh"
    printed_qr: bool = False


class NamesIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All names that receipts may print for an account."""

    names: Names
    short_name_alone: bool = False


class AccountShown(msgspec.Struct, frozen=True, kw_only=True):
    """A receiving account of the shop."""

    id: UUID
    bank: str
    number: str
    names: tuple[str, ...]
    currency: str
    bakong_id: str
    account_info: str
    tag: str
    merchant_id: str
    city: str
    printed_qr: bool
    short_name_alone: bool
    archived_at: datetime | None
    version: int


class PolicyIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop's own rules of matching; what is left out is as it usually is."""

    auto_approve: bool = True
    threshold: Threshold = 80
    ceilings: Annotated[tuple[MoneyIn, ...], msgspec.Meta(max_length=CURRENCIES_MOST)] = ()
    bank_check: Literal["off", "prefer", "require"] = "prefer"
    future_skew_minutes: Minutes = 10
    before_issue_hours: Hours = 24
    stale_after_days: Days = 7
    trust_ingest: bool = False
    await_alert_minutes: AwaitMinutes | None = None


class PolicyShown(msgspec.Struct, frozen=True, kw_only=True):
    """The shop's own rules of matching."""

    auto_approve: bool
    threshold: int
    ceilings: tuple[MoneyOut, ...]
    bank_check: str
    future_skew_minutes: int
    before_issue_hours: int
    stale_after_days: int
    trust_ingest: bool
    await_alert_minutes: int | None


def account_out(account: ReceivingAccount) -> AccountShown:
    """Return an account as it is answered."""
    return AccountShown(
        id=account.id,
        bank=account.bank,
        number=account.number,
        names=tuple(one.text for one in account.names),
        currency=account.currency.code,
        bakong_id=account.bakong_id,
        account_info=account.account_info,
        tag=account.tag,
        merchant_id=account.merchant_id,
        city=account.city,
        printed_qr=account.printed_qr,
        short_name_alone=account.short_name_alone,
        archived_at=None if account.archived_at is None else moment(account.archived_at),
        version=account.version,
    )


def policy_out(policy: MatchPolicy) -> PolicyShown:
    """Return the rules as they are answered."""
    minute = timedelta(minutes=1)
    wait = policy.await_alert
    return PolicyShown(
        auto_approve=policy.auto_approve,
        threshold=policy.threshold,
        ceilings=tuple(money_out(one) for one in policy.ceilings),
        bank_check=policy.bank_check.value,
        future_skew_minutes=policy.future_skew // minute,
        before_issue_hours=policy.before_issue // (60 * minute),
        stale_after_days=policy.stale_after.days,
        trust_ingest=policy.trust_ingest,
        await_alert_minutes=None if wait is None else wait // minute,
    )


def every(call: Call) -> PageOf[AccountShown]:
    """List the receiving accounts, those in use first."""
    return PageOf(items=tuple(account_out(one) for one in call.served()))


def one(call: Call) -> AccountShown:
    """Show a receiving account."""
    return account_out(call.served(AccountId(call.id("account_id"))))


def add(call: Call) -> AccountShown:
    """Add an account that customers pay to."""
    given: AccountIn = call.body
    new = NewAccount(
        bank=given.bank,
        number=given.number,
        names=given.names,
        currency=currency(given.currency),
        bakong_id=given.bakong_id,
        account_info=given.account_info,
        tag=given.tag,
        merchant_id=given.merchant_id,
        city=given.city,
        printed_qr=given.printed_qr,
    )
    return account_out(call.served(new))


def name(call: Call) -> AccountShown:
    """Replace the names that receipts may print for an account."""
    given: NamesIn = call.body
    account = AccountId(call.id("account_id"))
    return account_out(call.served(account, given.names, short_name_alone=given.short_name_alone))


def archive(call: Call) -> AccountShown:
    """Take an account out of use; receipts of it no longer match."""
    return account_out(call.served(AccountId(call.id("account_id"))))


def policy(call: Call) -> PolicyShown:
    """Show the shop's own rules of matching."""
    return policy_out(call.served())


def set_policy(call: Call) -> PolicyShown:
    """Replace the shop's own rules of matching; the threshold is never lowered."""
    given: PolicyIn = call.body
    wait = given.await_alert_minutes
    return policy_out(
        call.served(
            MatchPolicy(
                auto_approve=given.auto_approve,
                threshold=given.threshold,
                ceilings=tuple(money(one) for one in given.ceilings),
                bank_check=BankCheck(given.bank_check),
                future_skew=timedelta(minutes=given.future_skew_minutes),
                before_issue=timedelta(hours=given.before_issue_hours),
                stale_after=timedelta(days=given.stale_after_days),
                trust_ingest=given.trust_ingest,
                await_alert=None if wait is None else timedelta(minutes=wait),
            )
        )
    )


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of receiving accounts and rules."""
    use, account = opened.kasa.payments, "/accounts/{account_id}"
    refused = (AccountTaken, BankUnknown, NameTooShort)
    return (
        *_rules(opened),
        Route(
            method="GET",
            path="/accounts",
            serves=use.queries.accounts,
            handle=every,
            answers=PageOf[AccountShown],
        ),
        Route(
            method="POST",
            path="/accounts",
            serves=use.add_account,
            handle=add,
            answers=AccountShown,
            status=201,
            body=AccountIn,
            refuses=refused,
        ),
        Route(
            method="GET",
            path=account,
            serves=use.queries.account,
            handle=one,
            answers=AccountShown,
        ),
        Route(
            method="PUT",
            path=f"{account}/accepted-names",
            serves=use.set_accepted_names,
            handle=name,
            answers=AccountShown,
            body=NamesIn,
            refuses=(NameTooShort,),
        ),
        Route(
            method="POST",
            path=f"{account}/archive",
            serves=use.archive_account,
            handle=archive,
            answers=AccountShown,
        ),
    )


def _rules(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.payments
    return (
        Route(
            method="GET",
            path="/match-policy",
            serves=use.queries.policy,
            handle=policy,
            answers=PolicyShown,
        ),
        Route(
            method="PUT",
            path="/match-policy",
            serves=use.set_policy,
            handle=set_policy,
            answers=PolicyShown,
            body=PolicyIn,
        ),
    )
