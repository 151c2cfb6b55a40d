"""Which reasons of a verdict are the true one of a labelled case."""

from collections.abc import Mapping

from kasa.application.payments.scoring import CaseResult
from kasa.domain.payments.reasons import Reason

_USED = frozenset(
    {Reason.REFERENCE_USED, Reason.SAME_FILE, Reason.SAME_TRANSFER, Reason.NEAR_DUPLICATE}
)
_AMOUNT = frozenset({Reason.AMOUNT_UNDER, Reason.AMOUNT_OVER, Reason.CURRENCY_DIFFERS})
_RECIPIENT = frozenset(
    {
        Reason.RECIPIENT_DIFFERS,
        Reason.RECIPIENT_UNREADABLE,
        Reason.RECIPIENT_INITIALS_ONLY,
        Reason.RECIPIENT_CONFLICT,
        Reason.RECIPIENT_NAME_NEW,
        Reason.ACCOUNT_UNCLEAR,
        Reason.BANK_DIFFERS,
    }
)
_UNREADABLE = frozenset(reason for reason in Reason if reason.value.endswith("unreadable"))
TRUE_REASONS: Mapping[str | None, frozenset[Reason]] = {
    "wrong_amount": _AMOUNT,
    "decoy_amount": _AMOUNT,
    "wrong_currency": frozenset({Reason.CURRENCY_DIFFERS}),
    "wrong_recipient": _RECIPIENT,
    "similar_recipient": _RECIPIENT,
    "old_receipt": frozenset({Reason.TOO_OLD}),
    "future_date": frozenset({Reason.IN_FUTURE}),
    "edited_amount": frozenset({Reason.AMOUNT_CONTESTED}),
    "id_date_contradiction": frozenset({Reason.REFERENCE_DATE_DIFFERS}),
    "duplicate_reference": _USED,
    "both_legs": _USED,
    "received_vs_sent": frozenset({Reason.DIRECTION_INCOMING, Reason.RECIPIENT_DIFFERS}),
    "scheduled": frozenset({Reason.NOT_FINAL, Reason.NOT_A_RECEIPT}),
    "failed": frozenset({Reason.NOT_FINAL}),
    "non_receipt": frozenset({Reason.NOT_A_RECEIPT}),
    "riel_sign_digit": _AMOUNT | {Reason.AMOUNT_SIGN_UNCLEAR, Reason.AMOUNT_UNREADABLE},
    None: _UNREADABLE | {Reason.AMOUNT_UNDER, Reason.NOT_A_RECEIPT, Reason.RECIPIENT_CONFLICT},
}
"""By attack; None are honest receipts that nobody can decide alone."""


def has_true_reason(result: CaseResult) -> bool:
    """Tell whether a case that was not approved says why a person has to look."""
    return bool(TRUE_REASONS[result.case.attack] & set(result.verdict.reasons))
