"""Everything that is sent has a bound: texts, lists, integers, moments."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.integration.http.killers import operations
from tests.integration.http.shop import Street

pytestmark = pytest.mark.integration
TEXT_BOUNDS = {"maxLength", "enum", "const", "format", "pattern"}
INTEGER_BOUNDS = {"minimum", "maximum"}


def _faults(schema: Any) -> Iterator[str]:
    kind = schema.get("type")
    if kind == "string" and not TEXT_BOUNDS & set(schema):
        yield "a text without an end"
    if kind == "integer" and not INTEGER_BOUNDS <= set(schema) and not {"enum"} & set(schema):
        yield "a number without bounds"
    if kind == "array" and "maxItems" not in schema and "prefixItems" not in schema:
        yield "a list without an end"
    if kind == "number":
        yield "a number that is no integer"


def _unbound(schema: Any, parts: Mapping[str, Any], place: str, seen: set[str]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from _unbound(parts[name], parts, name, seen | {name})
        return
    yield from (f"{place}: {fault}" for fault in _faults(schema))
    for part in (*schema.get("anyOf", ()), *schema.get("prefixItems", ())):
        yield from _unbound(part, parts, place, seen)
    if isinstance(schema.get("items"), dict):
        yield from _unbound(schema["items"], parts, f"{place}[]", seen)
    for name, part in schema.get("properties", {}).items():
        yield from _unbound(part, parts, f"{place}.{name}", seen)


@pytest.mark.F1
def test_everything_that_is_sent_has_a_bound(street: Street) -> None:
    """A text, a list or an integer of a body or query without a bound is a fault of its route."""
    assert street.web.truth is not None
    document = street.web.truth.document
    parts = document["components"]["schemas"]
    faults: set[str] = set()
    for method, path, told in operations(document):
        for kind, content in told.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                faults |= set(_unbound(content["schema"], parts, f"{method} {path}", set()))
        for it in told["parameters"]:
            place = f"{method} {path} ?{it['name']}"
            faults |= set(_unbound(it["schema"], parts, place, set()))
    assert [] == sorted(faults)
