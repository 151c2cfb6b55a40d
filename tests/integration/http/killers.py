"""Inputs that have killed servers: in the path, the query, the headers, the body."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from kasa.entrypoints.http.examples import example_of
from tests.integration.http.client import BOUNDARY, Asking, Web

JSON = "application/json"
UNKNOWN = "0192f0c1-2d3e-7a4b-8c5d-6e7f80911223"

QUERIES = (
    "?nobody=1",
    "?limit=1&limit=2",
    "?limit=1_0",
    "?limit=1e1",
    "?limit=%D9%A3",
    "?limit=999999999999999999999999999999",
    "?limit=-1",
    "?limit=0",
    "?limit=101",
    "?cursor=AAAA",
    "?cursor=%00",
    "?q=%00",
    "?q=%ff%fe",
    "?%00=1",
    "?" + "&".join(f"a{index}=1" for index in range(200)),
    "?a=" + "x" * 5000,
    "?" + "&" * 300,
    "?=",
    "?q=%",
    "?from=0000-00-00&to=9999-12-31T23:59:60Z",
)
PATHS = (
    "%00",
    "%2e%2e",
    "..",
    "//",
    "\x00",
    ".",
    "\ud800".encode("utf-8", "replace").decode(),
    "a" * 3000,
)
HEADERS: tuple[Mapping[str, str], ...] = (
    {"x-long": "x" * 17_000},
    {"host": "elsewhere.example"},
    {"host": ""},
    {"host": "127.0.0.1:99999999"},
    {"host": "127.0.0.1, other"},
    {"host": "[::1"},
    {"expect": "100-continue"},
    {"accept-language": "\x00,;;;q=-1"},
    {"accept": "application/nothing"},
    {"content-length": "-1"},
    {"content-length": "1e9"},
    {"content-length": "99999999999999999999"},
    {"idempotency-key": "\x7f"},
    {"idempotency-key": "x" * 256},
    {"idempotency-key": "ស"},
    {"range": "bytes=0-99999999999999"},
    {"if-match": '"' * 1000},
    {"authorization": "Bearer " + "a" * 5000},
    {"authorization": "Basic Og=="},
    {"x-forwarded-for": "a" * 1000},
    {"cookie": "kasa=" + "x" * 200},
)
TYPES = (
    "text/plain",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/xml",
    "",
    "a/b/c;;;",
)
BODIES = (
    b"",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"name":"a\\u0000b"}',
    b'{"name":"a\x00b"}',
    b'{"name":"\xc0\xaf"}',
    b'{"name":"\\ud800"}',
    b'{"name":"\xed\xa0\x80"}',
    b"\xff\xfe\x00",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"1" * 10_000,
    b"1e999999",
    b"NaN",
    b'{"name": NaN}',
    b'{"name":' + b"9" * 400 + b"}",
    b"[" + b"1," * 100_000 + b"1]",
    b"{" + b",".join(b'"m%d":1' % index for index in range(1000)) + b"}",
    b'{"name":"a","name":"b"}',
    b'{"a":"' + b"[" * 200 + b'"}',
    b" " * 100_000,
    b"\xef\xbb\xbf{}",
)
NASTY: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    2**31,
    2**63,
    10**30,
    "",
    " ",
    "\u202e",
    "\ufeff",
    "🙂" * 50,
    "x" * 5000,
    "12.505",
    "1e1000000",
    "NaN",
    "1_000",
    "１２",
    "១២",
    "+1",
    "01",
    "12.50\n",
    "0000-00-00",
    "9999-12-31T23:59:60Z",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "../../etc/passwd",
    "' OR 1=1 --",
    UNKNOWN,
    [],
    {},
    ["x"] * 1001,
    {"amount": 1.5, "currency": "USD"},
    {"amount": "1", "currency": "XXX"},
)


def filled(path: str) -> str:
    """Return a path with an identifier that nobody has, or a text, for each parameter."""
    steps = (UNKNOWN if step.startswith("{") else step for step in path.split("/"))
    return "/".join(steps)


def attacks(web: Web, method: str, path: str, operation: Mapping[str, Any]) -> Iterator[Asking]:
    """Yield every killing request for an operation."""
    asked = filled(path)
    content = operation.get("requestBody", {}).get("content", {})
    example = _whole(web, content) if JSON in content else None

    def asking(target: str = asked, **options: Any) -> Asking:
        if JSON in content:
            options = {"json": example, **options}
        return web.asking(method, target, **options)

    yield from (asking(asked + query) for query in (*QUERIES, *_queries(operation)))
    for part in PATHS:
        yield asking(f"{asked}/{part}")
        if "{" in path:
            yield asking(path.replace(path[path.index("{") : path.index("}") + 1], part, 1))
    for headers in HEADERS:
        yield asking(headers=headers)
    if method in {"GET", "DELETE"}:
        yield asking(content=b"{}", headers={"content-type": JSON})
        return
    for body, headers in bodies(takes_files="multipart/form-data" in content):
        yield asking(content=body, headers=headers)
    for changed in mutated(example):
        yield asking(json=changed)


def _queries(operation: Mapping[str, Any]) -> Iterator[str]:
    for name in (it["name"] for it in operation["parameters"] if it["in"] == "query"):
        yield from (f"?{name}={quote(str(value))[:3000]}" for value in NASTY)


def _whole(web: Web, content: Mapping[str, Any]) -> Any:
    assert web.truth is not None
    parts = web.truth.document["components"]["schemas"]
    return example_of(content[JSON]["schema"], parts, whole=True)


def bodies(*, takes_files: bool) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """Yield bodies that should not be, each with its headers."""
    yield from ((b"{}", {"content-type": kind}) for kind in TYPES)
    yield b"{}", {"content-type": JSON, "content-encoding": "gzip"}
    yield b"x" * (2**20 + 1), {"content-type": JSON}
    yield [b"x" * 2**19] * 3, {"content-type": JSON, "content-length": "9"}
    yield from ((body, {"content-type": JSON}) for body in BODIES)
    if takes_files:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        yield from ((body, {"content-type": kind}) for body in forms())


def mutated(example: Any) -> Iterator[Any]:
    """Yield an example with each member, at any depth, replaced by everything nasty."""
    for place in _places(example):
        for value in NASTY:
            whole = deepcopy(example)
            part = whole
            for step in place[:-1]:
                part = part[step]
            part[place[-1]] = value
            yield whole


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps: Any = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for name, part in steps:
        yield (*above, name)
        yield from _places(part, (*above, name))


def forms() -> Iterator[bytes]:
    """Yield forms that are broken, or hold what no form should."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"'.encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    yield b""
    yield end
    yield head
    yield head + b"\r\n\r\njust a field" + end
    yield (
        head
        + b'; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n'
        + head
        + (b'; filename="b.png"\r\nContent-Type: image/png\r\n\r\ny' + end)
    )
    yield head + b'; filename="../../etc/passwd"\r\nContent-Type: image/png\r\n\r\nx' + end
    yield head + b'; filename="a\x00b.png"\r\n\r\nx' + end
    yield head + b'; filename="a.png"\r\nContent-Type: text/plain; charset=nothing\r\n\r\nx' + end
    yield head + b"\r\nContent-Type: text/plain; charset=nothing\r\n\r\nx" + end
    yield head + b"\r\nContent-Type: text/plain\r\n\r\n\xff\xfe" + end
    yield (
        b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{index}"\r\n\r\nx\r\n'.encode()
            for index in range(1200)
        )
        + end[2:]
    )


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield every operation of a document: its verb, its path, what is said of it."""
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            yield verb.upper(), path, told
