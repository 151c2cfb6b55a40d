"""What each reason code says, to the shop and to its customer, in English.

Source: payments.md, section 8. The customer never learns which suspicion fired. Of several
sentences the first one is said whose values are known.
"""

import attrs

from kasa.application.ports.phrasing import Sentence

CHECKING = "The shop is checking your receipt."
NOT_FINISHED = "The transfer is not finished yet."
CLEARER = "Please send a clearer picture."
WHICH_INVOICE = "Which invoice is this for?"


@attrs.frozen
class ReasonSentences:
    """The sentences of one reason, from the most telling to the plainest."""

    merchant: tuple[Sentence, ...]
    customer: tuple[str, ...] = ()


def _both(*merchant: Sentence, customer: tuple[str, ...] | str = ()) -> ReasonSentences:
    return ReasonSentences(merchant, (customer,) if isinstance(customer, str) else customer)


_DIFFERENT_AMOUNT = (
    "The receipt shows {seen}, the invoice is {expected}. The shop will decide.",
    "The amount is not the amount of the invoice. The shop will decide.",
)
_UNCONFIRMED = ("The receiver cannot be confirmed: {why}.", "The receiver cannot be confirmed.")

REASONS: dict[str, ReasonSentences] = {
    "amount_match": _both("The amount is exactly what is due."),
    "amount_parts_sum": _both(
        ("{n} receipt is exactly what is due.", "{n} receipts together are exactly what is due."),
        "Several receipts together are exactly what is due.",
    ),
    "amount_under": _both(
        "{seen} was paid, {expected} is due: {gap} too little.",
        "{seen} was paid, {expected} is due.",
        "Less was paid than is due.",
        customer=_DIFFERENT_AMOUNT,
    ),
    "amount_over": _both(
        "{seen} was paid, {expected} is due: {gap} too much.",
        "{seen} was paid, {expected} is due.",
        "More was paid than is due.",
        customer=_DIFFERENT_AMOUNT,
    ),
    "amount_unreadable": _both("The amount cannot be read surely.", customer=CLEARER),
    "amount_contested": _both(
        "The amount cannot be read surely: different amounts were read.", customer=CLEARER
    ),
    "amount_sign_unclear": _both(
        "A currency sign may have been read as a digit of the amount.", customer=CLEARER
    ),
    "currency_differs": _both(
        "Paid in {seen}, due in {expected}.",
        "Paid in another currency than is due.",
        customer=(
            "Paid in {seen}, due in {expected}.",
            "Paid in another currency than the invoice's.",
        ),
    ),
    "currency_unreadable": _both("The currency cannot be read.", customer=CLEARER),
    "recipient_match": _both("Paid to your account."),
    "recipient_name_new": _both(
        "A new spelling of your name: {seen}. Add it?", "A new spelling of your name. Add it?"
    ),
    "recipient_differs": _both(
        "Paid to another account: {seen}.",
        "Paid to another account.",
        customer="The receipt shows another receiver.",
    ),
    "bank_differs": _both(
        "The receiving bank is not yours: {seen}.",
        "The receiving bank is not yours.",
        customer=CHECKING,
    ),
    "recipient_unreadable": _both(*_UNCONFIRMED, customer=CHECKING),
    "recipient_initials_only": _both(
        "The receiver cannot be confirmed: only initials are printed.", customer=CHECKING
    ),
    "recipient_conflict": _both(
        "The receiver cannot be confirmed: name and account disagree.", customer=CHECKING
    ),
    "account_unclear": _both(
        "The receiver cannot be confirmed: the account number is not surely yours.",
        customer=CHECKING,
    ),
    "no_recipient_configured": _both(
        "The receiver cannot be confirmed: add your receiving account first.", customer=CHECKING
    ),
    "reference_used": _both(
        "Already used on {date} for invoice {number}.",
        "Already used on {date}.",
        "This transaction number was already used.",
        customer=(
            "This receipt was already used on {date}.",
            "This receipt was already used.",
        ),
    ),
    "same_file": _both(
        "The same picture as on {date}.",
        "The same picture was sent before.",
        customer="We already have this picture.",
    ),
    "reference_unreadable": _both(
        "No bank reference can be read.", customer="Please include the transaction number."
    ),
    "near_duplicate": _both(
        "One character from a reference of {date}.",
        "Almost the same as an earlier receipt.",
        customer=CHECKING,
    ),
    "same_transfer": _both(
        "The other side of a transfer of {date}.",
        "The other side of a transfer that is known already.",
        customer=CHECKING,
    ),
    "seen_elsewhere": _both("This receipt was shown to another shop.", customer=CHECKING),
    "own_transfer": _both("Payer and receiver are both you.", customer=CHECKING),
    "too_old": _both(
        ("Paid {n} day before the invoice.", "Paid {n} days before the invoice."),
        "Paid before the invoice.",
        customer=CHECKING,
    ),
    "stale": _both(
        ("Sent {n} day after paying.", "Sent {n} days after paying."),
        "Sent long after paying.",
        customer=CHECKING,
    ),
    "in_future": _both(
        "The receipt is dated in the future: {date}.",
        "The receipt is dated in the future.",
        customer=CHECKING,
    ),
    "time_unreadable": _both("No date can be read."),
    "time_from_reference": _both("The date was taken from the transaction number."),
    "reference_date_differs": _both(
        "Printed {printed}, but the reference was made on {inside}.",
        "The printed date and the date inside the reference differ.",
        customer=CHECKING,
    ),
    "not_a_receipt": _both(
        "This is not a payment receipt.",
        customer="This is not a receipt. Please send the receipt.",
    ),
    "not_a_receipt:code": _both(
        "This is not a payment receipt but a QR code.",
        customer="This is a QR code. Please send the receipt.",
    ),
    "not_a_receipt:invoice": _both(
        "This is not a payment receipt but the invoice.",
        customer="This is the invoice. Please send the receipt.",
    ),
    "not_final": _both("The transfer is not finished.", customer=NOT_FINISHED),
    "not_final:pending": _both("The transfer is still pending.", customer=NOT_FINISHED),
    "not_final:scheduled": _both("The transfer is only scheduled.", customer=NOT_FINISHED),
    "not_final:failed": _both("The transfer failed.", customer=NOT_FINISHED),
    "not_final:reversed": _both("The transfer was reversed.", customer=NOT_FINISHED),
    "outcome_unreadable": _both(
        "Whether the transfer is finished cannot be read.", customer=CLEARER
    ),
    "direction_incoming": _both(
        "This is a card of received money.", customer="Please send your own receipt."
    ),
    "direction_unreadable": _both(
        "Who paid whom cannot be read.", customer="Please send your own receipt."
    ),
    "unreadable": _both(
        "The picture cannot be read.", customer="Please send a screenshot, not a photo."
    ),
    "other_invoice": _both(
        "The receipt names invoice {number}.", "The receipt names another invoice.",
        customer=WHICH_INVOICE,
    ),
    "several_invoices": _both("The payment fits several invoices.", customer=WHICH_INVOICE),
    "no_invoice": _both("The payment fits no invoice.", customer=WHICH_INVOICE),
    "bank_found": _both("The bank confirms the payment."),
    "bank_waiting": _both(
        "The bank does not know the payment yet.", customer="Waiting for the bank."
    ),
    "bank_not_found": _both("The bank does not know the payment.", customer=CHECKING),
    "bank_failed": _both("The bank says that the payment failed.", customer=CHECKING),
    "bank_unavailable": _both("The bank cannot be asked now."),
    "alert_joined": _both("Your bank's message confirms the payment."),
    "sources_disagree": _both(
        "{field}: {a} by {source_a}, {b} by {source_b}.", "Two sources disagree."
    ),
    "over_ceiling": _both(
        "Your own rule asks for review: the amount is above your limit.", customer=CHECKING
    ),
    "confirmation_required": _both(
        "Your own rule asks for review: the bank has to confirm.", customer=CHECKING
    ),
    "auto_off": _both(
        "Your own rule asks for review: automatic approval is off.", customer=CHECKING
    ),
    "below_threshold": _both(
        "Not sure enough: {points} of 100 points.", "Not sure enough.", customer=CHECKING
    ),
}  # fmt: skip


def reason_sentences(code: str) -> ReasonSentences:
    """Return the sentences of a code, of its part before the colon, or of an unknown one."""
    whole = REASONS.get(code) or REASONS.get(code.partition(":")[0])
    return whole or ReasonSentences((code,), (CHECKING,))
