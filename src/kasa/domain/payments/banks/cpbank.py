"""Cambodia Post Bank: its two alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="cpbank.received",
        bank="CPB",
        bots=("CPBankBot",),
        templates=(
            (
                "You have received {code} {amount} from {payer}, bank name: {bank}"
                " ,account number: {wallet}. Transaction Hash: {bakong.hash8}."
                " Transaction Date: {day}-{month_no}-{year} {hour}:{minute}:{second} {half}{dot}"
            ),
        ),
    ),
    AlertGrammar(
        family="cpbank.paid",
        bank="CPB",
        bots=("CPBankBot",),
        templates=(
            (
                "Transaction amount {code} {amount} is paid from {payer} to {shop}"
                " on {day}-{month_no}-{year} {hour}:{minute}:{second} {half}."
                " Transaction ID: {cp.trx}"
            ),
        ),
    ),
)
