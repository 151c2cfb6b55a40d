"""Advanced Bank of Asia: the screen after paying, the shared card, the received card."""

from kasa.domain.payments.banks.shapes import (
    AlertGrammar,
    BankLayout,
    Decode,
    IdForm,
    Part,
    Payee,
    ReferenceDate,
)
from kasa.domain.payments.evidence import Direction

TRANSACTION = ("Trx. ID", "លេខកូដប្រតិបត្តិការ")
DATE = ("Transaction date", "ថ្ងៃធ្វើប្រតិបត្តិការ")
UNDER = ("Transfer to", "Transferred to", "ផ្ទេរប្រាក់ទៅ", "ផ្ទេរទៅ", "Payment to", "ទូទាត់ទៅ")
CARD = {
    Part.TRANSACTION: TRANSACTION,
    Part.DATE: DATE,
    Part.DEBIT: ("Original amount",),
    Part.REFERENCE: ("Reference #",),
    Part.PURCHASE: ("Purchase #",),
    Part.TO_ACCOUNT: ("To account",),
    Part.REMARK: ("Remark", "ចំណាំ"),
    Part.FEE: ("Fee", "Transaction fee"),
    Part.OTHER: ("APV", "Seller", "ABA BANK"),
}
CARD_IDS = {
    Part.TRANSACTION: "aba.trx",
    Part.REFERENCE: "aba.ft",
    Part.PURCHASE: "payway.trx",
}

LAYOUTS = (
    BankLayout(
        key="aba.success",
        bank="ABA",
        screen=Direction.SENT,
        labels={
            Part.TRANSACTION: TRANSACTION,
            Part.DATE: (*DATE, "Date"),
            Part.FROM: ("Paid from", "ទូទាត់ពី"),
            Part.DEBIT: ("Debit Amount", "ទឹកប្រាក់សរុប", "ចំនួនទឹកប្រាក់ដើម", "Original amount"),
            Part.REMARK: ("Remark", "ចំណាំ"),
        },
        ids={Part.TRANSACTION: "aba.trx"},
        minus=True,
        headline_code=True,
        proves_final=False,
        payee=Payee.UNDER_HEADLINE,
        under=UNDER,
        final_words=("Success", "រួចរាល់", "Successful"),
        absent=frozenset({Part.TO_ACCOUNT, Part.TO_BANK}),
    ),
    BankLayout(
        key="aba.card",
        bank="ABA",
        screen=Direction.SENT,
        labels={Part.FROM: ("From account",), **CARD},
        ids=CARD_IDS,
        minus=True,
        headline_code=True,
        payee=Payee.UNDER_HEADLINE,
        under=UNDER,
        absent=frozenset({Part.TO_BANK}),
    ),
    BankLayout(
        key="aba.received",
        bank="ABA",
        screen=Direction.RECEIVED,
        labels={
            Part.FROM: ("Sender", "From account", "Received from"),
            **CARD,
        },
        ids=CARD_IDS,
        headline_code=True,
        payee=Payee.NOWHERE,
        absent=frozenset({Part.TO_BANK}),
    ),
)
ID_FORMS = (
    IdForm(scheme="aba.trx", pattern="[0-9]{11}"),
    IdForm(scheme="aba.ft", pattern="100FT[0-9]{11}"),
    IdForm(scheme="payway.trx", pattern="[0-9]{15}"),
)
REFERENCE_DATES = (
    ReferenceDate(scheme="payway.trx", pattern="([0-9]{10})[0-9]{5}", decode=Decode.UNIX_SECONDS),
)
ALERTS = (
    AlertGrammar(
        family="aba.en",
        bank="ABA",
        bots=("PayWayByABA_bot",),
        templates=(
            (
                "{sign}{amount} paid by {payer} (*{tail}) on {month} {day}, {hour}:{minute} {half}"
                " via {channel} at {shop}. Remark: {remark}."
                " Trx. ID: {payway.trx}, APV: {payway.apv}{dot}"
            ),
            (
                "{sign}{amount} paid by {payer} (*{tail}) on {month} {day}, {hour}:{minute} {half}"
                " via {channel} at {shop}. Trx. ID: {payway.trx}, APV: {payway.apv}{dot}"
            ),
        ),
    ),
    AlertGrammar(
        family="aba.km",
        bank="ABA",
        bots=("PayWayByABA_bot",),
        templates=(
            (
                "{sign}{amount} ត្រូវបានបង់ដោយ {payer} (*{tail})"
                " នៅថ្ងៃទី {day} ខែ{month_km} ឆ្នាំ {year} ម៉ោង {hour}:{minute}"
                " តាម {channel} នៅ {shop}។ លេខប្រតិបត្តិការ: {payway.trx}។ APV: {payway.apv}{khan}"
            ),
        ),
    ),
)
