"""`kasa setup`: what a server needs that stays, written once."""

import getpass
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import click

from kasa.entrypoints.bootstrap_credentials import secret_text
from kasa.entrypoints.bootstrap_database import migrate
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.setting_forms import public
from kasa.entrypoints.settings import Settings

FILE = "settings.env"
UNIT = "kasa.service"
PROXY = "Caddyfile"
OWNER_ONLY = 0o600
READABLE = 0o644

SETTINGS_TEXT = """# Settings of this kasa; docs/reference/settings.md has all of them.
# This file holds secrets: keep a copy of it apart from the backups, and show it to nobody.
KASA_HOME={home}
KASA_SECRET_KEYS={keys}
KASA_BIND={bind}
{public}KASA_TRUSTED_PROXIES=127.0.0.1,::1
# KASA_MAIL_URL=smtps://user:password@mail.example
# KASA_MAIL_FROM=shop@example.com
# KASA_OPERATOR_MAIL=you@example.com
# KASA_BACKUP_URL=file:///mnt/other-disk/kasa
# KASA_BACKUP_KEY=
"""

UNIT_TEXT = """[Unit]
Description=kasa, the back office of a shop
After=network-online.target
Wants=network-online.target

[Service]
User={user}
EnvironmentFile={settings}
ExecStart={program} all
Restart=on-failure
RestartSec=2
KillMode=mixed
TimeoutStopSec=40
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={home}

[Install]
WantedBy=multi-user.target
"""

PROXY_TEXT = """# Caddy fetches the certificate by itself and names the caller to kasa.
{host} {{
    reverse_proxy {bind} {{
        header_up X-Forwarded-For {{remote_host}}
    }}
    request_body {{
        max_size 21MB
    }}
}}
"""


def _address(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return public(given)
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from fault


@click.command
@click.option("--public-url", callback=_address, help="The address that people will use: https://.")
@click.option("--service", is_flag=True, help="Write a unit for systemd as well.")
@asked
def setup(request: Request, *, public_url: str | None, service: bool) -> None:
    r"""Prepare a server that stays; a second run changes nothing.

    Writes settings.env with fresh keys, and an example for the proxy before it, into KASA_HOME,
    and makes the database.

    \b
    Examples:
      kasa setup --public-url https://shop.example --service
      KASA_HOME=/srv/kasa kasa setup
    """
    settings = Settings.from_env()
    if public_url is not None:
        settings = attrs.evolve(settings, public_url=public_url)
    base = settings.base
    written = [
        str(path)
        for path, text, mode in _files(settings, service=service)
        if _written(path, text, mode)
    ]
    with request.screen.waiting("Making the database ..."):
        _, (found, _) = migrate(settings)
    for path in written:
        request.screen.say(f"wrote {path}")
    if not written:
        request.screen.say("Everything was there: nothing was changed.")
    for line in _next(settings, base, service=service):
        request.screen.show(line)
    request.screen.answer({"written": written, "schema": found, "address": base})
    click.get_current_context().exit(Exit.OK)


def _files(settings: Settings, *, service: bool) -> list[tuple[Path, str, int]]:
    home, address = settings.home, settings.public_url
    named = "" if address is None else f"KASA_PUBLIC_URL={address}\n"
    made = [
        (
            home / FILE,
            SETTINGS_TEXT.format(
                home=home, keys=secret_text(settings), bind=settings.bind, public=named
            ),
            OWNER_ONLY,
        )
    ]
    if address is not None:
        host = urlsplit(address).netloc
        made.append((home / PROXY, PROXY_TEXT.format(host=host, bind=settings.bind), READABLE))
    if service:
        unit = UNIT_TEXT.format(
            user=getpass.getuser(),
            settings=home / FILE,
            program=shutil.which("kasa") or f"{sys.executable} -m kasa",
            home=home,
        )
        made.append((home / UNIT, unit, READABLE))
    return made


def _written(path: Path, text: str, mode: int) -> bool:
    """Write a file that is not there yet; what is there is somebody's."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def _next(settings: Settings, base: str, *, service: bool) -> list[str]:
    lines = []
    if service:
        unit = settings.home / UNIT
        lines += [f"sudo systemctl link {unit}", "sudo systemctl enable --now kasa"]
    else:
        lines.append(f"set -a; . {settings.home / FILE}; set +a; kasa all")
    return [*lines, f"Then sign up: POST {base}/api/v1/auth/sign-up (docs/howto/deploy.md)."]
