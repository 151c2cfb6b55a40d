"""What happens to a picture on its way: messengers, cameras, other people's thumbs."""

import io
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import attrs
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tests.receipts import camera
from tests.receipts.page import Box, Mark
from tests.receipts.shown import Shown

TELEGRAM = 1280
ORIENTATION = 0x0112
EXIF_TURNS = {90: 8, 180: 3, 270: 6}
"""The EXIF value that says how to turn a picture that was stored turned by so many degrees."""


@attrs.frozen(kw_only=True)
class Sent:
    """A picture as it arrives: bytes, ending, what was done, roles that can no longer be read."""

    data: bytes
    suffix: str
    detail: Mapping[str, Any]
    hidden: frozenset[str] = frozenset()


Damage = Callable[[Shown, Random], Shown]


def clean(shown: Shown, random: Random) -> Shown:
    """Leave it as the phone saved it."""
    return shown


def telegram(shown: Shown, random: Random) -> Shown:
    """Scale to what a messenger allows."""
    return _scaled(shown, min(1.0, TELEGRAM / max(shown.image.size)), random)


def jpeg_low(shown: Shown, random: Random) -> Shown:
    """Save it once at a low quality, then send it."""
    small = telegram(shown, random)
    quality = random.randrange(36, 46)
    kept = io.BytesIO()
    small.image.save(kept, "JPEG", quality=quality)
    return small.noted(Image.open(kept).convert("RGB"), jpeg=[quality])


def small(shown: Shown, random: Random) -> Shown:
    """Halve it."""
    wanted = random.uniform(8.6, 11.5)
    factor = min(1.0, max(0.3, wanted / shown.letter), TELEGRAM / max(shown.image.size))
    return _scaled(shown, factor, random)


def dim(shown: Shown, random: Random) -> Shown:
    """Photograph a phone whose screen went dark: less light, the same letters."""
    light = round(random.uniform(0.4, 0.6), 2)
    sent = telegram(shown, random)
    return sent.noted(ImageEnhance.Brightness(sent.image).enhance(light), brightness=light)


