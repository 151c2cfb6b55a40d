"""Idempotency keys: the header, and the digest of what was asked under it."""

from collections.abc import Mapping
from hashlib import sha256

import attrs
import msgspec

from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.unreadable import Unreadable

HEADER = "idempotency-key"
ROUTE_LIMIT = 200


class KeyRequired(Unreadable):
    """Send a header such as Idempotency-Key: 3f1c5c6e-order-17, the same again on a repeat."""

    code = "idempotency.key_required"


def key_of(route: Route, headers: Mapping[str, str]) -> IdempotencyKey | None:
    """Return the key of a request, or raise when the route needs one and none is sent."""
    if not route.needs_key:
        return None
    given = headers.get(HEADER)
    if given is None:
        raise KeyRequired
    return IdempotencyKey(given, route.template[:ROUTE_LIMIT])


def fingerprint(key: IdempotencyKey, call: Call, data: bytes) -> IdempotencyKey:
    """Return the key with the digest of path, query and body; equal JSON has an equal digest."""
    content = [repr(sorted(call.path.items())), call.filters]
    content += [f"{name}={file.sha256}" for name, file in sorted(call.files.items())]
    content += [f"{name}={value}" for name, value in sorted(call.fields.items())]
    digest = sha256("\n".join(content).encode())
    if data:
        digest.update(msgspec.json.encode(msgspec.json.decode(data), order="sorted"))
    return attrs.evolve(key, fingerprint=digest.hexdigest())
