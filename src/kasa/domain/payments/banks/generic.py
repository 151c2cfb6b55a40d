"""The receipt of a bank that nobody has described: general labels in English and Khmer."""

from kasa.domain.payments.banks.general_labels import LABELS
from kasa.domain.payments.banks.shapes import BankLayout, Decode, IdForm, Part, ReferenceDate
from kasa.domain.payments.evidence import Direction

LAYOUT = BankLayout(
    key="generic",
    bank=None,
    screen=Direction.SENT,
    labels=LABELS,
    ids={
        Part.TRANSACTION: "generic.ref",
        Part.REFERENCE: "generic.ref",
        Part.HASH: "bakong.hash8",
    },
    halves=False,
    proves_final=False,
)
ID_FORMS = (
    IdForm(
        scheme="generic.ref",
        pattern="(?=[A-Z]*[0-9])[0-9A-Z]{6,32}",
        everywhere=False,
    ),
    IdForm(scheme="bakong.hash8", pattern="[0-9a-f]{8}", everywhere=False, english_only=True),
    IdForm(scheme="bakong.hash", pattern="[0-9a-f]{64}", everywhere=False, english_only=True),
)
REFERENCE_DATES = (
    ReferenceDate(
        scheme="amk.trx",
        pattern="([0-9]{13})[0-9]{4}",
        decode=Decode.UNIX_MILLISECONDS,
        confidence=70,
    ),
    ReferenceDate(
        scheme="canadia.ft", pattern="FT([0-9]{5})[0-9A-Z]{5}", decode=Decode.YEAR_AND_DAY
    ),
    ReferenceDate(scheme="cp.trx", pattern="CP([0-9]{5})[0-9]{5}", decode=Decode.YEAR_AND_DAY),
    ReferenceDate(
        scheme="sathapana.trx",
        pattern="099QORT([0-9]{5})[0-9]{4}",
        decode=Decode.YEAR_AND_DAY,
    ),
)
"""Numberings of banks whose screens nobody has seen; their alerts print them."""
