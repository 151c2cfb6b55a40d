"""Cambodia Commercial Union: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="ccu.en",
        bank="CCU",
        bots=("ccu_bank_bot",),
        templates=(
            (
                "{amount} {code} is paid by {payer}, {bank_word} *{tail} on {day}-{month}-{year},"
                " {hour}:{minute}{half} at {shop} with Hash ID #{bakong.hash8}"
            ),
        ),
    ),
)
