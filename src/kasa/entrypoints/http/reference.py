"""The published document, its page, and a page for each code: all from here, offline."""

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from kasa.domain.kernel.errors import KasaError, NotFound
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.openapi import Document, document_of
from kasa.entrypoints.http.problems import TITLES, status_of
from kasa.entrypoints.http.routing import Route, Sent, Who
from kasa.entrypoints.http.site import page

VERBS = ("get", "post", "put", "patch", "delete")


def reference_routes(others: Iterable[Route], doorway: Doorway) -> tuple[Route, ...]:
    """Return the routes that publish all the others and themselves."""
    made: list[Route] = []
    served = tuple(others)
    who = Who.PUBLIC if doorway.openapi_is_public else Who.PERSON

    @cache
    def written() -> Document:
        return _document(served, made, doorway)

    @cache
    def text() -> bytes:
        return json.dumps(written(), ensure_ascii=False).encode()

    def written_out(_: Call) -> Sent:
        """Return this document."""
        return Sent(content=text(), media_type="application/json", inline=True)

    def api(call: Call) -> Sent:
        """Show every route as a page."""
        return page("api.html", **_shown(written(), call.base))

    def problem(call: Call) -> Sent:
        """Explain the code of a refusal."""
        found = sentences().get(call.text("code"))
        if found is None:
            raise NotFound
        status, sentence = found
        return page(
            "problem.html",
            code=call.text("code"),
            status=status,
            title=TITLES[status],
            sentence=sentence,
        )

    made += (
        _route("/api/v1/openapi.json", written_out, "application/json", who),
        _route("/api", api, "text/html", who),
        _route("/problems/{code}", problem, "text/html", Who.PUBLIC),
    )
    return tuple(made)


def document(others: Iterable[Route], doorway: Doorway) -> Document:
    """Return what is published of all routes."""
    served = tuple(others)
    return _document(served, reference_routes(served, doorway), doorway)


def _document(served: tuple[Route, ...], published: Iterable[Route], doorway: Doorway) -> Document:
    return document_of((*served, *published), base=doorway.public_url, version=doorway.version)


def _route(path: str, handle: Callable[[Call], Sent], media_type: str, who: Who) -> Route:
    return Route(
        method="GET",
        path=path,
        handle=handle,
        media_types=(media_type,),
        texts=frozenset({"code"}),
        who=who,
        root=True,
        hop=who is not Who.PUBLIC,
        refuses=(NotFound,),
    )


@cache
def sentences() -> Mapping[str, tuple[int, str]]:
    """Return the status and the sentence of every code that this process knows."""
    found: dict[str, tuple[int, str]] = {}
    waiting: list[type[KasaError]] = [KasaError]
    while waiting:
        kind = waiting.pop(0)
        waiting += kind.__subclasses__()
        words = (kind.__doc__ or "").partition("\n")[0]
        found.setdefault(kind.code, (status_of(kind), words))
    return found


def _shown(document: Document, base: str) -> dict[str, Any]:
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in document["paths"].items():
        for verb in VERBS:
            if verb in verbs:
                told = verbs[verb]
                by_tag.setdefault(told["tags"][0], []).append(_operation(base, path, verb, told))
    return {
        "base": base,
        "version": document["info"]["version"],
        "tags": [{"name": name, "operations": by_tag[name]} for name in sorted(by_tag)],
    }


def _operation(base: str, path: str, verb: str, told: Document) -> dict[str, Any]:
    answers = told["responses"]
    first = next(iter(answers.values())).get("content", {}).get("application/json", {})
    return {
        "name": told["operationId"],
        "method": verb.upper(),
        "path": path,
        "summary": told["summary"],
        "who": told["x-kasa-who"],
        "scope": told["x-kasa-scope"],
        "gate": told["x-kasa-gate"],
        "recent": told["x-kasa-recent"],
        "idempotent": told["x-kasa-idempotent"],
        "parameters": [_parameter(parameter) for parameter in told["parameters"]],
        "responses": [(status, answer["description"]) for status, answer in answers.items()],
        "curl": _curl(base + path, verb, told),
        "answer": _json(first["example"]) if "example" in first else "",
    }


def _parameter(parameter: Document) -> dict[str, Any]:
    schema = parameter["schema"]
    bounds = [
        f"{word} {schema[name]}"
        for name, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"))
        if name in schema
    ]
    kind = schema.get("format") or schema.get("type") or "see the document"
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": parameter["required"],
        "kind": " ".join((str(kind), *bounds)),
    }


def _curl(address: str, verb: str, told: Document) -> str:
    words = ["curl", "-X", verb.upper(), shlex.quote(address)]
    if told["security"]:
        words += ['-H "Authorization: Bearer $TOKEN"']
    if told["x-kasa-idempotent"]:
        words += ["-H", shlex.quote("Idempotency-Key: 3f1c5c6e-order-17")]
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = json.dumps(content["application/json"]["example"], ensure_ascii=False)
        words += ["-H", shlex.quote("Content-Type: application/json"), "-d", shlex.quote(body)]
    elif content:
        words += ["-F", "file=@receipt.jpg"]
    return " ".join(words)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
