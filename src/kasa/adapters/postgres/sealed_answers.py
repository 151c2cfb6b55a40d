"""Stored answers that hold a secret: sealed as a whole, bound to their shop and key."""

import json
from base64 import b64decode, b64encode
from typing import Any

import attrs

from kasa.adapters.postgres.rows import answer_of, answer_text
from kasa.application.ports.credentials import SecretBox
from kasa.domain.kernel.secret import Secret

SEALED = "sealed"


class NoBox(RuntimeError):
    """A unit of work that answers with a secret was opened without what seals it; a bug."""


def holds_secret(value: Any) -> bool:
    """Tell whether a value, or a part of it, is a secret."""
    if isinstance(value, Secret):
        return True
    if not attrs.has(type(value)):
        return False
    return any(holds_secret(getattr(value, one.name)) for one in attrs.fields(type(value)))


def stored_answer(value: Any, box: SecretBox | None, bound_to: str) -> tuple[str, str]:
    """Return the name of an answer's type, and the answer as text, sealed when it holds a secret.

    So a repeat gets the same answer, and no secret lies in clear.
    """
    kind, text = answer_text(value)
    if not holds_secret(value):
        return kind, text
    if box is None:
        raise NoBox(kind)
    sealed = b64encode(box.seal(text.encode(), bound_to)).decode()
    return kind, json.dumps({SEALED: sealed})


def read_answer(kind: str, text: str, box: SecretBox | None, bound_to: str) -> Any:
    """Return a stored answer as its typed value, opened when it was sealed."""
    read = json.loads(text)
    if not isinstance(read, dict) or read.keys() != {SEALED}:
        return answer_of(kind, text)
    if box is None:
        raise NoBox(kind)
    return answer_of(kind, box.open(b64decode(read[SEALED]), bound_to).decode())
