"""What a member sees of payers: viewers see the last 3 digits of their account numbers."""

import attrs

from kasa.application.ports.payments import StoredEvidence
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.privacy import masked, without_payer_numbers

SEES_PAYERS = frozenset({Permission.SUBMIT_EVIDENCE, Permission.DECIDE_PAYMENTS})


def seen_payment(actor: Actor, payment: Payment) -> Payment:
    """Return a payment as somebody sees it."""
    return payment if _sees_payers(actor) else masked(payment)


def seen_evidence(actor: Actor, stored: StoredEvidence) -> StoredEvidence:
    """Return evidence as somebody sees it."""
    if stored.evidence is None or _sees_payers(actor):
        return stored
    return attrs.evolve(stored, evidence=without_payer_numbers(stored.evidence))


def _sees_payers(actor: Actor) -> bool:
    return not actor.permissions.isdisjoint(SEES_PAYERS)
