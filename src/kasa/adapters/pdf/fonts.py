"""Fonts for PDF: found, never vendored, registered once per process.

The order is `KASA_PDF_FONTS`, the packages `fontpkg-noto-sans-khmer` and `fontpkg-noto-sans`, then
files of the system for the characters that these lack.
"""

import io
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import RLock

import attrs
import uharfbuzz
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError

from kasa.adapters.pdf.khmer import KasaFont
from kasa.domain.kernel.errors import Conflict

REGULAR, BOLD = 400, 700
PACKAGES = ("fontpkg_noto_sans_khmer", "fontpkg_noto_sans")
SYSTEM_FOLDER = Path("/usr/share/fonts/truetype")
SYSTEM_FILES = (
    ("noto/NotoSans-Regular.ttf", "noto/NotoSans-Bold.ttf"),
    ("noto/NotoSansThai-Regular.ttf", "noto/NotoSansThai-Bold.ttf"),
    ("noto/NotoSansSymbols-Regular.ttf", "noto/NotoSansSymbols-Bold.ttf"),
    ("noto/NotoSansSymbols2-Regular.ttf", ""),
    ("noto/NotoSansMath-Regular.ttf", ""),
    ("noto/NotoSansKhmer-Regular.ttf", "noto/NotoSansKhmer-Bold.ttf"),
    ("mondulkiri/Mondulkiri-R.ttf", "mondulkiri/Mondulkiri-B.ttf"),
    ("khmeros/KhmerOS.ttf", ""),
)
PRINTING = RLock()
"""Held while fonts are registered or a document is drawn: fonts keep state per document."""


class FontRefused(Conflict):
    """This font file cannot be used: only TrueType outlines (glyf) can be embedded."""

    code = "print.font_refused"


@attrs.frozen(kw_only=True)
class FontFamily:
    """A regular and a bold face, and the SHA-256 of the files they come from."""

    regular: KasaFont
    bold: KasaFont
    digests: tuple[str, ...]


@attrs.frozen
class FontChain:
    """Families in the order in which they are asked for a character."""

    families: tuple[FontFamily, ...]

    def faces(self, *, bold: bool) -> tuple[KasaFont, ...]:
        """Return the faces of one weight."""
        return tuple(family.bold if bold else family.regular for family in self.families)

    @property
    def digests(self) -> tuple[str, ...]:
        """The SHA-256 of all files, in order."""
        return tuple(digest for family in self.families for digest in family.digests)

    @property
    def has_khmer(self) -> bool:
        """Whether any family has Khmer letters."""
        return any(family.regular.has("ក") for family in self.families)


@cache
def font_chain(
    named: str = "", packages: tuple[str, ...] = PACKAGES, system: Path = SYSTEM_FOLDER
) -> FontChain:
    """Return the fonts of this machine; ``named`` is the text of ``KASA_PDF_FONTS``.

    It lists ``regular.ttf[:bold.ttf]``, separated by commas. Raises ``print.font_refused`` for a
    named file that is missing or has no TrueType outlines.
    """
    with PRINTING:
        return FontChain((*_named(named), *_packaged(packages), *_of_system(system)))


def _named(named: str) -> list[FontFamily]:
    families = []
    for entry in filter(None, (part.strip() for part in named.split(","))):
        regular, _, bold = entry.partition(":")
        try:
            families.append(_static(Path(regular), Path(bold or regular)))
        except (OSError, TTFError) as error:
            raise FontRefused(file=entry) from error
    return families


def _packaged(packages: Sequence[str]) -> list[FontFamily]:
    return [_variable(path) for path in map(_file_of, packages) if path is not None]


def _of_system(folder: Path) -> list[FontFamily]:
    families = []
    for regular, bold in SYSTEM_FILES:
        first, second = folder / regular, folder / (bold or regular)
        if first.is_file() and second.is_file():
            try:
                families.append(_static(first, second))
            except TTFError:
                continue
    return families


def _file_of(package: str) -> Path | None:
    """Return the upright font file of a package, or None when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    files = sorted((Path(spec.origin).parent / "files").glob("*.ttf"))
    return next((path for path in files if "Italic" not in path.name), None)


def _static(regular: Path, bold: Path) -> FontFamily:
    first, second = regular.read_bytes(), bold.read_bytes()
    return FontFamily(
        regular=_registered(f"{regular.stem}-{_digest(first)[:8]}", first),
        bold=_registered(f"{bold.stem}-{_digest(second)[:8]}-b", second),
        digests=(_digest(first), _digest(second)),
    )


def _variable(path: Path) -> FontFamily:
    """Return two static instances of a variable font file.

    They share a PostScript name, by which reportlab embeds, so each gets its own.
    """
    data = path.read_bytes()
    stem = path.stem.partition("[")[0]
    return FontFamily(
        regular=_registered(f"{stem}-Regular", _instance(data, REGULAR)),
        bold=_registered(f"{stem}-Bold", _instance(data, BOLD)),
        digests=(_digest(data),),
    )


def _instance(data: bytes, weight: int) -> bytes:
    """Return a static font of one weight; the same bytes every time."""
    face = uharfbuzz.Face(data)
    want = uharfbuzz.SubsetInput()
    want.keep_everything()
    want.pin_axis_location(face, "wght", weight)
    want.pin_axis_location(face, "wdth", 100)
    static: bytes = uharfbuzz.subset(face, want).blob.data
    return static


def _registered(name: str, data: bytes) -> KasaFont:
    font = KasaFont(name, io.BytesIO(data))
    font.face.name = name.replace(" ", "").encode("ascii", "replace")
    registerFont(font)
    return font


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
