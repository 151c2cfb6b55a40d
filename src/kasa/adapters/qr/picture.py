"""A QR code as a picture."""

import io

from PIL import Image

from kasa.application.ports.codes import QUIET_MODULES, CodeMatrix

SIDE_PIXELS_MIN = 800


def code_picture(matrix: CodeMatrix) -> bytes:
    """Return a PNG of a code with its quiet zone, at least 800 pixels wide; the same twice."""
    side = matrix.side + 2 * QUIET_MODULES
    scale = -(-SIDE_PIXELS_MIN // side)
    picture = Image.new("1", (side, side), 1)
    for row, modules in enumerate(matrix.rows):
        for column, dark in enumerate(modules):
            if dark:
                picture.putpixel((column + QUIET_MODULES, row + QUIET_MODULES), 0)
    drawn = io.BytesIO()
    large = picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    large.save(drawn, format="PNG")
    return drawn.getvalue()
