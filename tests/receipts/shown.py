"""A picture on its way from the screen to the shop."""

from collections.abc import Mapping
from typing import Any

import attrs
from PIL import Image

from tests.receipts.page import Mark


@attrs.frozen(kw_only=True)
class Shown:
    """A picture before it is saved; ``letter`` is the height of its digits in pixels.

    ``needs_status``: the words that say how far the transfer is must stay in sight.
    """

    image: Image.Image
    marks: tuple[Mark, ...]
    letter: float
    detail: Mapping[str, Any] = attrs.field(factory=dict)
    hidden: frozenset[str] = frozenset()
    exif_turn: int | None = None
    needs_status: bool = True

    def noted(self, image: Image.Image, **detail: object) -> "Shown":
        """Return it changed, with a note of how."""
        return attrs.evolve(self, image=image, detail={**self.detail, **detail})
