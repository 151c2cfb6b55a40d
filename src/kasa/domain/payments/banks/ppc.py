"""Phnom Penh Commercial Bank: the receipt with its rows of two columns."""

from kasa.domain.payments.banks.shapes import BankLayout, IdForm, Part, Payee
from kasa.domain.payments.evidence import Direction

LAYOUTS = (
    BankLayout(
        key="ppc.receipt",
        bank="PPCBANK",
        screen=Direction.SENT,
        labels={
            Part.TRANSACTION: ("លេខសម្គាល់ប្រតិបត្តិការ",),
            Part.HASH: ("លេខយោង",),
            Part.DATE: ("កាលបរិច្ឆេទប្រតិបត្តិការ",),
            Part.AMOUNT: ("ចំនួនទឹកប្រាក់",),
            Part.FEE: ("ថ្លៃសេវា",),
            Part.TOTAL: ("សរុប",),
            Part.TO: ("អ្នកទទួល",),
            Part.FROM: ("ចេញពីគណនី",),
            Part.REMARK: ("ចំណាំ",),
        },
        ids={Part.TRANSACTION: "ppc.trx", Part.HASH: "bakong.hash8"},
        payee=Payee.UNDER_HEADLINE,
        under=("បានផ្ញើទៅ",),
        name_runs=True,
        repeats_amount=True,
        account_below=True,
        final_words=("ជោគជ័យ",),
    ),
)
ID_FORMS = (IdForm(scheme="ppc.trx", pattern="[0-9]{9}", everywhere=False),)
