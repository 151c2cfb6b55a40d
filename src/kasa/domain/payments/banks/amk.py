"""AMK Microfinance: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="amk.en",
        bank="AMK",
        bots=("AMKPlc_bot",),
        templates=(
            (
                "**AMK PAY**\n**{code} {amount}** is paid from **{payer}** to **{shop}**"
                " on **{day}-{month_no}-{year} {hour}:{minute} {half}**"
                " with Transaction ID: **{amk.trx}**"
            ),
        ),
    ),
)
