"""What is kept beside an invoice and stands on no document."""

import attrs

from kasa.domain.kernel.foreign import NO_METADATA, Metadata, reference
from kasa.domain.kernel.text import note


@attrs.frozen(kw_only=True)
class Annotations:
    """What is kept beside an invoice and stands on no document."""

    external_ref: str | None = attrs.field(default=None, converter=reference)
    metadata: Metadata = NO_METADATA
    internal_note: str = attrs.field(default="", converter=note)

    def with_note(self, text: str) -> "Annotations":
        """Return it with a further paragraph, all of them together at most 2,000 characters."""
        parts = (self.internal_note, note(text))
        return attrs.evolve(self, internal_note="\n".join(part for part in parts if part))
