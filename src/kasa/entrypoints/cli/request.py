"""What a command was asked with: its options, its shop, its person, its key."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import wraps
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

import attrs
import click

from kasa.domain.identity.access import Actor, Role
from kasa.domain.kernel.errors import Invalid, NotFound
from kasa.domain.kernel.idempotency import IdempotencyKey
from kasa.domain.kernel.ids import TenantId, UserId
from kasa.entrypoints.cli.screen import Screen
from kasa.entrypoints.opened import OpenKasa

OPERATOR = UUID("6f7b2a4e-0c52-5d0e-9a0b-6b617361636c")
"""Names the space in which the machine's people have their identifiers."""

CallT = TypeVar("CallT", bound=Callable[..., Any])


class TenantRequired(Invalid):
    """There are several shops: say which with --tenant."""

    code = "tenant.required"


class TenantNone(Invalid):
    """There is no shop yet."""

    code = "tenant.none"


@attrs.frozen(kw_only=True)
class Openers:
    """How a command gets its kasa: with what is stored, or the tools alone."""

    stored: Callable[[], AbstractContextManager[OpenKasa]]
    tools: Callable[[], AbstractContextManager[OpenKasa]]


class Request:
    """The options that every command takes, wherever on the line they stand."""

    def __init__(self, openers: Openers) -> None:
        self._openers = openers
        self.json = False
        self.quiet = False
        self.color = True
        self.tenant: str | None = None
        self.role = Role.OWNER
        self.key: str | None = None
        self._screen: Screen | None = None

    @property
    def screen(self) -> Screen:
        """The two streams, made when first needed: all options are known by then."""
        if self._screen is None:
            self._screen = Screen(json_document=self.json, quiet=self.quiet, color=self.color)
        return self._screen

    def open(self) -> AbstractContextManager[OpenKasa]:
        """Open the kasa that the settings name."""
        return self._openers.stored()

    def tools(self) -> AbstractContextManager[OpenKasa]:
        """Open a kasa without a database, for what is only looked at."""
        return self._openers.tools()

    def actor(self, opened: OpenKasa, name: str) -> Actor:
        """Return who calls a command, in which shop, under which idempotency key."""
        tenant = self._tenant(opened)
        member = Actor.member(tenant, UserId(uuid5(OPERATOR, self.role)), self.role, recent=True)
        return attrs.evolve(member, idempotency=self._key(name))

    def again(self, actor: Actor, name: str) -> Actor:
        """Return the same person for a further use case of the same command."""
        return attrs.evolve(actor, idempotency=self._key(name))

    def reader(self, opened: OpenKasa) -> Actor:
        """Return who reads: an actor without an idempotency key."""
        tenant = self._tenant(opened)
        return Actor.member(tenant, UserId(uuid5(OPERATOR, self.role)), self.role, recent=True)

    def _key(self, name: str) -> IdempotencyKey:
        if self.key is None:
            self.key = str(uuid4())
            self.screen.say(f"idempotency key: {self.key}", "dim")
        content = repr(sorted(click.get_current_context().params.items(), key=str))
        return IdempotencyKey(self.key, f"cli:{name}", sha256(content.encode()).hexdigest())

    def _tenant(self, opened: OpenKasa) -> TenantId:
        if self.tenant is None:
            some = tuple(islice(opened.shops(), 2))
            if len(some) == 1:
                return some[0].id
            raise TenantRequired if some else TenantNone
        with suppress(ValueError, NotFound):
            return opened.shop(TenantId(UUID(self.tenant))).id
        found = [shop.id for shop in opened.shops() if shop.name == self.tenant]
        if len(found) == 1:
            return found[0]
        if found:
            raise TenantRequired(f"{len(found)} shops are called so: name one by its id.")
        raise NotFound(f"There is no shop {self.tenant[:64]}; `kasa tenant list` shows them.")


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    request = context.find_object(Request)
    if request is None or value is None or value is False or parameter.name is None:
        return
    if parameter.name == "no_color":
        request.color = False
    elif parameter.name == "role":
        request.role = Role(value)
    else:
        setattr(request, parameter.name, value)


OPTIONS = (
    click.Option(["--json", "json"], is_flag=True, help="One JSON document on stdout."),
    click.Option(["--quiet", "quiet"], is_flag=True, help="No words on stderr but errors."),
    click.Option(["--no-color", "no_color"], is_flag=True, help="No colour."),
    click.Option(["--tenant", "tenant"], metavar="SHOP", help="The shop: its id or its name."),
    click.Option(
        ["--as", "role"], type=click.Choice([role.value for role in Role]), help="Act in a role."
    ),
    click.Option(["--idempotency-key", "key"], metavar="KEY", help="A repeat does nothing."),
)


def with_options(command: click.Command) -> click.Command:
    """Add the options that every command takes; they reach the ``Request``, not the function."""
    for option in OPTIONS:
        option.expose_value = False
        option.callback = _remember
        command.params.append(option)
    return command


def asked(call: CallT) -> CallT:
    """Hand a command its ``Request`` as first argument."""

    @wraps(call)
    def with_request(*arguments: Any, **options: Any) -> Any:
        request = click.get_current_context().find_object(Request)
        return call(request, *arguments, **options)

    return with_request  # type: ignore[return-value]  # the first argument is given here
