"""The typefaces that receipts are drawn in: those of installed wheels, system fonts on demand."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import attrs
from PIL import ImageFont

REGULAR, MEDIUM, BOLD = 400, 500, 700
_KHMER = range(0x1780, 0x1A00)
_PACKAGES = (
    "fontpkg_noto_sans",
    "fontpkg_roboto",
    "fontpkg_inter",
    "fontpkg_open_sans",
    "fontpkg_poppins",
    "fontpkg_lato",
    "fontpkg_pt_sans",
    "fontpkg_noto_serif",
)
_KHMER_PACKAGE = "fontpkg_noto_sans_khmer"
_SYSTEM = Path("/usr/share/fonts/truetype")
_SYSTEM_KHMER: dict[str, str | None] = {
    "khmeros/KhmerOSbattambang.ttf": None,
    "khmeros/KhmerOSsiemreap.ttf": None,
    "khmeros/KhmerOScontent.ttf": None,
    "noto/NotoSerifKhmer-Regular.ttf": "noto/NotoSerifKhmer-Bold.ttf",
}
_SYSTEM_LATIN: dict[str, str | None] = {"dejavu/DejaVuSans.ttf": "dejavu/DejaVuSans-Bold.ttf"}
Font = ImageFont.FreeTypeFont


@attrs.frozen(kw_only=True)
class Face:
    """One family: the file of its regular and of its bold letters; ``width`` in percent."""

    regular: Path
    bold: Path
    width: int = 100


def latin_faces(*, system: bool = False) -> tuple[Face, ...]:
    """Return the Latin families at hand, in a fixed order; at least one."""
    packaged = [face for name in _PACKAGES if (face := _packaged(name)) is not None]
    found = packaged + (_installed(_SYSTEM_LATIN) if system else [])
    if not found:
        raise LookupError("receipts need a Latin font: install fontpkg-noto-sans")
    return tuple(found)


def khmer_faces(*, system: bool = False) -> tuple[Face, ...]:
    """Return the Khmer families at hand, in a fixed order; at least one."""
    packaged = _packaged(_KHMER_PACKAGE)
    found = [] if packaged is None else [packaged, attrs.evolve(packaged, width=88)]
    found += _installed(_SYSTEM_KHMER) if system else []
    if not found:
        raise LookupError("receipts need a Khmer font: install fontpkg-noto-sans-khmer")
    return tuple(found)


def is_khmer(letter: str) -> bool:
    """Tell whether a letter is drawn in the Khmer family, the riel sign with them."""
    return ord(letter) in _KHMER


@cache
def font(face: Face, size: int, weight: int) -> Font:
    """Return a face in a size of pixels and a weight."""
    path = face.bold if weight >= BOLD else face.regular
    loaded = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
    if "[" in path.name:
        wanted = {b"Weight": weight, b"Width": face.width, b"Optical size": min(32, max(14, size))}
        loaded.set_variation_by_axes([wanted[axis["name"]] for axis in loaded.get_variation_axes()])
    return loaded


def _packaged(package: str) -> Face | None:
    """Return the upright family of a font package, or None when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    files = sorted((Path(spec.origin).parent / "files").glob("*.ttf"))
    upright = [path for path in files if "Italic" not in path.name]
    variable = [path for path in upright if "[" in path.name]
    if variable:
        return Face(regular=variable[0], bold=variable[0])
    named = {path.stem.rpartition("-")[2]: path for path in upright}
    return Face(regular=named["Regular"], bold=named["Bold"])


def _installed(table: dict[str, str | None]) -> list[Face]:
    return [
        Face(regular=_SYSTEM / regular, bold=_SYSTEM / (bold or regular))
        for regular, bold in table.items()
        if (_SYSTEM / regular).is_file()
    ]
