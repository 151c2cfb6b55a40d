"""Examples made from schemas, so that none can contradict what it shows."""

import re
from typing import Any

DEPTH_MAX = 6
SHAPES = (
    "1",
    "1.5",
    "USD",
    "KH",
    "INV",
    "INV-",
    "2026-11-22",
    "2026-11",
    "09:30",
    "+85512345678",
    "#0b6e4f",
    "12345678",
    "0" * 32,
    "0" * 64,
)
"""Texts of which one fits the pattern of a member that is not told apart by its name."""
BY_FORMAT = {
    "uuid": "0192f0c1-2d3e-7a4b-8c5d-6e7f80911223",
    "date-time": "2026-11-22T03:30:00Z",
    "date": "2026-11-22",
    "email": "sokha@example.com",
}
BY_NAME = {
    "name": "Sokha Textiles",
    "name_km": "សុខា",
    "currency": "USD",
    "email": "sokha@example.com",
    "phone": "+85512345678",
    "zone": "Asia/Phnom_Penh",
    "country": "KH",
    "next_cursor": None,
    "quantity": "1",
}


def example_of(
    schema: Any, parts: dict[str, Any], name: str = "", depth: int = 0, *, whole: bool = False
) -> Any:
    """Return a value that a schema allows, with its needed members, or ``whole`` with all."""
    chosen = _resolved(schema, parts)
    told = chosen.get("examples") or chosen.get("enum")
    if told:
        return told[0]
    made: Any
    match chosen.get("type"):
        case "object":
            required = set(chosen.get("required", ()))
            made = {
                member: example_of(part, parts, member, depth + 1, whole=whole)
                for member, part in chosen.get("properties", {}).items()
                if (whole or member in required) and depth < DEPTH_MAX
            }
        case "array":
            items = chosen.get("prefixItems") or [chosen.get("items", {})] * max(
                1, int(chosen.get("minItems", 0))
            )
            made = [
                example_of(it, parts, name, depth + 1, whole=whole)
                for it in items
                if depth < DEPTH_MAX
            ]
        case kind:
            made = chosen.get("const", _plain(kind, chosen, name))
    return made


def _resolved(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema leads to: what it refers to, the first choice that is not null."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = parts[schema["$ref"].rpartition("/")[2]]
        else:
            some = [part for part in schema["anyOf"] if part.get("type") != "null"]
            schema = (some or schema["anyOf"])[0]
    return schema


def _plain(kind: Any, schema: dict[str, Any], name: str) -> Any:
    if kind == "string":
        return BY_FORMAT.get(schema.get("format", "")) or _text(schema, name)
    if kind == "integer":
        return schema.get("default", schema.get("minimum", 1))
    if kind == "boolean":
        return schema.get("default", False)
    if kind == "number":
        return schema.get("minimum", 1)
    return None if kind == "null" else {}


def _text(schema: dict[str, Any], name: str) -> str:
    if isinstance(schema.get("default"), str):
        return str(schema["default"])
    most = schema.get("maxLength", 1000)
    text = "text"[:most].ljust(schema.get("minLength", 0), "x")
    wanted = schema.get("pattern", "")
    return next(
        (it for it in (BY_NAME.get(name), text, *SHAPES) if it and _fits(it, wanted, most)), text
    )


def _fits(text: str, pattern: str, most: int) -> bool:
    return len(text) <= most and re.search(pattern, text) is not None
