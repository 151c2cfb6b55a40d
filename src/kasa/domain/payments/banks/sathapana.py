"""Sathapana Bank: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="sathapana.en",
        bank="SATHAPANA",
        bots=("SathapanaBank_bot",),
        templates=(
            (
                "The amount {amount} {code} is paid from {payer}, {bank_word}, Bill No.: {bill}"
                " on {year}-{month_no}-{day} {hour}.{minute}.{second} {half}"
                " with Transaction ID: {sathapana.trx}, Hash: {bakong.hash8}, Shop-name: {shop}"
            ),
        ),
    ),
)
