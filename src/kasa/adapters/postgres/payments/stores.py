"""The registry of references, accounts with the rules of matching, and codes."""

from collections.abc import Sequence
from datetime import datetime

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.payments import statements
from kasa.adapters.postgres.payments.values import (
    account_of,
    account_row,
    code_row,
    first_use_of,
)
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.application.ports.payments import KhqrShown
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.ids import AccountId, InvoiceId, PaymentId
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.references import FirstUse, ReferenceKeys, UsedReferences


class PostgresReferences:
    """References of one tenant; other shops are asked by a digest."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def register(self, payment: PaymentId, keys: ReferenceKeys, *, at: datetime) -> UsedReferences:
        """Register the keys that were read, look the candidates up, and say who used them."""
        read = sorted(keys.read)
        if not read and not keys.candidates:
            return UsedReferences()
        self._rows.claim(LockRank.REFERENCES, *read)
        row = self._rows.get(
            statements.REGISTER,
            payment=payment,
            at=at,
            schemes=[key.scheme for key in read],
            values=[key.value for key in read],
        )
        nobodys = row["new"] == len(read) and not keys.candidates
        first = None if nobodys else first_owner(self._rows, keys, payment)
        return UsedReferences(first=first, elsewhere=bool(row["elsewhere"]))


def first_owner(
    rows: TenantConnection, keys: ReferenceKeys, besides: PaymentId | None = None
) -> FirstUse | None:
    """Return the earliest payment, duplicates resolved, that any of these keys belongs to."""
    every = (*keys.read, *keys.candidates)
    if not every:
        return None
    row = rows.first(
        statements.OWNERS,
        besides=besides,
        schemes=[key.scheme for key in every],
        values=[key.value for key in every],
    )
    return None if row is None else first_use_of(row)


class PostgresAccounts:
    """Receiving accounts and rules of matching of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._policy: MatchPolicy | None = None

    def add(self, account: ReceivingAccount) -> None:
        """Store a new account; it counts as locked."""
        self._rows.added(LockRank.DOCUMENTS, account.id)
        self._rows.write(statements.ADD_ACCOUNT, **account_row(account))
        self._write_names(account)

    def lock(self, id: AccountId) -> ReceivingAccount:
        """Return the account, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        self._rows.get(statements.LOCK_ACCOUNT, id=id)
        return account_of(self._rows.get(statements.ACCOUNT, id=id))

    def save(self, account: ReceivingAccount) -> None:
        """Store an account that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, account.id)
        self._rows.write(statements.SAVE_ACCOUNT, **account_row(account))
        self._rows.write(statements.FORGET_NAMES, id=account.id)
        self._write_names(account)

    def _write_names(self, account: ReceivingAccount) -> None:
        names = [name.text for name in account.names]
        self._rows.write(statements.ADD_NAMES, id=account.id, names=names)

    def active(self) -> tuple[ReceivingAccount, ...]:
        """Return the accounts in use, oldest first; the rules come with them."""
        accounts, policy = rules_of(self._rows)
        self._policy = policy
        return accounts

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""
        return policy_of(self._rows) if self._policy is None else self._policy

    def set_policy(self, policy: MatchPolicy) -> None:
        """Store the shop's rules of matching."""
        self._policy = None
        self._rows.write(statements.SET_POLICY, policy=text_of(policy))


def rules_of(rows: TenantConnection) -> tuple[tuple[ReceivingAccount, ...], MatchPolicy]:
    """Return the accounts in use, oldest first, and the shop's rules of matching."""
    found = rows.all(statements.ACTIVE_ACCOUNTS)
    if not found:
        return (), policy_of(rows)
    policy = found[0]["policy"]
    accounts = tuple(map(account_of, found))
    return accounts, MatchPolicy() if policy is None else value_of(policy, MatchPolicy)


def policy_of(rows: TenantConnection) -> MatchPolicy:
    """Return the shop's rules of matching; the defaults when it set none."""
    row = rows.first(statements.POLICY)
    return MatchPolicy() if row is None else value_of(row["policy"], MatchPolicy)


class PostgresKhqr:
    """Codes that were shown, of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, code: KhqrShown) -> None:
        """Keep a code that is shown; the same one twice is kept once."""
        self._rows.write(statements.ADD_CODE, **code_row(code))

    def shown_for(self, md5: str) -> InvoiceId | None:
        """Return the invoice that a code was shown for, or None."""
        found = self._rows.scalar(statements.SHOWN_FOR, md5=md5)
        return None if found is None else InvoiceId(found)

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""
        return codes_of(self._rows, invoices)


def codes_of(
    rows: TenantConnection, invoices: Sequence[InvoiceId]
) -> dict[InvoiceId, frozenset[str]]:
    """Return the MD5s of the codes shown for each of some invoices."""
    found = rows.all(statements.CODES_OF, invoices=list(invoices)) if invoices else ()
    shown = {InvoiceId(row["invoice_id"]): frozenset(row["codes"]) for row in found}
    return {invoice: shown.get(invoice, frozenset()) for invoice in invoices}
