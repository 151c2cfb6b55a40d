"""The OpenAPI document, written from the routes: what it says is what is enforced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kasa.domain.identity.access import SCOPES, Role
from kasa.domain.kernel.paging import PAGE_DEFAULT, PAGE_LIMIT
from kasa.entrypoints.http.examples import example_of
from kasa.entrypoints.http.problems import TITLES, status_of
from kasa.entrypoints.http.routing import Route, Who
from kasa.entrypoints.http.wire import schema_special

Document = dict[str, Any]
REFERENCE = "#/components/schemas/{name}"
PROBLEM = "Problem"
ALWAYS = (400, 408, 413, 429, 431)
UUID_SCHEMA = {
    "type": "string",
    "format": "uuid",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
KEY_SCHEMA = {
    "type": "string",
    "minLength": 1,
    "maxLength": 255,
    "pattern": "^[!-~]([ -~]*[!-~])?$",
}
QUERY_INTEGER_MAX = 999_999_999


def document_of(routes: Iterable[Route], *, base: str, version: str) -> Document:
    """Return the document of some routes, with the address under which they are asked for."""
    shown = sorted(routes, key=lambda route: (route.full_path, route.method))
    kinds = [kind for route in shown for kind in _kinds(route)]
    schemas, components = msgspec.json.schema_components(
        kinds, schema_hook=schema_special, ref_template=REFERENCE
    )
    named = {repr(kind): _closed(schema) for kind, schema in zip(kinds, schemas, strict=True)}
    parts = {name: _closed(schema) for name, schema in components.items()}
    parts[PROBLEM] = problem_schema()
    paths: dict[str, Document] = defaultdict(dict)
    for route in shown:
        paths[route.full_path][route.method.lower()] = _operation(route, named, parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kasa",
            "version": version,
            "description": "The back office of a shop that sells by chat. Errors are problem "
            "documents (RFC 9457) with a stable code; see /problems/{code}.",
        },
        "servers": [{"url": base}],
        "tags": [{"name": name} for name in sorted({tag_of(route) for route in shown})],
        "paths": dict(paths),
        "components": {
            "schemas": dict(sorted(parts.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def tag_of(route: Route) -> str:
    """Return the group in which a route is shown: the package of its handler."""
    return route.handle.__module__.rpartition(".")[0].rpartition(".")[2]


def name_of(route: Route) -> str:
    """Return the name of an operation, the same as long as its path and verb are."""
    steps = [step.strip("{}").replace("-", "_") for step in route.full_path.split("/") if step]
    return "_".join((route.method.lower(), *steps)).replace(".", "_")


def roles_of(route: Route) -> list[str]:
    """Return whom a route lets in: roles of a shop, or one of the other kinds of callers."""
    if route.who is not Who.MEMBER:
        return [route.who.value]
    wanted = route.permission
    return [role.value for role in Role if wanted is None or wanted in role.permissions]


def scopes_of(route: Route) -> list[str]:
    """Return the scopes of which an API key needs one; empty where no key comes in."""
    if route.who not in {Who.MEMBER, Who.SERVICE} or not route.keys or route.recent:
        return []
    return [name for name, allowed in SCOPES.items() if route.permission in allowed]


def gates_of(route: Route) -> dict[str, str]:
    """Return what the plan is asked: a feature, a meter."""
    found = {"feature": route.feature, "meter": route.meter}
    return {name: getattr(gate, "value", gate) for name, gate in found.items() if gate is not None}


def statuses_of(route: Route) -> list[int]:
    """Return every status with which a route may refuse."""
    found = {*ALWAYS, *(status_of(error) for error in route.refuses)}
    if route.hop:
        found.add(503)
    if route.who is not Who.PUBLIC:
        found |= {401, 403}
    if route.parameters or route.who in {Who.MEMBER, Who.SERVICE, Who.PERSON}:
        found.add(404)
    if gates_of(route):
        found.add(402)
    if route.method != "GET":
        found |= {404, 409, 415, 422}
    else:
        found |= {415, 422}
    return sorted(found)


def problem_schema() -> Document:
    """Return the form of every refusal."""
    text = {"type": "string"}
    fault = {
        "type": "object",
        "required": ["pointer", "code", "detail"],
        "additionalProperties": False,
        "properties": {"pointer": text, "code": text, "detail": text},
    }
    return {
        "type": "object",
        "title": PROBLEM,
        "required": ["type", "title", "status", "code", "detail", "instance"],
        "additionalProperties": False,
        "properties": {
            "type": {"type": "string", "pattern": "^/problems/"},
            "title": text,
            "status": {"type": "integer"},
            "code": text,
            "detail": text,
            "instance": {"type": "string", "pattern": "^urn:uuid:"},
            "errors": {"type": "array", "items": fault, "maxItems": 50},
            "retry_after": {"type": "integer", "minimum": 0},
            "current_version": {"type": "integer"},
            "feature": text,
            "kind": text,
            "limit": {"type": ["integer", "null"]},
            "used": {"type": ["integer", "null"]},
            "resets_at": {"type": ["string", "null"]},
            "plans": {"type": "array", "items": text},
            "holder": text,
        },
    }


def _kinds(route: Route) -> list[Any]:
    kinds = (route.answers, route.body, route.query, *(kind for _, kind in route.also))
    return [kind for kind in kinds if kind is not None]


def _operation(route: Route, named: Mapping[str, Document], parts: Document) -> Document:
    made: Document = {
        "operationId": name_of(route),
        "tags": [tag_of(route)],
        "summary": route.summary,
        "parameters": _parameters(route, named, parts),
        "responses": _responses(route, named, parts),
        "x-kasa-who": roles_of(route),
        "x-kasa-scope": scopes_of(route),
        "x-kasa-gate": gates_of(route),
        "x-kasa-idempotent": route.needs_key,
        "x-kasa-recent": route.recent,
        "security": [] if route.who is Who.PUBLIC else [{"bearer": []}],
    }
    if route.body is not None:
        schema = named[repr(route.body)]
        content = {"schema": schema, "example": example_of(schema, parts)}
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    elif route.upload or route.form:
        made["requestBody"] = {"required": True, "content": _form_content(route)}
    return made


def _form_content(route: Route) -> Document:
    anything = {"type": "object"}
    kinds = (
        ("multipart/form-data", route.upload),
        ("application/x-www-form-urlencoded", route.form),
    )
    return {kind: {"schema": anything} for kind, taken in kinds if taken}


def _parameters(route: Route, named: Mapping[str, Document], parts: Document) -> list[Document]:
    made = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(route, name)}
        for name in route.parameters
    ]
    if route.query is not None:
        made += _query(named[repr(route.query)], parts)
    if route.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": PAGE_DEFAULT}
        cursor = {"type": "string", "maxLength": 2048}
        made += [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {"name": "cursor", "in": "query", "required": False, "schema": cursor},
        ]
    if route.needs_key:
        made.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": KEY_SCHEMA,
                "example": "3f1c5c6e-order-17",
            }
        )
    return made


def _path_schema(route: Route, name: str) -> Document:
    if name in route.texts:
        return {"type": "string", "minLength": 1, "maxLength": 400, "pattern": "^[^/?#]+$"}
    return dict(UUID_SCHEMA)


def _query(schema: Document, parts: Document) -> list[Document]:
    found = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = set(found.get("required", ()))
    made = []
    for name, kind in found.get("properties", {}).items():
        bounded = dict(kind)
        if bounded.get("type") == "integer":
            bounded.setdefault("minimum", 0)
            bounded.setdefault("maximum", QUERY_INTEGER_MAX)
        made.append({"name": name, "in": "query", "required": name in required, "schema": bounded})
    return made


def _responses(route: Route, named: Mapping[str, Document], parts: Document) -> Document:
    made: Document = {}
    answers = [(204 if _is_empty(route) else route.status, route.answers), *route.also]
    for status, kind in answers:
        made[str(status)] = _success(route, kind, named, parts)
    problem = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(name=PROBLEM)}}}
    for status in statuses_of(route):
        codes = sorted({error.code for error in route.refuses if status_of(error) == status})
        words = TITLES[status] + (": " + ", ".join(codes) if codes else "")
        made.setdefault(str(status), {"description": words, "content": problem})
    return made


def _is_empty(route: Route) -> bool:
    return route.answers is None and not route.media_types and not route.also


def _success(route: Route, kind: Any, named: Mapping[str, Document], parts: Document) -> Document:
    made: Document = {"description": route.summary}
    if kind is not None:
        schema = named[repr(kind)]
        made["content"] = {
            "application/json": {"schema": schema, "example": example_of(schema, parts)}
        }
    elif route.media_types:
        made["content"] = {media_type: {} for media_type in route.media_types}
    return made


def _closed(schema: Any) -> Any:
    """Return a schema whose objects take no further members, with anchors that JSON knows."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(part) for name, part in schema.items()}
    if made.get("type") == "object" and "properties" in made:
        made.setdefault("additionalProperties", False)
    if isinstance(made.get("pattern"), str):
        made["pattern"] = made["pattern"].replace(r"\Z", "$")
    return made
