"""PDF files from strangers: promises E1 and E3."""

import io
import time
import zlib
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image

from kasa.adapters.conformance.documents import PdfReaderConformance
from kasa.adapters.conformance.pictures import pdf_file, pdf_of_picture
from kasa.adapters.pdf.reader import PikepdfReader
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.application.ports.documents import PdfReader
from kasa.domain.kernel.errors import Invalid
from tests.integration.children import peak_kib
from tests.integration.pdf.hostile import HEADS, with_lzw_object_stream, with_object_streams

pytestmark = pytest.mark.integration

ACTIVE, WITHOUT = "evidence.pdf_active", "evidence.pdf_without_picture"
GROWTH_KIB = 100 * 1024


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    """One child process for all tests of this module."""
    with SandboxPool() as pool:
        yield pool


class TestPikepdfReader(PdfReaderConformance):
    """The real reader."""

    @pytest.fixture(autouse=True)
    def in_child(self, pool: SandboxPool) -> None:
        """Take the child process of the module."""
        self.pool = pool

    def make_ports(self) -> PdfReader:
        """Return the reader."""
        return PikepdfReader(self.pool)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
EMPTY_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def catalogue(more: bytes = b"", *objects: bytes) -> bytes:
    """Return a PDF file of one empty page whose catalogue has more in it."""
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R" + more + b">>", PAGES, EMPTY_PAGE, *objects])


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(body), entries, body)


def page_with(contents: bytes, *objects: bytes) -> bytes:
    """Return a PDF file of one page with contents and further objects."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</XObject<</Im0 5 0 R>>>>>>"
    )
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, page, contents, *objects])


def encrypted(password: str) -> bytes:
    """Return an encrypted file, which opens without a password when that is empty."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_picture())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    return out.getvalue()


