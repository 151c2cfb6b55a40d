"""What a verdict says beside its reasons: decisions, checks, next steps; in English.

Reasons have their sentences in ``application.ports.sentences``. A check without a row here is
said by its name and its result, so that a new one never fails.
"""

from collections.abc import Mapping

import attrs

from kasa.application.ports.sentences import CHECKING
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.reasons import Reason

DECISIONS: Mapping[Decision, str] = {
    Decision.APPROVE: "Approve ({points} of 100 points)",
    Decision.DUPLICATE: "Duplicate ({points} of 100 points)",
    Decision.WAIT: "Wait ({points} of 100 points)",
    Decision.REVIEW: "A person has to look ({points} of 100 points)",
}
CUSTOMER_DECISIONS: Mapping[Decision, str] = {
    Decision.APPROVE: "Thank you, your payment is confirmed.",
    Decision.DUPLICATE: "We already have this receipt.",
    Decision.WAIT: "Waiting for the bank.",
    Decision.REVIEW: CHECKING,
}
RESULTS = {"match": "matches", "differs": "differs", "unreadable": "not readable"}
ROW = "{check}: {result}."


@attrs.frozen
class CheckSentences:
    """The name of a check, and what it says where no reason code does."""

    label: str
    match: str = ""
    unreadable: str = ""


CHECKS: Mapping[str, CheckSentences] = {
    "receipt": CheckSentences("Receipt", "This is a payment receipt."),
    "outcome": CheckSentences("Finished", "The transfer is finished."),
    "direction": CheckSentences("Direction", "The receipt shows money sent to you."),
    "amount": CheckSentences("Amount", "The amount is exactly what is due."),
    "currency": CheckSentences("Currency", "The currency is the one that is due."),
    "recipient": CheckSentences("Receiver", "Paid to your account."),
    "bank": CheckSentences(
        "Receiving bank",
        "The receiving bank is yours.",
        "No receiving bank is printed.",
    ),
    "reference": CheckSentences("Bank reference", "This reference was never used before."),
    "time": CheckSentences("Time of payment", "Paid at a time that fits the invoice."),
    "reference_date": CheckSentences(
        "Date inside the reference",
        "The printed date agrees with the reference.",
        "The reference tells no date.",
    ),
    "target": CheckSentences("Invoice meant", "The payment is for this invoice."),
    "bank_answer": CheckSentences(
        "Answer of the bank",
        "The bank says nothing against it.",
        "The bank has not answered yet.",
    ),
    "suspicion": CheckSentences("Likeness to others", "It resembles no other payment."),
    "consistency": CheckSentences(
        "Other printed amounts",
        "All printed amounts agree.",
        "There is no amount to compare with.",
    ),
    "policy": CheckSentences("Your own rules", "It is within your own rules."),
    "payer_known": CheckSentences(
        "Known payer",
        "This customer paid from this account before.",
        "The payer is not known from before.",
    ),
    "labelled": CheckSentences(
        "Labelled fields",
        "Reference and time stand beside their labels.",
        "Reference or time stands without its label.",
    ),
    "amount_twice": CheckSentences(
        "Amount seen twice",
        "The amount was found a second time.",
        "The amount was found only once.",
    ),
    "confirmation": CheckSentences(
        "Confirmation",
        "A second source confirms the payment.",
        "No second source confirms the payment.",
    ),
}

