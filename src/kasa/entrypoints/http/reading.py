"""Bodies and queries: read strictly, refused with a code and the place of each fault."""

import re
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import parse_qsl, unquote_to_bytes

import msgspec

from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.paging import PAGE_DEFAULT, PAGE_LIMIT
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.unreadable import Fault, Unreadable, faults_of
from kasa.entrypoints.http.wire import Nothing, read_special

DEPTH_LIMIT = 64
_OPENERS = (b"[", b"{")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_INTEGER = re.compile(r"[0-9]{1,9}\Z")
_PLACE = re.compile(r" - at `\$([^`]*)`\Z")
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")
_MISSING = re.compile(r"Object missing required field `([^`]*)`")


class NotJson(Unreadable):
    """The body is not JSON in UTF-8."""

    code = "request.json"


class TooDeep(Unreadable):
    """The body is nested more than 64 levels deep."""

    code = "request.too_deep"


class HasNul(Unreadable):
    """The request holds the character NUL."""

    code = "request.nul"


class BodyInvalid(Unreadable):
    """The body does not have the form that is asked for."""

    code = "body.invalid"


class BodyUnknownField(Unreadable):
    """The body has a member that is not known here."""

    code = "body.unknown_field"


class BodyMissingField(Unreadable):
    """The body lacks a member."""

    code = "body.missing_field"


class QueryUnknown(Unreadable):
    """The address has a parameter that is not known here."""

    code = "query.unknown"


class QueryRepeated(Unreadable):
    """A parameter of the address is given twice."""

    code = "query.repeated"


class QueryInvalid(Unreadable):
    """A parameter of the address has a value that is not possible."""

    code = "query.invalid"


def json_of(data: bytes, kind: Any) -> Any:
    """Read a JSON document as a type, or raise what is wrong with it."""
    refuse_depth(data)
    if b"\0" in data or b"\\u0000" in data:
        _refuse_nul(data)
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=read_special)
    except msgspec.ValidationError as error:
        raise invalid_of(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson from error
    except RecursionError as error:
        raise TooDeep from error


def body_of(data: bytes, route: Route) -> Any:
    """Read the body of a route; a route without one takes none, or an empty object."""
    if route.body is None:
        return None if not data else json_of(data, Nothing)
    return json_of(data, route.body)


def refuse_depth(data: bytes) -> None:
    """Raise ``request.too_deep`` past 64 levels; brackets within strings do not count."""
    if sum(data.count(opener) for opener in _OPENERS) <= DEPTH_LIMIT:
        return
    depth = 0
    for byte in _STRING.sub(b"", data):
        if byte in b"[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise TooDeep
        elif byte in b"]}":
            depth -= 1


def invalid_of(error: msgspec.ValidationError) -> KasaError:
    """Return the refusal of a body that has another form."""
    words = str(error)
    place = _PLACE.search(words)
    pointer = _pointer(place[1] if place else "")
    plain = words[: place.start()] if place else words
    cause = error.__cause__
    reason = None if cause is None else cause.__cause__
    if isinstance(reason, KasaError):
        reason.facts["at"] = pointer
        return reason
    unknown, missing = _UNKNOWN.search(plain), _MISSING.search(plain)
    if unknown:
        return _told(BodyUnknownField, f"{pointer}/{_escaped(unknown[1])}", plain)
    if missing:
        return _told(BodyMissingField, f"{pointer}/{_escaped(missing[1])}", plain)
    return _told(BodyInvalid, pointer, plain)


def _told(kind: type[Unreadable], pointer: str, words: str) -> Unreadable:
    words = words.replace("`", "")[:200] + "."
    return kind(errors=(Fault(pointer, kind.code, words),))


def _pointer(place: str) -> str:
    steps = (name or index for name, index in _STEP.findall(place))
    return "".join(f"/{_escaped(step)}" for step in steps)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _refuse_nul(data: bytes) -> None:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if b"\0" in data:
            raise HasNul from None
        return
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and "\0" in part:
            raise HasNul
        if isinstance(part, dict):
            waiting.extend((*part.keys(), *part.values()))
        elif isinstance(part, list):
            waiting.extend(part)


def query_of(text: bytes, route: Route) -> tuple[Any, int, str | None, str]:
    """Read a query: its values, the size of the page, the cursor, and the filters as one text."""
    given = _pairs(text)
    limit, cursor = PAGE_DEFAULT, None
    if route.paged:
        limit = _limit(given.pop("limit", None))
        cursor = given.pop("cursor", None)
    kinds = {} if route.query is None else _members(route.query)
    for name in given:
        if name not in kinds:
            raise QueryUnknown(errors=(Fault(f"?{name[:64]}", QueryUnknown.code, "not known"),))
    filters = repr(sorted(given.items()))
    if route.query is None:
        return None, limit, cursor, filters
    for name, value in given.items():
        if _is_integer(kinds[name]) and not _INTEGER.match(value):
            raise _query_invalid(name, "Expected up to nine digits.")
    try:
        values = msgspec.convert(given, route.query, strict=False, dec_hook=read_special)
    except msgspec.ValidationError as error:
        told = invalid_of(error)
        fault = faults_of(told)[0]
        raise _query_invalid(fault.pointer.removeprefix("/"), fault.detail) from error
    return values, limit, cursor, filters


def _members(query: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the parameters of a query by the names under which they are sent."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(query)}


def _pairs(text: bytes) -> dict[str, str]:
    if not text:
        return {}
    if b"\0" in unquote_to_bytes(text):
        raise HasNul
    try:
        pairs = parse_qsl(
            text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=64
        )
    except ValueError as error:
        raise QueryInvalid from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise QueryRepeated
    return given


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_DEFAULT
    if not _INTEGER.match(text) or not 1 <= int(text) <= PAGE_LIMIT:
        raise _query_invalid("limit", f"Expected 1 to {PAGE_LIMIT}.")
    return int(text)


def _is_integer(kind: Any) -> bool:
    return kind is int or any(_is_integer(part) for part in get_args(kind))


def _query_invalid(name: str, words: str) -> QueryInvalid:
    return QueryInvalid(errors=(Fault(f"?{name[:64]}", QueryInvalid.code, words),))


def header_map(headers: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return headers by their lower-case names; of a repeated one all values, with commas."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
