"""Holds every answer against the published document: status, media type, body."""

import re
from collections.abc import Mapping
from typing import Any

import attrs
import jsonschema_rs

from kasa.entrypoints.http.reference import sentences

INTERNALS = re.compile(
    r"Traceback|File \\?\"|psycopg|sqlalchemy|msgspec|litestar|/src/|site-packages|SELECT "
    r"|<class|0x[0-9a-f]{6}"
)
"""What no refusal may let out."""


@attrs.define(eq=False)
class Truth:
    """What the document allows; ``seen`` counts the answers that were held against it."""

    document: Mapping[str, Any]
    seen: set[tuple[str, str, int]] = attrs.field(factory=set)
    _validators: dict[str, Any] = attrs.field(factory=dict)
    _patterns: list[tuple[re.Pattern[str], str]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        paths = sorted(self.document["paths"], key=lambda path: path.count("{"))
        self._patterns = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + r"\Z"), path)
            for path in paths
        ]

    def path_of(self, path: str) -> str | None:
        """Return the template that a path belongs to."""
        return next((found for pattern, found in self._patterns if pattern.match(path)), None)

    def hold(self, method: str, path: str, answer: Any) -> None:
        """Fail when an answer has a status, a media type or a member that is not published."""
        found = self.path_of(path)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        operation = self.document["paths"].get(found, {}).get(method.lower()) if found else None
        if operation is None:
            assert answer.status in {204, 400, 404, 405, 413, 431, 429}, (method, path, answer)
            if answer.status != 204:
                self.valid("problem", {"$ref": "#/components/schemas/Problem"}, answer)
            return
        told = operation["responses"].get(str(answer.status))
        assert told is not None, (
            f"{method} {found} answers {answer.status}: {answer.content[:300]!r}"
        )
        content = told.get("content", {})
        self.seen.add((method, str(found), answer.status))
        if not content:
            assert b"" == answer.content, (method, found)
            return
        assert media_type in content, f"{method} {found} sends {media_type}"
        schema = content[media_type].get("schema")
        if schema is not None:
            self.valid(f"{method} {found} {answer.status}", schema, answer)

    def valid(self, name: str, schema: Mapping[str, Any], answer: Any) -> None:
        """Fail when a body does not have the published form."""
        if name not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[name] = jsonschema_rs.Draft202012Validator(
                whole, validate_formats=True
            )
        if "problem" in answer.headers.get("content-type", ""):
            assert answer.json()["code"] in sentences(), answer.content
            assert INTERNALS.search(answer.text) is None, answer.content
        errors = [
            f"{error.message} at {error.instance_path}"
            for error in self._validators[name].iter_errors(answer.json())
        ]
        assert [] == errors, (name, answer.content[:500])
