"""Chip Mong Commercial Bank: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="chipmong.en",
        bank="CHIPMONG",
        bots=("chipmongbankpaymentbot",),
        templates=(
            (
                "{code} {amount} is paid by {bank} via KHQR for purchase {bakong.hash8}."
                " From {payer}, at {shop}, date {month} {day}, {year} {hour}:{minute} {half}"
            ),
        ),
    ),
)
