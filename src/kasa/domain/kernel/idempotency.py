"""A request that is repeated gets the stored answer and does nothing."""

import re
from typing import Any

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid

_PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}\Z")


class KeyMalformed(Invalid):
    """An idempotency key has 1 to 255 printable ASCII characters."""

    code = "idempotency.key_malformed"


class KeyReused(Invalid):
    """This idempotency key was used for another request."""

    code = "idempotency.key_reused"


class InProgress(Conflict):
    """The same request is still being worked on."""

    code = "idempotency.in_progress"


@attrs.frozen
class IdempotencyKey:
    """Names one request: the caller's key, the route it was sent to, a digest of its content."""

    value: str
    route: str
    fingerprint: str = ""

    def __attrs_post_init__(self) -> None:
        if not _PRINTABLE.match(self.value):
            raise KeyMalformed


class Answered(Exception):
    """The request was answered before; ``value`` is that answer."""

    def __init__(self, value: Any) -> None:
        super().__init__("answered before")
        self.value = value
