"""Pictures from strangers: refused by their header, decoded in a child process, re-encoded.

Nothing of the file is kept but its pixels: no metadata, no colour profile, no trailing bytes.
"""

import io
import warnings

from PIL import Image, ImageOps

from kasa.adapters.images.png import png
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.images import (
    PICTURE_LIMIT_BYTES,
    PIXELS_LIMIT,
    SIDE_LARGEST,
    SIDE_SMALLEST,
    CleanPicture,
    HeicPicture,
    NotAnImage,
    PictureAnimated,
    PictureTooLarge,
    PictureTooManyPixels,
    PictureTooSmall,
)

EXACT_PIXELS_LIMIT = 4_000_000
JPEG_QUALITY = 95
PLAIN_MODES = {"L", "RGB"}
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_ANIMATION_FLAG = 0x02


class SafeImageCleaner:
    """Cleans pictures; only the first bytes of a file are looked at in this process."""

    def __init__(self, sandbox: SandboxPool) -> None:
        self._sandbox = sandbox

    def clean(self, data: bytes) -> CleanPicture:
        """Return the upright pixels of a picture, re-encoded."""
        kind = _kind(data)
        return self._sandbox.run(clean_picture, data, kind)


def _kind(data: bytes) -> str:
    """Return PNG, JPEG or WEBP by the first bytes, and refuse everything else."""
    if len(data) > PICTURE_LIMIT_BYTES:
        raise PictureTooLarge(limit_bytes=PICTURE_LIMIT_BYTES)
    if data.startswith(_PNG):
        return "PNG"
    if data.startswith(_JPEG):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _check_webp(data)
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise HeicPicture
    raise NotAnImage


def _check_webp(data: bytes) -> None:
    """Check a WebP canvas before libwebp sees it: its decoder reserves two canvases to open it."""
    if data[12:16] != b"VP8X" or len(data) < 30:
        return
    if data[20] & _ANIMATION_FLAG:
        raise PictureAnimated
    width, height = (int.from_bytes(data[place : place + 3], "little") + 1 for place in (24, 27))
    _check_size(width, height)


def _check_size(width: int, height: int) -> None:
    if width * height > PIXELS_LIMIT or max(width, height) > SIDE_LARGEST:
        raise PictureTooManyPixels(width=width, height=height)
    if min(width, height) < SIDE_SMALLEST:
        raise PictureTooSmall(width=width, height=height)


def clean_picture(data: bytes, kind: str) -> CleanPicture:
    """Decode one picture of a kind and encode its pixels again; runs in a child process."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            image = Image.open(io.BytesIO(data), formats=(kind,))
            _check_size(image.width, image.height)
            if getattr(image, "n_frames", 1) > 1:
                raise PictureAnimated
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureTooManyPixels from error
        except (OSError, SyntaxError, ValueError, Warning) as error:
            raise NotAnImage from error
        try:
            return _encoded(_pixels(image), exact=kind == "PNG")
        except (OSError, SyntaxError, ValueError, Warning, EOFError, KeyError) as error:
            raise NotAnImage from error


def _pixels(image: Image.Image) -> Image.Image:
    """Return the pixels alone: upright, grey or RGB, on white where they were transparent."""
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    if image.mode not in PLAIN_MODES:
        image = image.convert("L" if image.mode == "1" else "RGB")
    image.info.clear()
    return image


def _encoded(image: Image.Image, *, exact: bool) -> CleanPicture:
    """Encode pixels: without loss when they came so and are few, else as a fine JPEG."""
    if exact and image.width * image.height <= EXACT_PIXELS_LIMIT:
        data, media_type = png(image), "image/png"
    else:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        data, media_type = out.getvalue(), "image/jpeg"
    return CleanPicture(data=data, media_type=media_type, width=image.width, height=image.height)
