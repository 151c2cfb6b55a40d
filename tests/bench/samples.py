"""The receipt that figures about reading look at."""

from datetime import UTC, datetime

from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.domain.kernel.money import KHR, Money


def sample() -> SampleReceipt:
    """Return a card of an invented payment."""
    return SampleReceipt(
        look=SampleLook.ABA_CARD,
        amount=Money(40_000, KHR),
        recipient="SOKHA TEXTILES",
        recipient_account="001234567",
        payer="CHAN DARA",
        paid_at=datetime(2026, 11, 20, 5, 0, tzinfo=UTC),
        references=(("aba.trx", "48010202442"),),
    )
