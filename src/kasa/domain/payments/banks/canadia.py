"""Canadia Bank: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="canadia.en",
        bank="CANADIA",
        bots=("CanadiaMerchant_bot",),
        templates=(
            (
                "{amount} {code} was paid to your account: {shop} on {day} {month} {year}"
                " at {hour}:{minute}:{second} from{spaces}{bank} Acc: {payer} {masked}"
                " with Ref: {canadia.ft}, Txn Hash: {bakong.hash8}"
            ),
        ),
    ),
)
