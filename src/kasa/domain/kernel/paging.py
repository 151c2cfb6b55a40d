"""Pages of a list and the place where the next one starts."""

from typing import Generic, TypeVar
from uuid import UUID

import attrs

PAGE_DEFAULT = 25
PAGE_LIMIT = 100

ItemT = TypeVar("ItemT")


@attrs.frozen
class Cursor:
    """The sort keys and identifier of the last row of a page."""

    keys: tuple[str, ...]
    id: UUID


@attrs.frozen
class Page(Generic[ItemT]):
    """At most 100 rows, and the cursor of the next page or None at the end."""

    items: tuple[ItemT, ...]
    next: Cursor | None = None
