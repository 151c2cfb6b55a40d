"""Stored files, for property tests."""

from typing import Any

from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import moments, names
from kasa.domain.files.file import SIZE_LIMIT_BYTES, FileKind, StoredFile, checksum
from kasa.domain.kernel.ids import FileId


def stored_files() -> st.SearchStrategy[StoredFile]:
    """Draw rows of files; their bytes do not exist."""
    return st.builds(
        StoredFile,
        id=st.uuids(version=4).map(FileId),
        kind=st.sampled_from(FileKind),
        key=st.tuples(st.uuids(version=4), st.uuids(version=4)).map(
            lambda pair: f"{pair[0]}/{pair[1].hex}"
        ),
        name=names(),
        media_type=st.sampled_from(["image/png", "image/jpeg", "application/pdf", "text/csv"]),
        size_bytes=st.integers(1, SIZE_LIMIT_BYTES),
        sha256=st.binary(max_size=8).map(checksum),
        stored_at=moments(),
        by=st.none() | st.uuids(version=4),
    )


TYPES: dict[Any, st.SearchStrategy[Any]] = {StoredFile: stored_files()}
