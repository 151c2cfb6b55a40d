"""The form in which printed documents are kept for years: built as PDF/A-3b, with pikepdf alone.

It is not certified: no validator has judged it. Source: ISO 19005-3.
"""

import io
from functools import cache

import pikepdf
from PIL import ImageCms

PROFILE_BYTES = 588
_UNTOLD = ("/Trapped", "/Subject", "/Keywords")
_STAMPED = slice(24, 36)
_FIXED_DATE = bytes.fromhex("07d000010001000000000000")


def archived(data: bytes) -> bytes:
    """Return a printed document with output intent, metadata and a digest of itself as its id.

    The same document gives the same bytes.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
        for key in _UNTOLD:
            if key in pdf.docinfo:
                del pdf.docinfo[key]
        pdf.Root.OutputIntents = pikepdf.Array([_output_intent(pdf)])
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata.load_from_docinfo(pdf.docinfo)
            metadata["pdfaid:part"] = "3"
            metadata["pdfaid:conformance"] = "B"
        pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


def _output_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name.GTS_PDFA1,
            OutputConditionIdentifier="sRGB",
            Info="sRGB IEC61966-2.1",
            DestOutputProfile=profile,
        )
    )


@cache
def srgb_profile() -> bytes:
    """Return the sRGB colour profile, without the moment at which it is made."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_STAMPED] = _FIXED_DATE
    return bytes(profile)
