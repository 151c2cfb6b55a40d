"""`kasa db backup | backups | drill | restore`: what is kept, and whether it would come back."""

import click

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap_backups import (
    back_up,
    back_up_base,
    drill_backup,
    list_backups,
    restore_backup,
)
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.findings import age_told
from kasa.entrypoints.opened_backups import (
    ALERT_AFTER_SECONDS,
    WARN_AFTER_SECONDS,
    BackupListed,
)
from kasa.entrypoints.settings import Settings

MEBIBYTE = 1024 * 1024
DUMP = "dump"


class BackupNotProven(KasaError):
    """The drill did not pass: what was restored is not what was backed up."""

    code = "backup.not_proven"


class BackupDamaged(KasaError):
    """Backups are damaged; restore another one, and let a new one be taken: kasa db backup."""

    code = "backup.damaged"


@click.command("backup")
@click.option("--base", is_flag=True, help="The server's own files; only what changed.")
@asked
def backup(request: Request, *, base: bool) -> None:
    r"""Take a backup of the database and the stored files.

    It lies in KASA_HOME/backups. Kept are those of 7 days, 5 weeks and 12 months. With --base it
    is one of the embedded server's files: whole once a week, else what changed since the last.

    \b
    Examples:
      kasa db backup
      kasa db backup --json
    """
    with request.screen.waiting("Taking a backup ..."):
        if base:
            link = back_up_base(Settings.from_env())
            request.screen.show(link.name)
            request.screen.answer({"backup": link})
            return
        made = back_up(Settings.from_env())
    request.screen.show(made.backup.name)
    request.screen.say(
        f"{_mebibytes(made.backup)} with {made.backup.files} files, in {made.backup.seconds} s.",
        "green",
    )
    if made.copy is not None:
        request.screen.say(f"Its sealed copy: {made.copy}")
    for name in made.removed:
        request.screen.say(f"{name} is kept no longer.")
    request.screen.answer(made)


@click.command("backups")
@click.option("--check", is_flag=True, help="Read every byte, not the sizes alone.")
@asked
def backups(request: Request, *, check: bool) -> None:
    """List the backups, the newest first, and say which are whole and which are proven.

    With --check it ends with 3 when one of them is damaged.
    """
    with request.screen.waiting("Looking at the backups ..."):
        found = list_backups(Settings.from_env(), check=check)
    rows = [
        (
            one.name,
            one.kind,
            age_told(one.age_seconds),
            _mebibytes(one) if one.kind == DUMP else "",
            one.files if one.kind == DUMP else "",
            one.schema,
            one.code or ("proven" if one.proven else "not proven"),
            _drill_told(one),
        )
        for one in found
    ]
    heads = ("name", "kind", ">age", ">size", ">files", "schema", "state", "drill")
    request.screen.show(table(heads, rows))
    whole = [one for one in found if one.code is None and one.kind == DUMP]
    if not whole:
        request.screen.warn("There is no backup: kasa db backup")
    elif whole[0].age_seconds > WARN_AFTER_SECONDS:
        limit = "7 days" if whole[0].age_seconds > ALERT_AFTER_SECONDS else "48 hours"
        request.screen.warn(f"The newest backup is older than {limit} (backup.too_old).")
    damaged = tuple(f"{one.name}: {one.code}" for one in found if one.code is not None)
    if check and damaged:
        raise BackupDamaged(f"{len(damaged)} of {len(found)} are damaged.", faults=damaged)
    request.screen.answer({"items": found})


@click.command("drill")
@click.argument("name", required=False)
@asked
def drill(request: Request, *, name: str | None) -> None:
    r"""Restore a backup beside the live server, compare it, and throw the copy away.

    Schema, roles, policies and rights, and of every table and shop rows, sums and hashes have to be
    those of the moment of the backup. Without NAME the newest one is taken.

    \b
    Examples:
      kasa db drill
      kasa db drill 20261121T203000Z-1f3a --json
    """
    with request.screen.waiting("Restoring beside the live server ..."):
        made = drill_backup(Settings.from_env(), name)
    for words in (*made.differences, *made.warnings):
        request.screen.warn(words)
    if not made.proven:
        raise BackupNotProven(
            f"{made.name} is not proven: {made.differences[0]}", faults=made.differences
        )
    request.screen.show(made.name)
    told = f"Proven in {made.drill_seconds} s; it is {age_told(made.age_seconds)} old."
    request.screen.say(told, "green")
    request.screen.answer(made)


@click.command("restore")
@click.argument("source", metavar="BACKUP")
@click.option("--dry-run", is_flag=True, help="Read the backup and look at KASA_HOME only.")
@asked
def restore(request: Request, *, source: str, dry_run: bool) -> None:
    r"""Restore a backup into an empty KASA_HOME; BACKUP is a name or a path.

    Database, roles and stored files come back, passwords of the database are new. Until it has
    ended nothing serves from there; when it is interrupted, run it again.

    \b
    Examples:
      KASA_HOME=/srv/kasa kasa db restore /mnt/usb/20261121T203000Z-1f3a
      kasa db restore 20261121T203000Z-1f3a --dry-run
    """
    with request.screen.waiting("Reading the backup ..." if dry_run else "Restoring ..."):
        made = restore_backup(Settings.from_env(), source, dry_run=dry_run)
    request.screen.show(str(made.home))
    what = f"the backup of {made.at:%Y-%m-%d %H:%M} UTC, {age_told(made.age_seconds)} old"
    if made.brought_to is None:
        request.screen.say(f"Nothing was changed; {what}, can be restored.", "green")
    else:
        request.screen.say(f"Restored: {what}, {made.files} files, {made.brought_to}.", "green")
    request.screen.answer(made)


COMMANDS = (backup, backups, drill, restore)


def _mebibytes(one: BackupListed) -> str:
    return f"{one.size / MEBIBYTE:.1f} MiB"


def _drill_told(one: BackupListed) -> str:
    if one.drilled_at is None:
        return "never"
    passed = "passed" if one.proven else "failed"
    return f"{passed} {one.drilled_at:%Y-%m-%d %H:%M} in {one.drill_seconds} s"
