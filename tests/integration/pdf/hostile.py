"""PDF files that unpack to far more than they are, in the places that readers forget."""

import zlib

HEADS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
)


def with_object_streams(body: bytes, *, times: int = 1) -> bytes:
    """Return a file with an object inside a compressed object stream, as often as asked."""
    data = zlib.compress(body, 9)
    return _file([(b"/FlateDecode", data)] * times)


def with_lzw_object_stream(size: int) -> bytes:
    """Return a file with an object stream that a filter without limits unpacks to some bytes."""
    return _file([(b"/L#5aWDecode", _lzw(size))])


def _file(streams: list[tuple[bytes, bytes]]) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    rows = {0: b"\0" + bytes(4) + b"\xff\xff"}

    def add(number: int, body: bytes) -> None:
        rows[number] = b"\1" + len(out).to_bytes(4, "big") + b"\0\0"
        out.extend(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    for number, head in enumerate(HEADS, 1):
        add(number, head)
    number = len(HEADS) + 1
    for name, data in streams:
        entries = b"/Type/ObjStm/N 1/First 4/Length %d/Filter%s" % (len(data), name)
        add(number, b"<<%s>>stream\n%s\nendstream" % (entries, data))
        rows[number + 1] = b"\2" + number.to_bytes(4, "big") + b"\0\0"
        number += 2
    start = len(out)
    rows[number] = b"\1" + start.to_bytes(4, "big") + b"\0\0"
    table = zlib.compress(b"".join(rows[place] for place in range(number + 1)))
    entries = b"/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R" % (number + 1)
    entries += b"/Length %d/Filter/FlateDecode" % len(table)
    out.extend(b"%d 0 obj\n<<%s>>stream\n%s\nendstream\nendobj\n" % (number, entries, table))
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def _lzw(size: int) -> bytes:
    """Return so many letters in LZW, whose codes grow by one letter each until they are reset."""
    out, held, bits, made = bytearray(), 0, 0, 0

    def put(code: int, width: int) -> None:
        nonlocal held, bits
        held, bits = held << width | code, bits + width
        while bits >= 8:
            bits -= 8
            out.append(held >> bits & 0xFF)
        held &= (1 << bits) - 1

    put(256, 9)
    while made < size:
        put(97, 9)
        made += 1
        for code in range(258, 4_093):
            put(code, 9 if code < 511 else 10 if code < 1_023 else 11 if code < 2_047 else 12)
            made += code - 256
            if made >= size:
                break
        put(256, 12)
    put(257, 9)
    put(0, 8)
    return bytes(out)
