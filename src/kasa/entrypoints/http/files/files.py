"""Files of a shop over HTTP: kept, listed, fetched, given away by a link, removed."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from kasa.application.files.storing import NewFile
from kasa.domain.files.file import FileEmpty, FileKind, FileTooLarge, StoredFile
from kasa.domain.files.link import LIFE, LIFE_MOST, LinkLifeInvalid
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import FileId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.routing import Route, Sent, Who
from kasa.entrypoints.http.wire import moment
from kasa.entrypoints.opened import OpenKasa

SHOWN_IN_PLACE = frozenset({FileKind.RECEIPT, FileKind.LOGO, FileKind.MEDIA, FileKind.DOCUMENT})
KINDS = frozenset({"image/png", "image/jpeg", "application/pdf"})
Seconds = Annotated[int, msgspec.Meta(ge=1, le=int(LIFE_MOST.total_seconds()))]
Kind = Literal["receipt", "document", "export", "logo", "media"]


class FileMissing(Invalid):
    """Send exactly one picture: PNG, JPEG or WebP."""

    code = "file.missing"


class FilesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which files are listed."""

    kind: Kind | None = None


class LinkIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how long a link lives."""

    seconds: Seconds = int(LIFE.total_seconds())


class FileShown(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the shop keeps."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    stored_at: datetime
    by: UUID | None


class LinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """An address that gives a file to whoever has it, until a moment."""

    url: str
    expires_at: datetime


def shown(file: StoredFile) -> FileShown:
    """Return a file as it is answered."""
    return FileShown(
        id=file.id,
        kind=file.kind.value,
        name=file.name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        stored_at=moment(file.stored_at),
        by=file.by,
    )


def given(file: StoredFile, data: bytes) -> Sent:
    """Return a file as it is given away: never run, never kept on the way."""
    known = file.media_type in KINDS
    return Sent(
        content=data,
        media_type=file.media_type if known else "application/octet-stream",
        file_name=file.name,
        inline=known and file.kind in SHOWN_IN_PLACE,
    )


def page(call: Call) -> PageOf[FileShown]:
    """List the files of the shop, newest first."""
    kind = None if call.query.kind is None else FileKind(call.query.kind)
    return call.page(call.served(kind=kind, after=call.after, limit=call.limit), of=shown)


def store(call: Call) -> FileShown:
    """Keep a picture: its pixels alone, without anything else of the file sent."""
    if list(call.files) != ["file"]:
        raise FileMissing
    sent = call.files["file"]
    media_type, data = call.opened.clean(sent.read())
    name = sent.name.rpartition(".")[0] or sent.name or "picture"
    ending = media_type.rpartition("/")[2].replace("jpeg", "jpg")
    new = NewFile(kind=FileKind.MEDIA, name=f"{name}.{ending}", media_type=media_type, data=data)
    return shown(call.served(new))


def one(call: Call) -> FileShown:
    """Show what is known of a file."""
    return shown(call.served(FileId(call.id("file_id"))))


def content(call: Call) -> Sent:
    """Fetch a file of the shop."""
    file_id = FileId(call.id("file_id"))
    file = call.opened.kasa.files.queries.file(call.actor, file_id)
    return given(file, call.served(file_id))


def remove(call: Call) -> None:
    """Remove a file; its bytes go soon after."""
    call.served(FileId(call.id("file_id")))


def link(call: Call) -> LinkShown:
    """Make a link that gives a file to whoever has it, for 5 minutes unless said."""
    made = call.served(FileId(call.id("file_id")), life=timedelta(seconds=call.body.seconds))
    return LinkShown(url=f"{call.base}/f/{made.token}", expires_at=moment(made.link.expires_at))


def follow(call: Call) -> Sent:
    """Fetch the file of a link."""
    found = call.opened.kasa.files.open_link(call.text("token"))
    return given(found.file, found.data)


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of files."""
    use, file = opened.kasa.files, "/files/{file_id}"
    kinds = (*sorted(KINDS), "application/octet-stream")
    return (
        Route(
            method="GET",
            path="/files",
            serves=use.queries.files,
            handle=page,
            answers=PageOf[FileShown],
            query=FilesQuery,
            paged=True,
        ),
        Route(
            method="POST",
            path="/files",
            serves=use.store,
            handle=store,
            answers=FileShown,
            status=201,
            upload=True,
            refuses=(FileEmpty, FileMissing, FileTooLarge),
        ),
        Route(method="GET", path=file, serves=use.queries.file, handle=one, answers=FileShown),
        Route(method="DELETE", path=file, serves=use.remove, handle=remove),
        Route(
            method="GET",
            path=f"{file}/content",
            serves=use.fetch,
            handle=content,
            media_types=kinds,
        ),
        Route(
            method="POST",
            path=f"{file}/links",
            serves=use.link,
            handle=link,
            answers=LinkShown,
            status=201,
            body=LinkIn,
            refuses=(LinkLifeInvalid,),
        ),
        Route(
            method="GET",
            path="/f/{token}",
            handle=follow,
            texts=frozenset({"token"}),
            who=Who.PUBLIC,
            root=True,
            media_types=kinds,
        ),
    )
