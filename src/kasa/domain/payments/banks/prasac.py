"""KB PRASAC Bank: the card with payer and payee one below the other."""

from kasa.domain.payments.banks.shapes import AlertGrammar, BankLayout, IdForm, Part, Payee
from kasa.domain.payments.evidence import Direction

LAYOUTS = (
    BankLayout(
        key="prasac.receipt",
        bank="PRASAC",
        screen=Direction.SENT,
        labels={
            Part.AMOUNT: ("ចំនួនទឹកប្រាក់ប្រតិបត្តិការ",),
            Part.REFERENCE: ("លេខយោងប្រតិបត្តិការ",),
            Part.HASH: ("បាគងហាស",),
            Part.OTHER: ("បង្ហាញបន្ថែម", "KB PRASAC Bank"),
            Part.REMARK: ("ចំណាំ",),
        },
        ids={Part.REFERENCE: "prasac.ref", Part.HASH: "bakong.hash8"},
        payee=Payee.SECOND_BLOCK,
        proves_final=False,
        final_words=("ជោគជ័យ",),
    ),
)
ID_FORMS = (IdForm(scheme="prasac.ref", pattern="MB[0-9]{14}"),)
ALERTS = (
    AlertGrammar(
        family="prasac.en",
        bank="PRASAC",
        bots=("prasac_merchant_payment_bot",),
        templates=(
            (
                "Received Payment Amount {amount} {code}\n"
                "- Paid by: {payer} / {bank_slash}\n"
                "- Shop ID: {shop_id} / Shop Name: {shop}\n"
                "- Counter: {counter}\n"
                "- Received by: {cashier}\n"
                "- Transaction Date: {day}-{month}-{year_short} {hour}:{minute}.{second} {half}"
            ),
        ),
    ),
)
