"""Whether a picture that a person has to see was sent there for its true reason."""

from collections.abc import Mapping

from kasa.application.payments.labelled import LabelledCase
from kasa.domain.payments.matching import MatchVerdict
from kasa.domain.payments.reasons import Reason

RECIPIENT = frozenset(
    {
        Reason.RECIPIENT_DIFFERS,
        Reason.RECIPIENT_UNREADABLE,
        Reason.RECIPIENT_INITIALS_ONLY,
        Reason.RECIPIENT_CONFLICT,
        Reason.ACCOUNT_UNCLEAR,
        Reason.BANK_DIFFERS,
    }
)
AMOUNT = frozenset({Reason.AMOUNT_UNDER, Reason.AMOUNT_OVER, Reason.CURRENCY_DIFFERS})
SHOWN_BEFORE = frozenset({Reason.REFERENCE_USED, Reason.SAME_FILE, Reason.SAME_TRANSFER})
LOST = frozenset(
    {
        Reason.AMOUNT_UNREADABLE,
        Reason.AMOUNT_CONTESTED,
        Reason.AMOUNT_SIGN_UNCLEAR,
        Reason.CURRENCY_UNREADABLE,
        Reason.RECIPIENT_UNREADABLE,
        Reason.RECIPIENT_INITIALS_ONLY,
        Reason.ACCOUNT_UNCLEAR,
        Reason.REFERENCE_UNREADABLE,
        Reason.TIME_UNREADABLE,
        Reason.OUTCOME_UNREADABLE,
        Reason.DIRECTION_UNREADABLE,
        Reason.UNREADABLE,
    }
)
"""Reasons of an honest receipt on which something that decides is not legible."""

PARTIAL = "partial_payment"
TRUE_REASONS: Mapping[str | None, frozenset[Reason]] = {
    "wrong_amount": AMOUNT,
    "decoy_amount": AMOUNT,
    "wrong_currency": frozenset({Reason.CURRENCY_DIFFERS}),
    "wrong_recipient": RECIPIENT,
    "similar_recipient": RECIPIENT,
    "old_receipt": frozenset({Reason.TOO_OLD}),
    "future_date": frozenset({Reason.IN_FUTURE}),
    "edited_amount": frozenset({Reason.AMOUNT_CONTESTED}),
    "id_date_contradiction": frozenset({Reason.REFERENCE_DATE_DIFFERS}),
    "duplicate_reference": SHOWN_BEFORE,
    "both_legs": SHOWN_BEFORE,
    "received_vs_sent": frozenset({Reason.DIRECTION_INCOMING, Reason.RECIPIENT_DIFFERS}),
    "scheduled": frozenset({Reason.NOT_FINAL, Reason.NOT_A_RECEIPT}),
    "failed": frozenset({Reason.NOT_FINAL}),
    "non_receipt": frozenset({Reason.NOT_A_RECEIPT}),
    "riel_sign_digit": frozenset(
        {
            Reason.AMOUNT_SIGN_UNCLEAR,
            Reason.AMOUNT_UNREADABLE,
            Reason.AMOUNT_UNDER,
            Reason.AMOUNT_OVER,
        }
    ),
    None: LOST,
}
"""Of a labelled attack the reasons of which any is the true one."""


def has_true_reason(case: LabelledCase, verdict: MatchVerdict) -> bool | None:
    """Tell whether the true reason is among a verdict's; None where no reason is known to be."""
    if case.attack is None and case.variant == PARTIAL:
        wanted: frozenset[Reason] | None = frozenset({Reason.AMOUNT_UNDER})
    else:
        wanted = TRUE_REASONS.get(case.attack)
    if case.approve or case.is_apart or wanted is None:
        return None
    return not wanted.isdisjoint(verdict.reasons)
