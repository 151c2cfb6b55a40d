"""`kasa khqr`: read, build and check KHQR codes; no database is needed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import currency
from kasa.domain.payments.khqr import REFUSALS, KhqrKind, KhqrRequest, build_khqr, khqr_amount
from kasa.domain.payments.khqr_faults import verify_khqr
from kasa.domain.payments.khqr_reading import KhqrContent, milliseconds, read_khqr
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table

NAME_LIMIT = 255
LIFE_MINUTES = 15
LIFE_MINUTES_MAX = 60 * 24 * 365


class CodeMissing(Invalid):
    """This is neither a file that can be read nor the text of a code."""

    code = "khqr.no_code"


@click.group
def khqr() -> None:
    r"""KHQR codes: the text below the QR code of a Cambodian bank account.

    \b
    Examples:
      kasa khqr build --account shop@aclb --name "Sokha" --amount 40000
      kasa khqr check 00020101021129...
      kasa khqr read poster.jpg
    """


@khqr.command("read")
@click.argument("source", metavar="TEXT|PICTURE")
@asked
def read_code(request: Request, *, source: str) -> None:
    """Show what a code says: its text, or the codes in a picture."""
    contents = [read_khqr(text) for text in _texts(request, source)]
    for content in contents:
        request.screen.show(table(("tag", "value"), _rows(content)))
    if not contents:
        request.screen.warn("No QR code is in this picture.")
    request.screen.answer({"codes": contents})


def _texts(request: Request, source: str) -> tuple[str, ...]:
    path = Path(source)
    if len(source) > NAME_LIMIT or not path.is_file():
        text = source.strip()
        if not read_khqr(text).tags:
            raise CodeMissing
        return (text,)
    with request.tools() as opened:
        return opened.codes(path.read_bytes())


def _rows(content: KhqrContent) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for tag, value in content.tags.items():
        if isinstance(value, str):
            rows.append((tag, value))
        else:
            rows.extend((f"{tag}.{part}", text) for part, text in value.items())
    rows.append(("crc", "right" if content.crc_ok else "wrong"))
    rows.append(("md5", content.md5))
    return rows


@khqr.command("check")
@click.argument("text")
@asked
def check_code(request: Request, *, text: str) -> None:
    """Say what is wrong with a code; exit 2 when anything is."""
    faults = verify_khqr(text.strip(), datetime.now(UTC))
    if faults:
        rows = [(fault.code, fault.number) for fault in faults]
        request.screen.show(table(("fault", ">bank's number"), rows))
        first = REFUSALS[faults[0]]
        raise first(faults=tuple(fault.code for fault in faults))
    request.screen.say("The code is right.", "green")
    request.screen.answer({"valid": True, "content": read_khqr(text.strip())})


@khqr.command("build")
@click.option("--account", required=True, help="Bakong account, like shop@bank.")
@click.option("--name", required=True)
@click.option("--city", default="Phnom Penh", show_default=True)
@click.option("--currency", "unit", default="KHR", show_default=True)
@click.option("--amount", help="Without it the payer types the amount.")
@click.option("--minutes", default=LIFE_MINUTES, type=click.IntRange(1, LIFE_MINUTES_MAX))
@click.option("--bill", help="Invoice number.")
@click.option("--merchant-id", help="Makes it a merchant's code; needs --bank.")
@click.option("--bank")
@asked
def build_code(  # noqa: PLR0913  # one argument for each option of the command
    request: Request,
    *,
    account: str,
    name: str,
    city: str,
    unit: str,
    amount: str | None,
    minutes: int,
    bill: str | None,
    merchant_id: str | None,
    bank: str | None,
) -> None:
    """Print the text of a code and its MD5."""
    now = datetime.now(UTC)
    money = None if amount is None else khqr_amount(amount, currency(unit))
    code = build_khqr(
        KhqrRequest(
            kind=KhqrKind.MERCHANT if merchant_id else KhqrKind.INDIVIDUAL,
            account_id=account,
            name=name,
            city=city,
            currency=currency(unit),
            amount=money,
            expires_ms=milliseconds(now + timedelta(minutes=minutes)) if money else None,
            merchant_id=merchant_id,
            bank=bank,
            bill_number=bill,
        ),
        now,
    )
    request.screen.show(code.payload, code.md5)
    request.screen.answer(code)
