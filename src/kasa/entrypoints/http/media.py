"""Which kind of body a route takes."""

from collections.abc import Mapping

from kasa.entrypoints.http.problems import MediaTypeRefused
from kasa.entrypoints.http.routing import Route

JSON = "application/json"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"


def refuse_media_type(route: Route, headers: Mapping[str, str]) -> str:
    """Return the kind of the body, empty without one, or raise ``request.media_type``."""
    given, _, rest = headers.get("content-type", "").partition(";")
    kind = given.strip().lower()
    if headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
        raise MediaTypeRefused("A body is sent as it is, without an encoding.")
    if not kind:
        if route.upload or route.form or (_has_body(headers) and route.method != "GET"):
            raise MediaTypeRefused(f"Send it as {' or '.join(_taken(route))}.")
        return ""
    if kind not in _taken(route) or not _is_utf8(kind, rest):
        raise MediaTypeRefused(f"Send it as {' or '.join(_taken(route))}.")
    return kind


def _taken(route: Route) -> tuple[str, ...]:
    if route.upload or route.form:
        return (*((MULTIPART,) if route.upload else ()), *((FORM,) if route.form else ()))
    return (JSON,)


def _has_body(headers: Mapping[str, str]) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _is_utf8(kind: str, rest: str) -> bool:
    if kind == MULTIPART:
        return True
    parameters = [part.strip().lower() for part in rest.split(";") if part.strip()]
    return all(part.replace('"', "") in {"charset=utf-8", "charset=utf8"} for part in parameters)
