"""Hong Leong Bank: its alerts."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="hongleong.en",
        bank="HONGLEONG",
        bots=("HLBCAM_Bot",),
        templates=(
            (
                "{code} {amount} is paid to {shop} from {payer} on {day}-{month}-{year}"
                " @{hour}:{minute}:{second}. Transaction Hash is {bakong.hash8}{dot}"
            ),
        ),
    ),
)
