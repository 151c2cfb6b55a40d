"""A phone photographed by another one: perspective, uneven light, moiré, noise."""

from random import Random

import attrs
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.receipts.shown import Shown


def photo(shown: Shown, random: Random) -> Shown:
    """Photograph the phone: perspective, light from one side, moiré, noise, a little blur."""
    strength = round(random.uniform(0.12, 0.4), 2)
    upper = shown.image.crop((0, 0, shown.image.width, min(shown.image.height, _reach(shown))))
    wide, high = 960, 1280
    scale = min(0.86 * wide / upper.width, 0.94 * high / upper.height)
    scale = max(scale, 0.8 * wide / upper.width) if upper.height * scale < high else scale
    size = (round(upper.width * scale), round(upper.height * scale))
    screen = upper.resize(size, Image.Resampling.LANCZOS)
    desk = _desk((wide, high), random)
    place = ((wide - size[0]) // 2, (high - size[1]) // 2)
    ImageDraw.Draw(desk).rounded_rectangle(
        (place[0] - 22, place[1] - 40, place[0] + size[0] + 22, place[1] + size[1] + 40),
        40,
        fill="#08090b",
    )
    desk.paste(screen, place)
    lean = strength * 70
    corners = [(random.uniform(-lean, lean), random.uniform(-lean, lean)) for _ in range(4)]
    seen = _perspective(desk, corners)
    seen = _lit(seen, random, strength)
    blurred = round(0.4 + strength * 0.6, 2)
    image = seen.filter(ImageFilter.GaussianBlur(blurred))
    changed = shown.noted(image, photo=strength, blur=blurred)
    return attrs.evolve(changed, letter=shown.letter * scale)


def photo_rotated(shown: Shown, random: Random) -> Shown:
    """Photograph the phone with the camera turned."""
    seen = photo(shown, random)
    turn = random.choice((90, 270))
    return seen.noted(seen.image.rotate(turn, expand=True), rotated=turn)


def _reach(shown: Shown) -> int:
    """Return how far down the photographer's picture goes: below the last fact."""
    return max(mark.box[3] for mark in shown.marks) + shown.image.width // 8


def _desk(size: tuple[int, int], random: Random) -> Image.Image:
    tone = random.randrange(40, 190)
    colours = tuple(max(0, min(255, tone + random.randrange(-25, 25))) for _ in range(3))
    return Image.new("RGB", size, (colours[0], colours[1], colours[2]))


def _perspective(image: Image.Image, shifts: list[tuple[float, float]]) -> Image.Image:
    """Move the corners of a picture by so many pixels."""
    width, height = image.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, wanted = [], []
    for (x, y), (dx, dy) in zip(corners, shifts, strict=True):
        u, v = x + dx, y + dy
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.array(wanted, dtype=float))
    data = [float(value) for value in solved]
    return image.transform(image.size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC)


def _lit(image: Image.Image, random: Random, strength: float) -> Image.Image:
    """Lay uneven light, moiré and noise over a picture."""
    generator = np.random.default_rng(random.randrange(2**32))
    pixels = np.asarray(image, dtype=np.float32)
    high, wide = pixels.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, wide), np.linspace(0, 1, high))
    slope = random.uniform(-1, 1) * across + random.uniform(-1, 1) * down
    light = 1 + 0.35 * strength * slope
    angle, period = random.uniform(0, 3.14), random.uniform(3.5, 9)
    waves = np.sin((across * wide * np.cos(angle) + down * high * np.sin(angle)) * 6.283 / period)
    changed = pixels * light[..., None] + (waves * 10 * strength)[..., None]
    changed += generator.normal(0, 10 * strength, pixels.shape)
    return Image.fromarray(np.clip(changed, 0, 255).astype(np.uint8))
