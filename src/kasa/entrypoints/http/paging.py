"""Pages of lists, and cursors that nobody can change or carry to another list."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from kasa.domain.kernel.paging import Cursor
from kasa.entrypoints.http.unreadable import Unreadable

MAC_BYTES = 16
LIST_BYTES = 16
CURSOR_LIMIT = 2048

ShownT = TypeVar("ShownT")


class CursorInvalid(Unreadable):
    """This cursor is not of this list; start again without one."""

    code = "cursor.invalid"


class PageOf(msgspec.Struct, Generic[ShownT], frozen=True, kw_only=True):
    """A page of a list; without ``next_cursor`` it is the last one."""

    items: tuple[ShownT, ...]
    next_cursor: str | None = None


def cursor_text(cursor: Cursor, key: bytes, of_list: str) -> str:
    """Return the cursor of a list as text; ``of_list`` names route, tenant and filters."""
    content = msgspec.json.encode((cursor.keys, cursor.id.hex, _digest(of_list)))
    return urlsafe_b64encode(content + _mac(content, key)).rstrip(b"=").decode()


def cursor_of(text: str, key: bytes, of_list: str) -> Cursor:
    """Read the cursor of this very list, or raise ``cursor.invalid``."""
    if len(text) > CURSOR_LIMIT:
        raise CursorInvalid
    try:
        sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        content, mac = sealed[:-MAC_BYTES], sealed[-MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(content, key)):
            raise CursorInvalid
        keys, row, of = msgspec.json.decode(content, type=tuple[tuple[str, ...], str, str])
    except (ValueError, msgspec.MsgspecError) as error:
        raise CursorInvalid from error
    cursor = Cursor(keys, UUID(hex=row))
    if of != _digest(of_list) or text != cursor_text(cursor, key, of_list):
        raise CursorInvalid
    return cursor


def _mac(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")[:MAC_BYTES]


def _digest(of_list: str) -> str:
    return sha256(of_list.encode()).hexdigest()[: 2 * LIST_BYTES]
