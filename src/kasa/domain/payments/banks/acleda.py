"""ACLEDA Bank: the receipt of a KHQR payment."""

from kasa.domain.payments.banks.shapes import (
    AlertGrammar,
    BankLayout,
    Decode,
    IdForm,
    Part,
    ReferenceDate,
)
from kasa.domain.payments.evidence import Direction

LAYOUTS = (
    BankLayout(
        key="acleda.receipt",
        bank="ACLEDA",
        screen=Direction.SENT,
        labels={
            Part.TO: ("ប្រតិបត្តិការ KHQR ទៅ", "ទៅគណនី"),
            Part.FROM: ("គណនីកាត់ប្រាក់ចេញ", "លេខគណនី"),
            Part.AMOUNT: ("ចំនួនទឹកប្រាក់",),
            Part.DEBIT: ("ចំនួនទឹកប្រាក់ប្តូរ", "ទឹកប្រាក់កាត់ចេញ"),
            Part.TO_BANK: ("ធនាគារទទួលផល",),
            Part.RATE: ("អត្រាប្តូរប្រាក់",),
            Part.REFERENCE: ("លេខយោង",),
            Part.HASH: ("លេខយោងប្រតិបត្តិការខាងក្រៅ", "លេខយោងប្រតិបត្តិការខាង"),
            Part.DATE: ("កាលបរិច្ឆេទ",),
            Part.REMARK: ("ចំណាំ",),
        },
        ids={Part.REFERENCE: "acleda.ref", Part.HASH: "bakong.hash8"},
        proves_final=False,
        repeats_amount=True,
        final_words=("ជោគជ័យ", "ប្រតិបត្តិការជោគជ័យ"),
    ),
)
ID_FORMS = (IdForm(scheme="acleda.ref", pattern="[0-9]{11}"),)
REFERENCE_DATES = (
    ReferenceDate(
        scheme="acleda.ref", pattern="([0-9]{4})[0-9]{7}", decode=Decode.LAST_DIGIT_AND_DAY
    ),
)
ALERTS = (
    AlertGrammar(
        family="acleda.en",
        bank="ACLEDA",
        bots=("ACLEDABankBot",),
        templates=(
            (
                "Received {amount} {code} from {phone} {payer}, {day}-{month}-{year}"
                " {hour}:{minute}{half}. Ref.ID: {acleda.ref}, at {shop}, STAND: {digits}."
            ),
        ),
    ),
    AlertGrammar(
        family="acleda.km",
        bank="ACLEDA",
        bots=("ACLEDABankBot",),
        templates=(
            (
                "បានទទួល {amount} {word} ពី {phone} {payer}, ថ្ងៃទី{day} {month_km} {year}"
                " {hour}:{minute}{half_km}, លេខយោង {acleda.ref}, នៅ {shop}."
            ),
        ),
    ),
)
