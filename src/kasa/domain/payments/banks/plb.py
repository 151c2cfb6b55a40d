"""Phillip Bank: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="plb.en",
        bank="PHILLIP",
        bots=("PLBITBot",),
        templates=(
            (
                "{amount} {code} was credited by {payer}{padding}({bank_in}) via KHQR to {shop}"
                " on {year}-{month_no}-{day} {hour}:{minute}:{second} Ref. No. {plb.ref}"
            ),
        ),
    ),
)