def fade(shown: Shown, random: Random) -> Shown:
    """Take the picture while the page still fades in."""
    share = round(random.uniform(0.28, 0.5), 2)
    sent = telegram(shown, random)
    paper = Image.new("RGB", sent.image.size, sent.image.getpixel((3, sent.image.height // 2)))
    return sent.noted(Image.blend(sent.image, paper, share), faded=share)


def rotated(shown: Shown, random: Random) -> Shown:
    """Turn it."""
    turn = random.choice((90, 180, 270))
    sent = telegram(shown, random)
    return sent.noted(sent.image.rotate(turn, expand=True), rotated=turn)


def rot_exif(shown: Shown, random: Random) -> Shown:
    """Store it turned, with the note that says so."""
    turn = random.choice((90, 180, 270))
    sent = telegram(shown, random)
    image = sent.image.rotate(turn, expand=True)
    orientation = EXIF_TURNS[turn]
    changed = sent.noted(image, exif_orientation=orientation)
    return attrs.evolve(changed, exif_turn=orientation)


def crop(shown: Shown, random: Random) -> Shown:
    """Cut the edges off, near what matters."""
    spare = {"bank", "remark", "fee"} | (set() if shown.needs_status else {"status"})
    wanted = [mark for mark in shown.marks if mark.role not in spare]
    left, top, right, bottom = _around(wanted or list(shown.marks))
    width, height = shown.image.size
    margin = random.randrange(8, 40)
    box = (0, max(0, top - margin), width, min(height, bottom + margin))
    if random.random() < 0.4:
        box = (max(0, left - margin * 9), box[1], min(width, right + margin), box[3])
        left_most = min(mark.box[0] for mark in shown.marks)
        box = (min(box[0], max(0, left_most - margin)), *box[1:])
    return telegram(_cut(shown, box), random)


def crop_away(shown: Shown, random: Random) -> Shown:
    """Cut off the lower rows, with some of what decides."""
    deciding = [
        mark for mark in shown.marks if mark.role in {"date", "date_s"} or "id:" in mark.role
    ]
    lowest = min(deciding or shown.marks, key=lambda mark: mark.box[1])
    return telegram(_cut(shown, (0, 0, shown.image.width, lowest.box[1] - 4)), random)


def overlay(shown: Shown, random: Random) -> Shown:
    """Let a notification cover the top of the screen."""
    image = shown.image.copy()
    width = image.width
    first = min((mark.box[1] for mark in shown.marks if mark.role != "bank"), default=999)
    height = min(width // 6, max(20, first - 16))
    ImageDraw.Draw(image).rounded_rectangle(
        (12, 8, width - 12, 8 + height), height // 4, fill="#eeeeee"
    )
    covered = (12, 8, width - 12, 8 + height)
    hidden = frozenset(mark.role for mark in shown.marks if _touches(mark.box, covered))
    return telegram(attrs.evolve(shown.noted(image), hidden=shown.hidden | hidden), random)


def cover_amount(shown: Shown, random: Random) -> Shown:
    """Let a notification cover the amount."""
    image = shown.image.copy()
    box = next(mark.box for mark in shown.marks if mark.role == "amount")
    middle, half = (box[1] + box[3]) // 2, image.width // 11
    covered = (10, middle - half, image.width - 10, middle + half)
    ImageDraw.Draw(image).rounded_rectangle(covered, half // 3, fill="#f1f1f1")
    hidden = frozenset(mark.role for mark in shown.marks if _touches(mark.box, covered))
    return telegram(attrs.evolve(shown.noted(image), hidden=shown.hidden | hidden), random)


def blur(shown: Shown, random: Random) -> Shown:
    """Shake the camera until nothing can be read."""
    sent = telegram(shown, random)
    image = sent.image.filter(ImageFilter.GaussianBlur(random.uniform(5.5, 7)))
    every = frozenset(mark.role for mark in shown.marks)
    return attrs.evolve(sent.noted(image, blur=6.0), hidden=every)


DAMAGES: Mapping[str, Damage] = {
    "clean": clean,
    "telegram": telegram,
    "jpeg_low": jpeg_low,
    "small": small,
    "photo": camera.photo,
    "photo_rotated": camera.photo_rotated,
    "rotated": rotated,
    "rot_exif": rot_exif,
    "dim": dim,
    "fade": fade,
    "overlay": overlay,
    "crop": crop,
    "crop_away": crop_away,
    "cover_amount": cover_amount,
    "blur": blur,
}


def saved(shown: Shown, random: Random, *, lossless: bool) -> Sent:
    """Return the bytes of a picture, with the labels of what happened to it."""
    out = io.BytesIO()
    if lossless:
        shown.image.save(out, "PNG", compress_level=6)
        how, suffix = "png", "png"
    else:
        quality = random.randrange(83, 90)
        options: dict[str, Any] = {"quality": quality}
        if shown.exif_turn is not None:
            exif = Image.Exif()
            exif[ORIENTATION] = shown.exif_turn
            options["exif"] = exif
        shown.image.save(out, "JPEG", **options)
        how, suffix = f"jpeg {quality}", "jpg"
    detail = {
        **shown.detail,
        "saved": how,
        "letter_height_px": round(shown.letter, 1),
        "size": list(shown.image.size),
    }
    return Sent(data=out.getvalue(), suffix=suffix, detail=detail, hidden=shown.hidden)


def _scaled(shown: Shown, factor: float, random: Random) -> Shown:
    if factor >= 1:
        return shown
    size = (round(shown.image.width * factor), round(shown.image.height * factor))
    method = random.choice((Image.Resampling.LANCZOS, Image.Resampling.BILINEAR))
    image = shown.image.resize(size, method, reducing_gap=2.0)
    return attrs.evolve(shown, image=image, letter=shown.letter * factor)


def _cut(shown: Shown, box: Box) -> Shown:
    def gone(mark: Mark) -> bool:
        left, top, right, bottom = mark.box
        inside = box[0] <= left + 4 and right - 4 <= box[2]
        return not (inside and box[1] <= top + 4 and bottom - 6 <= box[3])

    hidden = frozenset(mark.role for mark in shown.marks if gone(mark))
    kept = frozenset(mark.role for mark in shown.marks if not gone(mark))
    changed = shown.noted(shown.image.crop(box), cropped=True)
    return attrs.evolve(changed, hidden=shown.hidden | (hidden - kept))


def _around(marks: list[Mark]) -> Box:
    left, top, right, bottom = zip(*(mark.box for mark in marks), strict=True)
    return min(left), min(top), max(right), max(bottom)


def _touches(one: Box, other: Box) -> bool:
    beside = one[2] <= other[0] or other[2] <= one[0]
    return not (beside or one[3] <= other[1] or other[3] <= one[1])
