"""Prince Bank: its alerts of eight lines, some values in bold."""

from kasa.domain.payments.banks.shapes import AlertGrammar

ALERTS = (
    AlertGrammar(
        family="prince.en",
        bank="PRINCE",
        bots=("prince_pay_bot",),
        templates=(
            (
                "Dear valued customer, you have received a payment:\n"
                "Amount: {bold}{code} {amount}{/bold}\n"
                "Datetime: {bold}{year}/{month_no}/{day}, {hour}:{minute} {half}{/bold}\n"
                "Reference No: {bold}{prince.ref}{/bold}\n"
                "Merchant name: {bold}{shop}{/bold}\n"
                "Received from: {bold}{payer}{/bold}\n"
                "Sender's bank: {bold}{bank}{/bold}\n"
                "Hash: {bold}{bakong.hash8}{/bold}"
            ),
        ),
    ),
)
