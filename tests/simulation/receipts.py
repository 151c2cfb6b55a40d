"""Receipts as the world's banks show them, and what liars make of them."""

from datetime import timedelta

import attrs

from kasa.adapters.images.looks import screen
from kasa.adapters.memory.images import ToldSampleReceipts
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.domain.kernel.moments import zone
from tests.simulation.shop import Shop, Story, Transfer

ZONE = zone("Asia/Phnom_Penh")
STRANGER = ("NARY BEAUTY", "000888777")


def receipt_of(transfer: Transfer, shop: Shop) -> SampleReceipt:
    """Return what the payer's bank shows of a transfer to a shop."""
    return SampleReceipt(
        look=SampleLook.ABA_SUCCESS,
        amount=transfer.amount,
        recipient=shop.receiver,
        recipient_account=shop.account,
        payer=transfer.payer,
        payer_account=transfer.payer_account,
        paid_at=transfer.paid_at.astimezone(ZONE),
        references=(("aba.trx", transfer.reference),),
    )


def told(receipt: SampleReceipt, story: Story, other: Transfer | None) -> SampleReceipt:
    """Return the receipt as a liar shows it; ``other`` is a transfer of which the number is."""
    if story is Story.OTHER_RECEIVER:
        name, account = STRANGER
        return attrs.evolve(receipt, recipient=name, recipient_account=account)
    if story is Story.LONG_AGO:
        return attrs.evolve(receipt, paid_at=receipt.paid_at - timedelta(days=40))
    if story is Story.NOT_YET:
        return attrs.evolve(receipt, paid_at=receipt.paid_at + timedelta(days=1))
    if story in {Story.EDITED, Story.ELSEWHERE} and other is not None:
        return attrs.evolve(receipt, references=(("aba.trx", other.reference),))
    return receipt


def photographed(
    recognizer: ScriptedRecognizer, receipt: SampleReceipt, story: Story, *, copy: int = 0
) -> bytes:
    """Return a picture, and let the recognizer read what it shows; copies differ in bytes."""
    picture = ToldSampleReceipts().draw(receipt) + b" " * copy
    shown = screen(receipt)
    if story is Story.NO_RECEIPT:
        return b"a cat, " + picture
    status = "Processing" if story is Story.PENDING else shown.status
    if story is Story.PENDING:
        picture += b"?"
    rows = (f"{label} {value}" for label, value in shown.rows)
    lines = [shown.brand, status, shown.headline, shown.above_name, shown.name, *rows]
    recognizer.show(picture, *(line for line in lines if line))
    return picture
