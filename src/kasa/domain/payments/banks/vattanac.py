"""Vattanac Bank: the receipt with its chip of the payee."""

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

LAYOUTS = (
    BankLayout(
        key="vattanac.receipt",
        bank="VATTANAC",
        screen=Direction.SENT,
        labels={
            Part.TRANSACTION: ("លេខប្រតិបត្តិការ", "Transaction No."),
            Part.DATE: ("កាលបរិច្ឆេទ",),
            Part.FROM: ("ពីគណនី",),
            Part.TO: ("ទៅ",),
            Part.TO_BANK: ("ធនាគារ",),
            Part.HASH: ("លេខកូដប្រតិបត្តិការ",),
            Part.AMOUNT: ("ចំនួនទឹកប្រាក់",),
            Part.FEE: ("ថ្លៃសេវា",),
            Part.REMARK: ("ចំណាំ",),
        },
        ids={Part.TRANSACTION: "vattanac.trx", Part.HASH: "bakong.hash8"},
        payee=Payee.ROWS,
        repeats_amount=True,
        final_words=("ជោគជ័យ", "Success"),
    ),
)
ID_FORMS = (IdForm(scheme="vattanac.trx", pattern="001FTRA[0-9]{5}[0-9A-HJ-NP-Z]{4}"),)
REFERENCE_DATES = (
    ReferenceDate(
        scheme="vattanac.trx",
        pattern="001FTRA([0-9]{5})[0-9A-Z]{4}",
        decode=Decode.YEAR_AND_DAY,
    ),
)
ALERTS = (
    AlertGrammar(
        family="vattanac.en",
        bank="VATTANAC",
        bots=("vattanac_bank_merchant_prod_bot",),
        templates=(
            (
                "{code} {amount} is paid by {payer} ({bank_in}) via KHQR"
                " on {day}/{month_no}/{year} {hour}:{minute} {half} at {shop}\n"
                "Trx. ID: {vattanac.trx}\nHash: {bakong.hash8}"
            ),
        ),
    ),
)
