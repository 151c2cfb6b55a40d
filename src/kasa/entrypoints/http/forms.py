"""Forms and uploads: streamed to temporary files, one file per field."""

from collections.abc import Mapping
from hashlib import file_digest
from typing import Any, cast

import attrs
from litestar.connection import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from kasa.entrypoints.http.routing import Uploaded
from kasa.entrypoints.http.unreadable import Unreadable

NAME_LIMIT = 120
FIELDS_LIMIT = 10
FILES_LIMIT = 20


class FormInvalid(Unreadable):
    """The form cannot be read."""

    code = "request.form"


class OneFile(Unreadable):
    """One file under each name, and no name twice."""

    code = "upload.one_file"


@attrs.define(eq=False)
class Form:
    """The files and fields of a request; closing it removes the files."""

    files: dict[str, Uploaded] = attrs.field(factory=dict)
    fields: dict[str, str] = attrs.field(factory=dict)

    def close(self) -> None:
        """Remove what was kept of it."""
        for file in self.files.values():
            file.file.close()


class BoundedBefore:
    """What Litestar asks for the size of a body: the front has bounded it."""

    def resolve_request_max_body_size(self) -> None:
        """Return no limit."""


async def form_of(form: Form, scope: Mapping[str, Any], receive: Any) -> None:
    """Read a form, or raise what is wrong with it."""
    try:
        bounded = {**scope, "route_handler": BoundedBefore()}
        given = await Request(cast("Any", bounded), receive).form()
    except (ClientException, LookupError, UnicodeError, ValueError) as error:
        raise FormInvalid from error
    pairs = list(given.multi_items())
    for name, value in pairs:
        if isinstance(value, UploadFile):
            _keep(form, name, value)
    if len({name for name, _ in pairs}) != len(pairs):
        raise OneFile
    for name, value in pairs:
        if not isinstance(value, UploadFile):
            form.fields[name] = str(value)
    if len(form.fields) > FIELDS_LIMIT or len(form.files) > FILES_LIMIT:
        raise FormInvalid
    if any("\0" in name + value for name, value in form.fields.items()):
        raise FormInvalid


def _keep(form: Form, name: str, sent: UploadFile) -> None:
    file = cast("Any", sent.file)
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()
    size = file.tell()
    file.seek(0)
    kept = name if name not in form.files else f"{name}\0{len(form.files)}"
    form.files[kept] = Uploaded(
        name=_name(sent.filename),
        media_type=sent.content_type,
        size=size,
        sha256=digest,
        file=file,
    )


def _name(given: str) -> str:
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(it for it in last if it.isprintable())[:NAME_LIMIT]
