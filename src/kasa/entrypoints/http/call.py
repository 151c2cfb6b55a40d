"""What the handler of a route is called with."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import attrs

from kasa.domain.identity.access import Actor, Permission, PlatformActor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey
from kasa.domain.kernel.ids import RequestId
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.paging import PageOf, cursor_of, cursor_text
from kasa.entrypoints.http.routing import Route, Uploaded
from kasa.entrypoints.opened import OpenKasa

UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")

ParametersT = ParamSpec("ParametersT")
AnswerT = TypeVar("AnswerT")
RowT = TypeVar("RowT")
ShownT = TypeVar("ShownT")


@attrs.define(kw_only=True, eq=False)
class Call:
    """One request, read and admitted.

    ``actor`` acts in a shop, ``person`` outside of one; the other is None. ``replayed`` tells,
    afterwards, that a stored answer was given. ``address`` is whence the call came.
    """

    route: Route
    opened: OpenKasa
    doorway: Doorway
    request_id: UUID
    path: Mapping[str, str]
    headers: Mapping[str, str]
    address: str = ""
    body: Any = None
    query: Any = None
    filters: str = ""
    limit: int = PAGE_DEFAULT
    cursor: str | None = None
    files: Mapping[str, Uploaded] = attrs.field(factory=dict)
    fields: Mapping[str, str] = attrs.field(factory=dict)
    language: str = "en"
    signed_in: Actor | None = None
    signed_in_person: PlatformActor | None = None
    key: IdempotencyKey | None = None
    replayed: bool = False

    @property
    def actor(self) -> Actor:
        """Who calls, in which shop, with the idempotency key and the request's identifier."""
        assert self.signed_in is not None, "this route lets in callers without a shop"
        return self.signed_in

    @property
    def person(self) -> PlatformActor:
        """Who calls outside of any shop; for a public route nobody."""
        return self.signed_in_person or PlatformActor(request=RequestId(self.request_id))

    @property
    def base(self) -> str:
        """The public address of this kasa, without a slash at its end."""
        return self.doorway.public_url

    def id(self, name: str) -> UUID:
        """Return an identifier of the path; what is none is not found, like a missing row."""
        given = self.path[name]
        if not UUID_FORM.match(given):
            raise NotFound
        return UUID(given)

    def text(self, name: str) -> str:
        """Return a text of the path."""
        return self.path[name]

    def do(
        self,
        use_case: Callable[ParametersT, AnswerT],
        *arguments: ParametersT.args,
        **options: ParametersT.kwargs,
    ) -> AnswerT:
        """Call a use case: again when it collides, a stored answer as an answer."""
        try:
            made: AnswerT = self.opened.repeat(use_case, *arguments, **options)
        except Answered as before:
            self.replayed = True
            made = before.value
        return made

    def served(self, *arguments: Any, **options: Any) -> Any:
        """Call what the route serves, as who calls."""
        assert self.route.serves is not None, "this route serves no use case"
        who = self.signed_in if self.signed_in is not None else self.person
        return self.do(self.route.serves, who, *arguments, **options)

    def look(self, query: Callable[..., AnswerT], *arguments: Any, **options: Any) -> AnswerT:
        """Read what a change is about, also for a key that may change it and not read at large.

        Whoever may change a thing has been judged; what is read so is for the handler alone.
        """
        asked: Permission = query.__self__.permission  # type: ignore[attr-defined]  # bound
        reader = attrs.evolve(self.actor, permissions=self.actor.permissions | {asked})
        return query(reader, *arguments, **options)

    @property
    def after(self) -> Cursor | None:
        """Where the page starts, or raise ``cursor.invalid``."""
        if self.cursor is None:
            return None
        return cursor_of(self.cursor, self.doorway.cursor_key, self._list)

    def page(self, page: Page[RowT], of: Callable[[RowT], ShownT]) -> PageOf[ShownT]:
        """Return a page as it is answered, with the cursor of the next one."""
        following = page.next
        shown: Iterable[ShownT] = map(of, page.items)
        return PageOf(
            items=tuple(shown),
            next_cursor=None
            if following is None
            else cursor_text(following, self.doorway.cursor_key, self._list),
        )

    @property
    def _list(self) -> str:
        tenant = "" if self.signed_in is None else str(self.signed_in.tenant)
        return "\n".join(
            (self.route.template, tenant, repr(sorted(self.path.items())), self.filters)
        )
