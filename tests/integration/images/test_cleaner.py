"""Pictures from strangers: promises E1, E2 and E6."""

import io
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, PngImagePlugin

from kasa.adapters.conformance.documents import ImageCleanerConformance
from kasa.adapters.images.cleaner import SafeImageCleaner, clean_picture
from kasa.adapters.images.png import png
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.images import CleanPicture, ImageCleaner
from kasa.domain.kernel.errors import Invalid
from tests.integration.children import peak_kib
from tests.integration.images.hostile import (
    animation,
    archive_of,
    book_of,
    chunk,
    encoded,
    long_animation,
    png_bomb,
    webp_claiming,
    zip_file,
)

pytestmark = pytest.mark.integration

GROWTH_KIB = 100 * 1024


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    """One child process for all tests of this module."""
    with SandboxPool() as pool:
        yield pool


@pytest.fixture
def cleaner(pool: SandboxPool) -> SafeImageCleaner:
    """The cleaner over the child process."""
    return SafeImageCleaner(pool)


class TestSafeImageCleaner(ImageCleanerConformance):
    """The real cleaner."""

    @pytest.fixture(autouse=True)
    def in_child(self, pool: SandboxPool) -> None:
        """Take the child process of the module."""
        self.pool = pool

    def make_ports(self) -> ImageCleaner:
        """Return the cleaner."""
        return SafeImageCleaner(self.pool)


PHOTO = Image.linear_gradient("L").resize((640, 480)).convert("RGB")


def refusal(cleaner: SafeImageCleaner, data: bytes) -> str:
    """Return the code with which bytes are refused."""
    with pytest.raises(Invalid) as refused:
        cleaner.clean(data)
    return refused.value.code


@pytest.mark.E1
@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        (lambda: png_bomb(50_000), "evidence.too_many_pixels"),
        (lambda: png_bomb(13_000), "evidence.too_many_pixels"),
        (lambda: webp_claiming(16_384, 16_384), "evidence.too_many_pixels"),
        (lambda: long_animation(10_000), "evidence.animated"),
        (lambda: book_of(50 * 2**20), "evidence.not_an_image"),
        (lambda: archive_of(10_000), "evidence.not_an_image"),
        (lambda: animation("PNG", 3), "evidence.animated"),
        (lambda: encoded(Image.new("L", (12_001, 200)), "PNG"), "evidence.too_many_pixels"),
    ],
    ids=[
        "png 50,000",
        "png 13,000",
        "webp canvas",
        "webp frames",
        "xlsx",
        "zip",
        "png frames",
        "long side",
    ],
)
def test_bombs_are_refused_cheaply(
    pool: SandboxPool, cleaner: SafeImageCleaner, bomb: Callable[[], bytes], code: str
) -> None:
    """Each bomb is refused with its code within a second of computing and 100 MiB."""
    data = bomb()
    cleaner.clean(encoded(PHOTO, "PNG"))
    before, start = pool.run(peak_kib), pool.run(time.process_time)
    assert refusal(cleaner, data) == code
    assert pool.run(time.process_time) - start < 1
    assert pool.run(peak_kib) - before < GROWTH_KIB


@pytest.mark.E2
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "evidence.not_an_image"),
        (b"\x89PNG\r\n\x1a\n", "evidence.not_an_image"),
        (b"<html><script>alert(1)</script></html>", "evidence.not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "evidence.not_an_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "evidence.not_an_image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "evidence.heic"),
        (encoded(PHOTO, "GIF"), "evidence.not_an_image"),
        (encoded(PHOTO, "BMP"), "evidence.not_an_image"),
        (encoded(PHOTO, "TIFF"), "evidence.not_an_image"),
        (encoded(PHOTO, "PNG")[:-200], "evidence.not_an_image"),
        (encoded(PHOTO, "JPEG")[:-2000], "evidence.not_an_image"),
        (encoded(PHOTO, "WEBP")[:200], "evidence.not_an_image"),
        (b"\x89PNG\r\n\x1a\n" + encoded(PHOTO, "JPEG"), "evidence.not_an_image"),
        (b"\xff\xd8\xff" + bytes(1000), "evidence.not_an_image"),
        (zip_file(), "evidence.not_an_image"),
        (encoded(Image.new("L", (199, 400)), "PNG"), "evidence.too_small"),
        (encoded(Image.new("L", (1, 1)), "WEBP"), "evidence.too_small"),
        (bytes(10 * 1024 * 1024 + 1), "evidence.too_large"),
    ],
)
def test_what_is_no_picture_is_refused(cleaner: SafeImageCleaner, data: bytes, code: str) -> None:
    """Everything but a whole PNG, JPEG or WebP picture of fair size is refused with its code."""
    assert refusal(cleaner, data) == code


def shown(clean: CleanPicture) -> Image.Image:
    """Return the pixels of a clean picture."""
    return Image.open(io.BytesIO(clean.data))


@pytest.mark.E2
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("tail", [zip_file(), b"<script>alert(1)</script>"])
def test_tails_are_left_behind(cleaner: SafeImageCleaner, kind: str, tail: bytes) -> None:
    """Of a picture that is something else as well only its pixels are kept."""
    clean = cleaner.clean(encoded(PHOTO, kind) + tail)
    assert (clean.width, clean.height) == PHOTO.size
    assert tail not in clean.data
    assert b"script" not in clean.data


