"""What is done to a picture before its text is read: grey, contrast, size, turn."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
STRETCH_PERCENT = 1
TILES = 8
CLIP = 3
PIXELS_MAX = 12_000_000
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}

Grey = NDArray[np.uint8]


def grey(data: bytes, turn: int = 0) -> Image.Image:
    """Return the picture in grey, turned clockwise by 0, 90, 180 or 270 degrees."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        picture.load()
        shades = picture.convert("L")
    return shades.transpose(_TURNS[turn]) if turn else shades


def brightest(data: bytes, turn: int = 0) -> Image.Image:
    """Return the picture, turned, with the brightest of red, green and blue as each pixel's grey.

    Red words on a dark card are as dark as the card in the grey that an eye would see.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        picture.load()
        colours = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    shades = Image.fromarray(colours.max(axis=2))
    return shades.transpose(_TURNS[turn]) if turn else shades


def stretched(picture: Image.Image) -> Image.Image:
    """Return it with the darkest and the lightest percent of its pixels as black and white."""
    return ImageOps.autocontrast(picture, cutoff=STRETCH_PERCENT)


def scaled(picture: Image.Image, percent: int, side_max: int) -> tuple[Image.Image, float]:
    """Return it in another size, and the factor: never past a side or a number of pixels."""
    factor = min(
        percent / 100,
        max(1.0, side_max / max(picture.size)) if percent > 100 else 1.0,
        (PIXELS_MAX / (picture.width * picture.height)) ** 0.5,
    )
    if factor == 1:
        return picture, 1.0
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS), factor


def locally_contrasted(picture: Image.Image) -> Image.Image:
    """Return it with its contrast evened out tile by tile, each limited, blended between tiles."""
    shades = np.asarray(picture, dtype=np.uint8)
    height, width = shades.shape
    tall, wide = -(-height // TILES), -(-width // TILES)
    padded = np.pad(shades, ((0, tall * TILES - height), (0, wide * TILES - width)), mode="reflect")
    maps = np.empty((TILES, TILES, 256), dtype=np.float32)
    for row in range(TILES):
        for column in range(TILES):
            tile = padded[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide]
            maps[row, column] = _limited_map(tile)
    return Image.fromarray(_blended(shades, maps, tall, wide))


def _limited_map(tile: Grey) -> NDArray[np.float32]:
    """Return where each shade of a tile goes: its share of darker pixels, peaks cut off."""
    counts: NDArray[np.float64] = np.bincount(tile.ravel(), minlength=256).astype(np.float64)
    limit = max(1.0, CLIP * tile.size / 256)
    surplus = float(np.maximum(counts - limit, 0).sum())
    counts = np.minimum(counts, limit) + surplus / 256
    return (np.cumsum(counts) * (255 / tile.size)).astype(np.float32)


def _blended(shades: Grey, maps: NDArray[np.float32], tall: int, wide: int) -> Grey:
    """Return every pixel mapped by the four tiles around it, the nearer the stronger."""
    height, width = shades.shape
    down = _tile_places(height, tall)
    along = _tile_places(width, wide)
    top, left = down.astype(int), along.astype(int)
    bottom, right = np.minimum(top + 1, TILES - 1), np.minimum(left + 1, TILES - 1)
    lower, later = (down - top)[:, None], (along - left)[None, :]
    upper = (
        maps[top[:, None], left[None, :], shades] * (1 - later)
        + maps[top[:, None], right[None, :], shades] * later
    )
    under = (
        maps[bottom[:, None], left[None, :], shades] * (1 - later)
        + maps[bottom[:, None], right[None, :], shades] * later
    )
    blend: NDArray[np.float32] = np.clip(upper * (1 - lower) + under * lower, 0, 255)
    return blend.astype(np.uint8)


def _tile_places(length: int, tile: int) -> NDArray[np.float32]:
    """Return for each pixel of a side where it lies among the middles of the tiles."""
    places = (np.arange(length, dtype=np.float32) + 0.5) / tile - 0.5
    return np.clip(places, 0, TILES - 1).astype(np.float32)
