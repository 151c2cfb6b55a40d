"""A case before it is drawn: the transfer, the invoice, and what a person should decide."""

from random import Random
from typing import Any

import attrs

from tests.receipts.facts import (
    Invoice,
    Transfer,
    account,
    amount,
    converted,
    invoice,
    moment,
    payee,
    person,
)
from tests.receipts.kinds import Kind
from tests.receipts.references import GENERIC, reference
from tests.receipts.words import REMARKS

HONEST = "Paid as asked; every field that decides can be read."


@attrs.frozen(kw_only=True)
class Draft:
    """One case of the series; ``edit`` is set for painted figures."""

    kind: Kind
    language: str
    transfer: Transfer
    invoice: Invoice
    approve: bool = True
    attack: str | None = None
    variant: str | None = None
    why: str = HONEST
    damage: str = "telegram"
    duplicate_of: str | None = None

    def paid(self, **changes: Any) -> "Draft":
        """Return it with another transfer, under the same invoice."""
        return attrs.evolve(self, transfer=attrs.evolve(self.transfer, **changes))

    def asked(self, **changes: Any) -> "Draft":
        """Return it with another invoice, for the same transfer."""
        return attrs.evolve(self, invoice=attrs.evolve(self.invoice, **changes))

    def refused(self, attack: str | None, variant: str, why: str) -> "Draft":
        """Return it as a case that a person has to look at."""
        return attrs.evolve(self, approve=False, attack=attack, variant=variant, why=why)


def references(kind: Kind, transfer: Transfer, random: Random) -> dict[str, str]:
    """Return the ids that a layout prints for a transfer, made at its moment."""
    found = {}
    for scheme in kind.schemes:
        made = random.choice(GENERIC) if scheme == "generic" else scheme
        found[scheme] = reference(made, transfer.paid_at, random)
    if kind.key == "aba_card" and random.random() < 0.2:
        found["payway.trx"] = reference("payway.trx", transfer.paid_at, random)
        found["apv"] = reference("apv", transfer.paid_at, random)
    return found


def honest(kind: Kind, random: Random) -> Draft:
    """Return a receipt that pays its invoice."""
    asked = payee(random)
    shown = random.choice(asked.names)
    printed = attrs.evolve(asked, names=(shown, *(n for n in asked.names if n != shown)))
    money = amount(random)
    transfer = Transfer(
        amount=money,
        paid_at=moment(random),
        payee=printed,
        payer_name=person(random),
        payer_account=account(random),
        references={},
        debit=converted(money, random) if kind.debits and random.random() < 0.3 else None,
        remark=random.choice(REMARKS) if random.random() < 0.25 else None,
        hides_account=kind.account is False or (kind.account is None and random.random() < 0.35),
    )
    transfer = attrs.evolve(transfer, references=references(kind, transfer, random))
    bill = attrs.evolve(invoice(transfer, random), payee=asked)
    language = random.choice(kind.languages)
    return Draft(kind=kind, language=language, transfer=transfer, invoice=bill)