def hidden_in_object_stream() -> bytes:
    """Return a file whose script lies in a compressed object stream."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_picture())) as pdf:
        pdf.Root.OpenAction = pdf.make_indirect(
            pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        )
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    return out.getvalue()


IMAGE = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray"
DRAW = stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
BOMB = zlib.compress(bytes(512 * 2**20), 9)
DOUBLE_BOMB = zlib.compress(BOMB, 9)


@pytest.mark.E3
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (catalogue(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), ACTIVE),
        (catalogue(b"/AA<</WC 4 0 R>>", b"<</S/Named>>"), ACTIVE),
        (catalogue(b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", b"<<>>"), ACTIVE),
        (catalogue(b"/Names<</#4a#61vaScript<</Names[]>>>>"), ACTIVE),
        (catalogue(b"", b"<</Type/Annot/A<</S/Launch/F(cmd.exe)>>>>"), ACTIVE),
        (catalogue(b"/Names<</EmbeddedFiles<</Names[]>>>>"), ACTIVE),
        (catalogue(b"", b"<</Type/Annot/Subtype/RichMedia>>"), ACTIVE),
        (catalogue(b"/AcroForm<</XFA 4 0 R/Fields[]>>", stream(b"<xdp/>")), ACTIVE),
        (catalogue(b"", b"<</S/SubmitForm/F(http://example.org)>>"), ACTIVE),
        (catalogue(b"", b"<</S/GoToR/F(other.pdf)>>"), ACTIVE),
        (catalogue(b"", b"<</S/URI/URI(file:///etc/passwd)>>"), ACTIVE),
        (catalogue(b"", b"<</S/URI/URI( FILE:///etc/passwd)>>"), ACTIVE),
        (catalogue(b"", b"<</S/URI/URI<feff00660069006c0065003a002f002f>>>"), ACTIVE),
        (catalogue(b"", b"<</Type/Annot/Subtype/FileAttachment/FS 5 0 R>>", b"<<>>"), ACTIVE),
        (catalogue(b"", b"<</Type/Filespec/EF<</F 5 0 R>>>>", stream(b"MZ")), ACTIVE),
        (hidden_in_object_stream(), ACTIVE),
        (encrypted(""), ACTIVE),
        (encrypted("secret"), ACTIVE),
        (pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
         WITHOUT),
        (catalogue(b"/Deep " + b"[" * 200_000 + b"]" * 200_000), WITHOUT),
        (pdf_file([b"<</Type/Catalog/Pages 2 0 R>>",
                   b"<</Type/Pages/Kids[" + b"3 0 R " * 6 + b"]/Count 6>>", EMPTY_PAGE]), WITHOUT),
        (catalogue(), WITHOUT),
        (b"%PDF-1.7\n" + bytes(5000), WITHOUT),
        (pdf_of_picture()[:400], WITHOUT),
    ],
)  # fmt: skip
def test_hostile_files_are_refused(pool: SandboxPool, data: bytes, code: str) -> None:
    """Active content, encryption, loops and nesting cost less than a second of computing."""
    start = pool.run(time.process_time)
    with pytest.raises(Invalid) as refused:
        PikepdfReader(pool).picture(data)
    assert refused.value.code == code
    assert pool.run(time.process_time) - start < 1


@pytest.mark.E1
@pytest.mark.parametrize(
    "data",
    [
        page_with(stream(BOMB, b"/Filter/FlateDecode"), stream(b"")),
        page_with(stream(DOUBLE_BOMB, b"/Filter[/FlateDecode/FlateDecode]"), stream(b"")),
        page_with(DRAW, stream(BOMB, IMAGE + b"/Filter/FlateDecode/Width 4999/Height 4999")),
        page_with(
            DRAW,
            stream(DOUBLE_BOMB, IMAGE + b"/Filter[/FlateDecode/FlateDecode]/Width 500/Height 500"),
        ),
        page_with(
            DRAW, stream(zlib.compress(b"x"), IMAGE + b"/Filter/FlateDecode/Width 90000/Height 9")
        ),
        page_with(stream(b"q " * 4_000_000), stream(b"")),
        with_object_streams(b"5 0 (" + b"a" * 45_000_000 + b")", times=10),
        with_object_streams(b"5 0 [" + b"1 " * 20_000_000 + b"]"),
        with_lzw_object_stream(30_000_000),
        catalogue(b"", b"[" + b"/J " * 3_000_000 + b"]"),
        pdf_file([*HEADS, *[b"<</A[1 2 3 4 5 6 7 8 9 10]/B(abcdefgh)/C/Dd>>"] * 49_000]),
    ],
    ids=[
        "contents",
        "double contents",
        "picture",
        "double picture",
        "pixels",
        "operators",
        "object streams",
        "numbers in an object stream",
        "lzw",
        "one long array",
        "many objects",
    ],
)
def test_bombs_are_refused_cheaply(pool: SandboxPool, data: bytes) -> None:
    """Whatever unpacks to far more than it is costs less than a second and 100 MiB."""
    reader = PikepdfReader(pool)
    reader.picture(pdf_of_picture())
    before, start = pool.run(peak_kib), pool.run(time.process_time)
    with pytest.raises(Invalid) as refused:
        reader.picture(data)
    assert refused.value.code == WITHOUT
    assert pool.run(time.process_time) - start < 1
    assert pool.run(peak_kib) - before < GROWTH_KIB


def test_a_jpeg_comes_out_as_it_lies_in_the_file(pool: SandboxPool) -> None:
    """The JPEG that fills a page is handed on unchanged, under a turned matrix too."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((600, 900)).save(out, "JPEG")
    entries = IMAGE + b"/Filter/DCTDecode/Width 600/Height 900"
    turned = stream(b"q 0 842 -595 0 595 0 cm /Im0 Do Q")
    data = page_with(turned, stream(out.getvalue(), entries))
    assert PikepdfReader(pool).picture(data) == out.getvalue()


def test_pixels_come_out_as_a_picture(pool: SandboxPool) -> None:
    """Unpacked pixels become a PNG picture of their size."""
    with Image.open(io.BytesIO(PikepdfReader(pool).picture(pdf_of_picture(320, 240)))) as image:
        assert (image.format, image.size) == ("PNG", (320, 240))


def test_a_small_picture_does_not_fill_the_page(pool: SandboxPool) -> None:
    """A logo on a page is not its picture."""
    small = stream(b"q 100 0 0 100 50 700 cm /Im0 Do Q")
    pixels = stream(zlib.compress(bytes(200 * 200)), IMAGE + b"/Filter/FlateDecode/Width 200"
                    b"/Height 200")  # fmt: skip
    with pytest.raises(Invalid) as refused:
        PikepdfReader(pool).picture(page_with(small, pixels))
    assert refused.value.code == WITHOUT
