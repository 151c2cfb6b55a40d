"""What an archive of a shop says about itself: its manifest, and what the law keeps of it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import attrs

from kasa.application.ports.archives import ArchiveUnreadable
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import TenantId

LAW = (
    "Accounting records are kept for at least ten years (Cambodia, Law on Accounting and Auditing, "
    "NS/RKM/0416/006 of 2016)."
)
"""Why an owner keeps the archive of a shop."""

FORMAT = "kasa-tenant-archive-1"
TABLES = "tables/"
FILES = "files/"
INDEX = "files.jsonl"
MANIFEST_LIMIT_BYTES = 16 * 2**20
_DIGEST = "sha256_of_this"


class ArchiveDamaged(Invalid):
    """The archive is not what was written: something is missing, added or changed."""

    code = "archive.damaged"


class ArchiveForeign(Invalid):
    """The archive is of another shop."""

    code = "archive.foreign"


@attrs.frozen(kw_only=True)
class Entry:
    """An entry of the archive; ``rows`` counts its lines."""

    name: str
    rows: int
    size_bytes: int
    sha256: str


@attrs.frozen(kw_only=True)
class ArchiveManifest:
    """What an archive holds: of which shop, from when, every table, and the index of its files.

    ``left_out`` are tables that hold nothing of the shop's business. ``missing`` are files that
    the shop's list names and the file storage had no longer, ``damaged`` those whose bytes were
    not the ones that were stored.
    """

    tenant: TenantId
    shop: str
    schema: str
    made_at: datetime
    keep_years: int
    tables: tuple[Entry, ...]
    files: Entry
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it holds, of every table."""
        return sum(one.rows for one in self.tables)

    def text(self) -> bytes:
        """Return it as the bytes of its entry, which end in their own digest."""
        plain = attrs.asdict(self, value_serializer=_plain)
        facts = {"format": FORMAT, **plain}
        return json.dumps({**facts, _DIGEST: _digest(facts)}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def of(cls, data: bytes) -> "ArchiveManifest":
        """Return the manifest that bytes say, or raise ``archive.*``."""
        try:
            facts = json.loads(data)
            found = facts.pop(_DIGEST)
            known = facts.pop("format")
            made = cls(
                **{
                    **facts,
                    "tenant": TenantId(UUID(facts["tenant"])),
                    "made_at": datetime.fromisoformat(facts["made_at"]),
                    "tables": tuple(Entry(**one) for one in facts["tables"]),
                    "files": Entry(**facts["files"]),
                    **{name: tuple(facts[name]) for name in ("left_out", "missing", "damaged")},
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveUnreadable("The manifest is none of kasa.") from error
        if known != FORMAT:
            raise ArchiveUnreadable("The archive was made by another version of kasa.")
        if found != _digest({"format": known, **facts}):
            raise ArchiveDamaged("The manifest was changed.")
        return made


@attrs.frozen(kw_only=True)
class Kept:
    """Records that the law wants kept, and until when; ``first`` and ``last`` are their days."""

    table: str
    rows: int
    first: date
    last: date
    until: date


@attrs.frozen(kw_only=True)
class ArchiveChecked:
    """An archive that was read back whole; ``sha256`` is that of its manifest."""

    manifest: ArchiveManifest
    sha256: str
    kept: tuple[Kept, ...]


def _plain(_: Any, __: Any, value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else _text(value)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _digest(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
