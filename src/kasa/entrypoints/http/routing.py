"""What a route is, and what its handler is called with and returns."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, BinaryIO

import attrs
import msgspec

from kasa.domain.identity.access import Permission
from kasa.domain.kernel.errors import KasaError

ROOT = "/api/v1"


class Who(StrEnum):
    """Whom a route lets in.

    ``MEMBER``: a person signed in to a shop, or a program with an API key of it. ``PERSON``: a
    signed-in person, with or without a shop. ``SERVICE``: a service token. ``OPERATOR``: who runs
    this kasa.
    """

    MEMBER = "member"
    PERSON = "person"
    PUBLIC = "public"
    SERVICE = "service"
    OPERATOR = "operator"


@attrs.frozen(kw_only=True, eq=False)
class Reply:
    """An answer with a status or headers of its own."""

    value: Any = None
    status: int | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, eq=False)
class Sent:
    """Bytes as an answer; shown in place only when ``inline``, else offered under ``file_name``."""

    content: bytes | Iterable[bytes]
    media_type: str
    file_name: str = ""
    inline: bool = False
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, eq=False)
class Later:
    """An answer that may come in time: ``look`` is asked again until it has one, or ``otherwise``.

    Between two looks neither a thread nor a connection is held. ``seconds`` is the longest wait.
    """

    look: Callable[[], Any]
    otherwise: Any
    seconds: float


@attrs.frozen(kw_only=True, eq=False)
class Uploaded:
    """A file as it was sent: a name for people only, its size, its digest, its open bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    file: BinaryIO

    def read(self) -> bytes:
        """Return all its bytes."""
        self.file.seek(0)
        return self.file.read()


@attrs.frozen(kw_only=True, eq=False)
class Route:
    """One verb of one path: what it takes, which use case it serves, what it answers.

    ``path`` stands below ``/api/v1`` unless ``root``. Its parameters are identifiers but for those
    in ``texts``. ``handle`` runs in one thread; without ``hop`` on the loop, then it may not wait.
    ``keyed`` tells that an ``Idempotency-Key`` is needed; None: exactly on POST. ``when_suspended``
    lets a shop that is suspended through. ``service`` lets a service token in beside the members,
    without ``keys`` no API key comes in. ``media_types`` are those of files that are sent, ``also``
    further answers by their status.
    """

    method: str
    path: str
    handle: Callable[[Any], Any]
    serves: Callable[..., Any] | None = None
    answers: Any = None
    status: int = 200
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    upload: bool = False
    paged: bool = False
    keyed: bool | None = None
    who: Who = Who.MEMBER
    service: bool = False
    root: bool = False
    texts: frozenset[str] = frozenset()
    hop: bool = True
    when_suspended: bool = False
    form: bool = False
    media_types: tuple[str, ...] = ()
    also: tuple[tuple[int, Any], ...] = ()
    keys: bool = True
    refuses: tuple[type[KasaError], ...] = ()

    @property
    def full_path(self) -> str:
        """The path as it is asked for."""
        return self.path if self.root else ROOT + self.path

    @property
    def is_health(self) -> bool:
        """Whether it tells how the process is: whoever looks after it asks often."""
        return self.full_path.startswith("/health/")

    @property
    def template(self) -> str:
        """The verb and the path, as logs and idempotency keys name the route."""
        return f"{self.method} {self.full_path}"

    @property
    def needs_key(self) -> bool:
        """Whether a request must name an idempotency key."""
        return self.method == "POST" and not self.root if self.keyed is None else self.keyed

    @property
    def writes(self) -> bool:
        """Whether a call changes something; a POST without a key only calculates."""
        return self.method in {"PATCH", "PUT", "DELETE"} or self.needs_key

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters in the path."""
        parts = self.path.split("/")
        return tuple(part[1:-1] for part in parts if part.startswith("{"))

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (self.handle.__doc__ or "").partition("\n")[0]

    @property
    def permission(self) -> Permission | None:
        """What the use case, or the queries of the read, ask of the caller."""
        found: Permission | None = self._declared("permission")
        return found

    @property
    def feature(self) -> Any:
        """The feature of the plan that a use case needs."""
        return self._declared("feature")

    @property
    def meter(self) -> Any:
        """What a use case counts against the plan."""
        return self._declared("meter")

    @property
    def recent(self) -> bool:
        """Whether the caller must have signed in within the last minutes."""
        return bool(self._declared("recent"))

    def _declared(self, name: str) -> Any:
        if self.serves is None:
            return None
        owner = getattr(self.serves, "__self__", self.serves)
        return getattr(self.serves, name, None) or getattr(owner, name, None)
