"""Pages as HTML: templates that escape by themselves, one style sheet, nothing from elsewhere."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from kasa.domain.kernel.errors import NotFound
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route, Sent, Who

HTML = "text/html; charset=utf-8"
PACKAGE = "kasa.entrypoints.http"
STATIC: Mapping[str, str] = {"kasa.css": "text/css; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class StaticQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which version of the file is wanted; there is only one."""

    v: Annotated[str, msgspec.Meta(max_length=64)] = ""


@cache
def environment() -> Environment:
    """Return the templates of this door."""
    made = Environment(
        loader=PackageLoader(PACKAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.globals["static_url"] = static_url
    return made


def page(template: str, *, answered: int = 200, **values: Any) -> Sent:
    """Return a page made from a template."""
    text = environment().get_template(template).render(**values)
    return Sent(content=text.encode(), media_type=HTML, status=answered)


@cache
def static_bytes(name: str) -> bytes:
    """Return a file that every page may use, or raise NotFound."""
    if name not in STATIC:
        raise NotFound
    return files(PACKAGE).joinpath("static", name).read_bytes()


def static_url(name: str) -> str:
    """Return the address of such a file; it changes with what the file holds."""
    return f"/static/{name}?v={sha256(static_bytes(name)).hexdigest()[:10]}"


def static(call: Call) -> Sent:
    """Send a style sheet."""
    name = call.text("name")
    return Sent(
        content=static_bytes(name),
        media_type=STATIC[name],
        inline=True,
        headers={"cache-control": FOR_EVER},
    )


def routes(_: object) -> tuple[Route, ...]:
    """Return the routes of files that pages use."""
    return (
        Route(
            method="GET",
            path="/static/{name}",
            handle=static,
            texts=frozenset({"name"}),
            query=StaticQuery,
            media_types=("text/css",),
            who=Who.PUBLIC,
            root=True,
            hop=False,
        ),
    )
