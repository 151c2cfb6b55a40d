"""Saved verdicts as JSON text, by the one converter of stored values; no database is needed."""

import json
from typing import Any

from cattrs.errors import BaseValidationError

from kasa.adapters.postgres.rows import RowInvalid, stored, value_of
from kasa.application.payments.replaying import (
    FORMAT,
    KIND,
    SAVED_LIMIT_BYTES,
    SavedDamaged,
    SavedForeign,
    SavedTooLarge,
    SavedTooNew,
    SavedVerdict,
)
from kasa.domain.kernel.errors import KasaError

_UNFIT = (
    BaseValidationError,
    RowInvalid,
    KasaError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What structuring raises on values that do not fit."""


def saved_text(saved: SavedVerdict) -> str:
    """Return a saved verdict as the text of its file, versions first."""
    facts = stored(saved)
    head = {"kind": KIND, "format": FORMAT, "versions": facts["verdict"]["versions"]}
    return json.dumps({**head, **facts}, ensure_ascii=False, indent=1) + "\n"


def saved_verdict(data: bytes) -> SavedVerdict:
    """Read the bytes of a file, or raise ``replay.*``; what it holds is not trusted."""
    if len(data) > SAVED_LIMIT_BYTES:
        raise SavedTooLarge
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SavedForeign from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise SavedForeign
    if document.get("format") != FORMAT:
        raise SavedTooNew(f"kasa knows format {FORMAT} of saved verdicts, this file has another.")
    try:
        return value_of({**document, "words": None}, SavedVerdict)
    except _UNFIT as error:
        raise SavedDamaged from error
