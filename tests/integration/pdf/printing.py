"""What the tests of printing share; the sandbox runs it in other processes too."""

import io
import re

import pikepdf

from kasa.adapters.conformance.sample_documents import sample_document
from kasa.adapters.memory.wording import EnglishWording
from kasa.adapters.pdf.printer import ReportlabPrinter
from kasa.adapters.qr.codes import SegnoZxingCodes
from kasa.adapters.sandbox.pool import SandboxPool

SPAN = re.compile(rb"ActualText\s*<FEFF([0-9A-Fa-f]*)>")


def printer() -> ReportlabPrinter:
    """Return a printer with English words; it draws codes and reads none."""
    return ReportlabPrinter(codes=SegnoZxingCodes(SandboxPool()), wording=EnglishWording())


def sample_bytes() -> bytes:
    """Print the sample document."""
    return printer().print(sample_document()).data


def contents(data: bytes) -> list[bytes]:
    """Return the unpacked contents of each page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = []
        for page in pdf.pages:
            page.contents_coalesce()
            found.append(page.obj.Contents.read_bytes())
        return found


def texts(data: bytes) -> list[str]:
    """Return every line of a document as it is copied and searched."""
    return [
        bytes.fromhex(found.decode()).decode("utf-16-be")
        for content in contents(data)
        for found in SPAN.findall(content)
    ]
