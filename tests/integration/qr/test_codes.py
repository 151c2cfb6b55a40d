"""QR codes drawn and read by the real libraries."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from kasa.adapters.conformance.documents import KHQR, QrCodesConformance
from kasa.adapters.conformance.pictures import code_png
from kasa.adapters.qr.codes import SegnoZxingCodes
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.codes import QrCodes

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    """One child process for all tests of this module."""
    with SandboxPool() as pool:
        yield pool


class TestSegnoZxingCodes(QrCodesConformance):
    """The real codes."""

    @pytest.fixture(autouse=True)
    def in_child(self, pool: SandboxPool) -> None:
        """Take the child process of the module."""
        self.pool = pool

    def make_ports(self) -> QrCodes:
        """Return the codes."""
        return SegnoZxingCodes(self.pool)


@pytest.mark.parametrize("turn", [0, 90, 17])
def test_turned_codes_are_read_from_the_top(pool: SandboxPool, turn: int) -> None:
    """Two codes on one picture are both found, the upper first, however they are turned."""
    codes = SegnoZxingCodes(pool)
    page = Image.new("L", (900, 1800), 255)
    for text, top in (("second", 1000), (KHQR, 100)):
        with Image.open(io.BytesIO(code_png(codes.draw(text)))) as code:
            page.paste(code.rotate(turn, expand=True, fillcolor=255), (100, top))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60)
    assert codes.read(out.getvalue()) == (KHQR, "second")
