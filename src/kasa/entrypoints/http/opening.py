"""The door as the settings want it: its address, limits and keys, and who lets callers in."""

from collections.abc import Callable

import attrs

from kasa.entrypoints.findings import Finding
from kasa.entrypoints.http.admission import IdentityAdmission, TokenCache
from kasa.entrypoints.http.app import create_app
from kasa.entrypoints.http.details import details_route
from kasa.entrypoints.http.doorway import Doorway
from kasa.entrypoints.http.front import Front, always
from kasa.entrypoints.http.rates import Rates
from kasa.entrypoints.http.watching import Watch
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.setting_forms import LOOPBACK
from kasa.entrypoints.settings import Settings


@attrs.frozen(kw_only=True, eq=False)
class Door:
    """The application, and the headers of whatever is answered before it is asked."""

    app: Front
    always: tuple[tuple[bytes, bytes], ...]


def open_door(
    settings: Settings,
    opened: OpenKasa,
    *,
    watch: Watch,
    parts: Callable[[], tuple[Finding, ...]],
) -> Door:
    """Return the door; raises ``setup.https_required``."""
    doorway = doorway_of(settings, opened, watch)
    admission = IdentityAdmission(
        identity=opened.kasa.identity, tokens=TokenCache(opened.now), rates=doorway.rates
    )
    near = details_route(parts, admission, listens_near=settings.bind.is_loopback)
    app = create_app(opened, doorway, admission, more=(near,))
    return Door(app=app, always=tuple(always(doorway)))


def doorway_of(settings: Settings, opened: OpenKasa, watch: Watch) -> Doorway:
    """Return what the settings say about the door."""
    return Doorway(
        public_url=settings.base,
        more_hosts=LOOPBACK,
        cursor_key=opened.cursor_key,
        openapi_is_public=settings.openapi_public == "on",
        cors_origins=settings.cors_origins,
        trusted_proxies=settings.trusted_proxies,
        rates=Rates(
            writes=settings.rate_writes,
            uploads=settings.rate_uploads,
            reads=settings.rate_reads,
        ),
        watch=watch,
    )
