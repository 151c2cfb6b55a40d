"""Files that pretend to be pictures, or are more than they seem."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file of a kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(side: int) -> bytes:
    """Return a whole black and white PNG picture of a size, all of one colour."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    pixels = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def animation(kind: str, frames: int) -> bytes:
    """Return a moving picture."""
    pictures = [Image.new("L", (200, 200), number * 97 % 256) for number in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=20)


def long_animation(frames: int) -> bytes:
    """Return a moving WebP of many frames, made from the one frame of a short one."""
    short = animation("WEBP", 2)
    start = short.index(b"ANMF")
    size = 8 + int.from_bytes(short[start + 4 : start + 8], "little")
    body = short[8:start] + short[start : start + size] * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def book_of(size: int) -> bytes:
    """Return an XLSX file whose one sheet unpacks to some bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(size // 2**20):
                sheet.write(bytes(2**20))
    return out.getvalue()


def archive_of(entries: int) -> bytes:
    """Return a ZIP file of many entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(entries):
            archive.writestr(f"{number}.txt", "")
    return out.getvalue()


def webp_claiming(width: int, height: int) -> bytes:
    """Return a WebP header that claims a canvas, with nothing in it."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zip_file() -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("secret.txt", "hidden text")
    return out.getvalue()
