"""What belongs to another shop is answered like what does not exist, on every route."""

import statistics
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.integration.http.client import Answered, Web
from tests.integration.http.foreign import FOREIGN, TEXTS
from tests.integration.http.killers import UNKNOWN, operations
from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration

MALFORMED = ("1", UNKNOWN.upper(), UNKNOWN[:-1], "{" + UNKNOWN + "}", UNKNOWN.replace("-", ""))
OWN = {"x-request-id"}
TIMINGS = 200


def _asked(web: Web, method: str, path: str, told: Mapping[str, Any]) -> Answered:
    content = told.get("requestBody", {}).get("content", {})
    options: dict[str, Any] = {}
    if "application/json" in content:
        options["json"] = content["application/json"]["example"]
    elif content:
        options["files"] = {"file": ("receipt.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    return web.ask(method, path + _needed(told), **options)


def _needed(told: Mapping[str, Any]) -> str:
    """Return the query parameters without which a route is not even read."""
    given = [
        f"{it['name']}={_value(it['schema'])}"
        for it in told["parameters"]
        if it["in"] == "query" and it["required"]
    ]
    return "?" + "&".join(given) if given else ""


def _value(schema: Mapping[str, Any]) -> str:
    return str((schema.get("enum") or schema.get("examples") or [UNKNOWN])[0])


def _seen(answer: Answered) -> tuple[Any, ...]:
    """Return all that a caller sees of an answer but the name of the request."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    body = answer.json() if "problem" in headers.get("content-type", "") else answer.content
    if isinstance(body, dict):
        body.pop("instance")
    return answer.status, headers, body


def _walk(street: Street) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    truth = street.web.truth
    assert truth is not None
    for method, path, told in operations(truth.document):
        for name in (it["name"] for it in told["parameters"] if it["in"] == "path"):
            if name not in TEXTS:
                yield method, path, name, told


@pytest.mark.C1
def test_every_parameter_has_something_foreign(street: Street) -> None:
    """A route whose parameter this walk does not know how to fill fails here."""
    assert [] == sorted({name for *_, name, _ in _walk(street) if name not in FOREIGN})


@pytest.mark.C1
@pytest.mark.parametrize("role", ["viewer", "owner", "key"])
def test_foreign_is_like_missing(street: Street, role: str) -> None:
    """For every parameter of every route: the id of another shop, one of nobody, and no id."""
    own, other = street.shop("Sok"), street.shop("Dara")
    caller = own.as_key("read", "catalogue") if role == "key" else own.as_(role)
    faults = []
    for method, path, name, told in _walk(street):
        if name not in FOREIGN:
            continue
        ids = (FOREIGN[name](other), *MALFORMED)
        wanted = _seen(_asked(caller, method, _with(path, name, own, UNKNOWN), told))
        faults += [
            (method, path, name, given, wanted, seen)
            for given in ids
            if (seen := _seen(_asked(caller, method, _with(path, name, own, given), told)))
            != wanted
        ]
    assert [] == faults[:3]


def _with(path: str, name: str, own: Shop, id: str) -> str:
    """Fill one parameter with an id, and the others with things of the caller's own shop."""
    for step in path.split("/"):
        other = step.strip("{}")
        if step.startswith("{") and other != name:
            made = FOREIGN[other](own) if other in FOREIGN else "none"
            path = path.replace(step, made)
    return path.replace(f"{{{name}}}", id)


@pytest.mark.C1
@pytest.mark.deep
def test_foreign_takes_as_long_as_missing(stored_street: Street) -> None:
    """Over PostgreSQL the medians of both, called in turns, do not tell them apart."""
    own, other = stored_street.shop("Sok"), stored_street.shop("Dara")
    caller, foreign = own.as_("owner"), FOREIGN["customer_id"](other)
    for _ in range(2):
        taken: dict[str, list[float]] = {foreign: [], UNKNOWN: []}
        for _ in range(TIMINGS):
            for given, times in taken.items():
                began = time.perf_counter()
                assert 404 == caller.get(f"/api/v1/customers/{given}").status
                times.append(time.perf_counter() - began)
        first, second = (statistics.median(times) for times in taken.values())
        if max(first, second) < 1.5 * min(first, second):
            return
    pytest.fail(f"medians differ: {first} and {second} seconds")
