"""What another system knows a thing by: its reference there, and words kept beside it."""

import re
from collections.abc import Mapping

import attrs

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.text import cleaned

EXTERNAL_REF_LIMIT = 64
METADATA_LIMIT = 20
METADATA_VALUE_LIMIT = 500
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,40}\Z")


class ExternalRefTaken(Conflict):
    """Another thing of this kind has this reference of another system."""

    code = "external_ref.taken"


class MetadataInvalid(Invalid):
    """Metadata are at most 20 pairs: a name of 1 to 40 letters, digits or ._:-, and a text.

    The text has at most 500 characters.
    """

    code = "metadata.invalid"


def reference(text: str | None) -> str | None:
    """Return a reference of another system of at most 64 characters, None for an empty one."""
    return cleaned(text or "", limit=EXTERNAL_REF_LIMIT) or None


@attrs.frozen
class Metadata:
    """Pairs that another system keeps beside a thing, sorted by name; kasa never reads them."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __attrs_post_init__(self) -> None:
        names = [name for name, _ in self.pairs]
        if len(names) > METADATA_LIMIT or names != sorted(set(names)):
            raise MetadataInvalid(limit=METADATA_LIMIT)
        for name, text in self.pairs:
            if not _NAME.match(name) or text != cleaned(
                text, limit=METADATA_VALUE_LIMIT, lines=True
            ):
                raise MetadataInvalid(name=name[:40])

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Metadata":
        """Return the metadata of a mapping, its texts cleaned; raise ``metadata.invalid``."""
        pairs = (
            (name, cleaned(text, limit=METADATA_VALUE_LIMIT, lines=True))
            for name, text in given.items()
        )
        return cls(tuple(sorted(pairs)))


NO_METADATA = Metadata()
