"""Canonical text of a frozen document, and its digest."""

from hashlib import sha256

import attrs


@attrs.frozen
class Snapshot:
    """What a document said when it was issued: canonical JSON, and its SHA-256 in hex."""

    text: str
    digest: str

    @classmethod
    def of(cls, text: str) -> "Snapshot":
        """Return the snapshot of a canonical text."""
        return cls(text, digest_of(text))

    @property
    def intact(self) -> bool:
        """Whether the text still has its digest."""
        return self.digest == digest_of(self.text)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in lower-case hex."""
    return sha256(text.encode()).hexdigest()
