"""A wallet whose screen prints no brand; its ids are those of Wing."""

from kasa.domain.payments.banks.shapes import (
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
        key="wing_like",
        bank=None,
        screen=Direction.SENT,
        labels={
            Part.DATE: ("Date and Time", "កាលបរិច្ឆេទ"),
            Part.FROM: ("From Account", "ពីគណនី"),
            Part.TO_ACCOUNT: ("To Account", "ទៅគណនី"),
            Part.TRANSACTION: ("Transaction ID", "លេខសម្គាល់ប្រតិបត្តិការ"),
        },
        ids={Part.TRANSACTION: "wing.trx"},
        minus=True,
        proves_final=False,
        payee=Payee.UNDER_HEADLINE,
        under=("Transfer to", "ផ្ទេរប្រាក់ទៅ"),
        name_runs=True,
        final_words=("Success", "ប្រតិបត្តិការជោគជ័យ", "ជោគជ័យ"),
        absent=frozenset({Part.TO_BANK}),
    ),
)
ID_FORMS = (IdForm(scheme="wing.trx", pattern="0002347[0-9]{5}[0-9A-HJ-NP-Z]{4}"),)
REFERENCE_DATES = (
    ReferenceDate(
        scheme="wing.trx", pattern="0002347([0-9]{5})[0-9A-Z]{4}", decode=Decode.YEAR_AND_DAY
    ),
)