COMPARE = "Compare the picture with your bank app, then approve or reject it."
LOOK_FIRST = (
    "Look for the money in your bank app before you approve it; do not tell the customer why."
)
CHOOSE_INVOICE = "Choose the invoice that it pays."
CONFIRM = "Find the payment in your bank app, then approve it."
DECISION_STEPS: Mapping[Decision, str] = {
    Decision.APPROVE: "Nothing is left to do.",
    Decision.DUPLICATE: "Nothing is left to do; if the first use was wrong, undo that payment.",
    Decision.WAIT: "Nothing is left to do; it is judged again by itself.",
    Decision.REVIEW: COMPARE,
}
NEXT_STEPS: Mapping[Reason, str] = {
    Reason.AMOUNT_UNDER: "Accept it as a part of the invoice, or ask for the rest.",
    Reason.AMOUNT_OVER: "Accept it; what is too much becomes the customer's credit.",
    Reason.CURRENCY_DIFFERS: "Agree with the customer what it counts for, then approve or reject.",
    Reason.RECIPIENT_DIFFERS: "The money is not with you; ask the customer whom they paid.",
    Reason.BANK_DIFFERS: "The money is not with you; ask the customer whom they paid.",
    Reason.NO_RECIPIENT_CONFIGURED: "Add your receiving account, then send the picture again.",
    Reason.RECIPIENT_INITIALS_ONLY: (
        "If this is how your bank prints your name, add it to the names of your account."
    ),
    Reason.REFERENCE_UNREADABLE: "Ask for a picture that shows the transaction number.",
    Reason.NEAR_DUPLICATE: LOOK_FIRST,
    Reason.SAME_TRANSFER: LOOK_FIRST,
    Reason.SEEN_ELSEWHERE: LOOK_FIRST,
    Reason.OWN_TRANSFER: LOOK_FIRST,
    Reason.TOO_OLD: LOOK_FIRST,
    Reason.IN_FUTURE: LOOK_FIRST,
    Reason.REFERENCE_DATE_DIFFERS: LOOK_FIRST,
    Reason.AMOUNT_CONTESTED: LOOK_FIRST,
    Reason.BANK_NOT_FOUND: LOOK_FIRST,
    Reason.BANK_FAILED: LOOK_FIRST,
    Reason.NOT_A_RECEIPT: "Nothing was paid with this picture; ask for the receipt.",
    Reason.NOT_FINAL: "Ask for the receipt once the transfer is finished.",
    Reason.DIRECTION_INCOMING: "Ask for the payer's own receipt.",
    Reason.OTHER_INVOICE: CHOOSE_INVOICE,
    Reason.SEVERAL_INVOICES: CHOOSE_INVOICE,
    Reason.NO_INVOICE: CHOOSE_INVOICE,
    Reason.STALE: CONFIRM,
    Reason.OVER_CEILING: CONFIRM,
    Reason.CONFIRMATION_REQUIRED: CONFIRM,
    Reason.AUTO_OFF: CONFIRM,
}
CUSTOMER_STEP = "Send another picture, or let the shop look at it."
ASKED = {
    "member": "You are asked.",
    "customer": "The customer is asked.",
    "bank": "The bank is asked.",
    "nobody": "Nobody is asked.",
}
FIRST_USE = (
    "First used on {date} for invoice {number}.",
    "First used on {date}.",
)
WHY_UNREADABLE = {
    "absent": "no receiver can be read",
    "contested": "it was read in several ways",
    "cut": "the printed name is cut",
    "near": "the printed name is only like yours",
}
FIELDS = {
    "amount": "amount",
    "currency": "currency",
    "paid_at": "time of payment",
    "recipient_name": "name of the receiver",
    "recipient_account": "account of the receiver",
    "payer_name": "name of the payer",
    "remark": "remark",
    "bill_number": "bill number",
}
SOURCES = {
    "bank_api": "the bank",
    "short_hash": "the bank",
    "bank_alert": "the bank's message",
    "alert_ingested": "the bank's message",
    "screenshot": "the picture",
    "manual": "what was typed",
}


def spoken() -> frozenset[str]:
    """Return every sentence of this module, for the catalogue."""
    checks = {text for one in CHECKS.values() for text in (one.label, one.match, one.unreadable)}
    tables = (
        DECISIONS,
        CUSTOMER_DECISIONS,
        RESULTS,
        DECISION_STEPS,
        NEXT_STEPS,
        ASKED,
        WHY_UNREADABLE,
        FIELDS,
        SOURCES,
    )
    listed = {text for one in tables for text in one.values()}
    return frozenset((checks | listed | {ROW, CUSTOMER_STEP, *FIRST_USE}) - {""})