@pytest.mark.E2
@pytest.mark.parametrize("hidden", [zip_file(), b"<html><script>alert(1)</script></html>"])
def test_what_hides_within_a_picture_is_left_behind(
    cleaner: SafeImageCleaner, hidden: bytes
) -> None:
    """A file in a private chunk of a PNG, or in a comment of a JPEG, is not kept."""
    picture = encoded(PHOTO, "PNG")
    head = 8 + 25
    clean = cleaner.clean(picture[:head] + chunk(b"kaSa", hidden) + picture[head:])
    assert hidden not in clean.data
    clean = cleaner.clean(encoded(PHOTO, "JPEG", comment=hidden))
    assert hidden not in clean.data


def camera_photo(kind: str) -> bytes:
    """Return a picture with a place, a thumbnail's words, comments and a colour profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "InventedCamera"
    exif[0x9286] = "a private comment"
    exif.get_ifd(0x8825)[2] = (11.0, 33.0, 0.0)
    options: dict[str, object] = {"exif": exif, "icc_profile": b"InventedProfileName" * 8}
    if kind == "JPEG":
        options["comment"] = "a private comment"
    return encoded(PHOTO, kind, **options)


@pytest.mark.E6
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_pixels_is_kept(cleaner: SafeImageCleaner, kind: str) -> None:
    """Place, camera, comments and profile are gone, and the orientation is applied."""
    data = camera_photo(kind)
    assert b"InventedCamera" in data
    clean = cleaner.clean(data)
    assert (clean.width, clean.height) == (480, 640)
    image = shown(clean)
    assert not image.getexif()
    assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert all(word not in clean.data for word in (b"Invented", b"private", b"Exif", b"GPS"))


def test_transparent_parts_are_white(cleaner: SafeImageCleaner) -> None:
    """What is transparent becomes white paper, so that dark text on it stays readable."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert shown(cleaner.clean(encoded(image, "PNG"))).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_stay_grey(cleaner: SafeImageCleaner) -> None:
    """A picture of 16 bits a pixel keeps its shades."""
    image = Image.new("I;16", (300, 300), 0x8000)
    assert shown(cleaner.clean(encoded(image, "PNG"))).getpixel((5, 5)) == 0x80


def with_palette() -> Image.Image:
    """Return a picture of a palette whose first colour is transparent."""
    image = Image.new("P", (300, 300), 0)
    image.putpalette([9, 9, 9, 200, 0, 0])
    image.paste(1, (0, 0, 300, 150))
    return image


@pytest.mark.parametrize(
    ("data", "top", "bottom"),
    [
        (encoded(with_palette(), "PNG", transparency=0), (200, 0, 0), (255, 255, 255)),
        (encoded(with_palette(), "PNG"), (200, 0, 0), (9, 9, 9)),
        (encoded(Image.new("LA", (300, 300), (0, 0)), "PNG"), (255, 255, 255), (255, 255, 255)),
        (encoded(Image.new("1", (300, 300), 1), "PNG"), 255, 255),
        (encoded(Image.new("L", (300, 300), 77), "PNG"), 77, 77),
        (encoded(Image.new("RGB", (300, 300), (1, 2, 3)), "PNG"), (1, 2, 3), (1, 2, 3)),
    ],
    ids=["palette, transparent", "palette", "grey, transparent", "one bit", "grey", "colour"],
)
def test_every_kind_of_pixel_keeps_its_shade(
    cleaner: SafeImageCleaner, data: bytes, top: object, bottom: object
) -> None:
    """Palettes, transparency, one bit and grey come back as the same grey or colours."""
    clean = shown(cleaner.clean(data))
    assert (top, bottom) == (clean.getpixel((5, 5)), clean.getpixel((5, 290)))


def test_printing_colours_are_shown(cleaner: SafeImageCleaner) -> None:
    """A JPEG in four printing colours comes back in the colours that a screen shows."""
    data = encoded(Image.new("CMYK", (300, 300), (0, 255, 255, 0)), "JPEG")
    pixel = shown(cleaner.clean(data)).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert max(pixel[1:]) < 80


def test_words_beside_the_pixels_are_gone(cleaner: SafeImageCleaner) -> None:
    """Text chunks of a PNG and descriptions of a JPEG are not kept."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "a private comment")
    words.add_itxt("XML:com.adobe.xmp", "a private description", zip=True)
    clean = cleaner.clean(encoded(PHOTO, "PNG", pnginfo=words, dpi=(300, 300)))
    assert {} == shown(clean).info
    clean = cleaner.clean(encoded(PHOTO, "JPEG", xmp=b"a private description", dpi=(300, 300)))
    assert b"private" not in clean.data
    assert "dpi" not in shown(clean).info


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(200, 200), (201, 333), (1, 1), (1_999, 3)])
def test_written_pixels_are_read_back(mode: str, size: tuple[int, int]) -> None:
    """A PNG of our own holds exactly the pixels, and every row of them."""
    image = Image.effect_noise(size, 80).convert(mode)
    again = Image.open(io.BytesIO(png(image)))
    assert (image.mode, image.size, image.tobytes()) == (again.mode, again.size, again.tobytes())


def test_large_photos_stay_small(cleaner: SafeImageCleaner) -> None:
    """A photo of 24 million pixels comes back whole, as a JPEG."""
    clean = cleaner.clean(encoded(Image.new("RGB", (6000, 4000), "teal"), "PNG"))
    assert (clean.width, clean.height, clean.media_type) == (6000, 4000, "image/jpeg")


def test_cleaning_is_the_same_in_any_process(cleaner: SafeImageCleaner) -> None:
    """The same file gives the same bytes, here and in a child process."""
    data = encoded(PHOTO, "JPEG")
    assert cleaner.clean(data) == clean_picture(data, "JPEG")
