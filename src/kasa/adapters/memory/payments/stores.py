"""Accounts, codes, and the registry of references."""

from collections.abc import Sequence
from datetime import datetime

from kasa.adapters.memory.payments.rows import (
    ACCOUNTS,
    CODES,
    POLICIES,
    REFERENCES,
    Registered,
    accounts_in_use,
    codes_of,
    first_owner,
)
from kasa.adapters.memory.tables import Database, Working
from kasa.application.ports.payments import KhqrShown
from kasa.domain.kernel.ids import AccountId, InvoiceId, PaymentId
from kasa.domain.payments.account import AccountTaken, ReceivingAccount
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.references import Reference, ReferenceKeys, UsedReferences

POLICY = "policy"


class MemoryReferences:
    """References of one unit of work; other shops are asked in the database."""

    def __init__(self, rows: Working, database: Database) -> None:
        self._rows = rows
        self._database = database

    def register(self, payment: PaymentId, keys: ReferenceKeys, *, at: datetime) -> UsedReferences:
        """Register the keys that were read, look the candidates up, and say who used them."""
        self._rows.claim(REFERENCES, keys.read)
        known = self._rows.read(REFERENCES)
        new = [key for key in keys.read if key not in known]
        written = self._rows.write(REFERENCES)
        for key in new:
            written[key] = Registered(payment, at)
        return UsedReferences(
            first=first_owner(self._rows, keys, payment),
            elsewhere=any(self._elsewhere(key) for key in new),
        )

    def _elsewhere(self, key: Reference) -> bool:
        if key in self._database.seen_before:
            return True
        others = [tenant for tenant in list(self._database.rows) if tenant != self._rows.tenant]
        return any(key in self._database.snapshot(one).read(REFERENCES) for one in others)


class MemoryAccounts:
    """Receiving accounts and rules of matching of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, account: ReceivingAccount) -> None:
        """Store a new account, or raise ``account.taken``."""
        for other in accounts_in_use(self._rows):
            if account.archived_at is None and other.is_same(account):
                raise AccountTaken
        self._rows.add(ACCOUNTS, account.id, account)

    def lock(self, id: AccountId) -> ReceivingAccount:
        """Return the account, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(ACCOUNTS, id)

    def save(self, account: ReceivingAccount) -> None:
        """Store an account that was locked in the same unit of work."""
        self._rows.save(ACCOUNTS, account.id, account)

    def active(self) -> tuple[ReceivingAccount, ...]:
        """Return the accounts in use, oldest first."""
        return accounts_in_use(self._rows)

    def policy(self) -> MatchPolicy:
        """Return the shop's rules of matching; the defaults when it set none."""
        return self._rows.read(POLICIES).get(POLICY, MatchPolicy())

    def set_policy(self, policy: MatchPolicy) -> None:
        """Store the shop's rules of matching."""
        self._rows.write(POLICIES)[POLICY] = policy


class MemoryKhqr:
    """Codes that were shown, of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, code: KhqrShown) -> None:
        """Keep a code that is shown; the same one twice is kept once."""
        self._rows.write(CODES).setdefault(code.md5, code)

    def shown_for(self, md5: str) -> InvoiceId | None:
        """Return the invoice that a code was shown for, or None."""
        found = self._rows.read(CODES).get(md5)
        return None if found is None else found.invoice

    def codes_of(self, invoices: Sequence[InvoiceId]) -> dict[InvoiceId, frozenset[str]]:
        """Return the MD5s of the codes shown for each of these invoices."""
        return codes_of(self._rows, tuple(invoices))
