"""`kasa tenant` when a shop leaves: handing it out whole, closing it, erasing it."""

from pathlib import Path

import click

from kasa.application.tenancy.archived import LAW, ArchiveChecked, ArchiveForeign
from kasa.application.tenancy.checking import check_archive
from kasa.domain.identity.access import PlatformActor, Role
from kasa.domain.kernel.errors import Invalid
from kasa.domain.tenancy.erasure import EraseReason
from kasa.entrypoints.bootstrap import archive_reader, archive_writer
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.shown.plain import moment

BACKUPS = "Backups that were taken before keep it until they are rotated out, at most 12 months."


class NameNotRetyped(Invalid):
    """Erasing cannot be undone: type the name of the shop exactly, with --confirm NAME."""

    code = "tenant.name_not_retyped"


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@asked
def export(request: Request, *, target: Path) -> None:
    """Write everything of the shop to TARGET: a new folder, or a file that ends in .zip.

    The archive is read back before this says that it is done.
    """
    with request.open() as opened:
        checked = _written(request, opened, target)
    _tell(request, checked, target)
    request.screen.answer(_document(checked, target))


@click.command("verify")
@click.argument("target", type=click.Path(path_type=Path))
@asked
def verify(request: Request, *, target: Path) -> None:
    """Read an archive of `kasa tenant export` back and say whether it is whole."""
    checked = _checked(request, target)
    _tell(request, checked, target)
    request.screen.answer(_document(checked, target))


@click.command("close")
@click.option("--withdraw", is_flag=True, help="Keep a closed shop after all.")
@asked
def close(request: Request, *, withdraw: bool) -> None:
    """Close the shop: it may be erased 30 days later, and until then this can be withdrawn."""
    with request.open() as opened:
        actor = request.actor(opened, "tenant.close")
        tenancy = opened.kasa.tenancy
        shop = opened.do(tenancy.withdraw_close if withdraw else tenancy.close, actor)
    if shop.erasable_at is None:
        request.screen.say(f"{shop.profile.name} is {shop.state.value} again.", "green")
    else:
        until = moment(shop.erasable_at)
        request.screen.say(f"{shop.profile.name} is closed; it may be erased from {until} on.")
    request.screen.answer(shop)


@click.command("erase")
@click.option(
    "--archive",
    required=True,
    type=click.Path(path_type=Path),
    metavar="TARGET",
    help="Where everything is written first.",
)
@click.option("--confirm", default="", metavar="NAME", help="The shop's name, typed again.")
@click.option(
    "--force",
    type=click.Choice([reason.value for reason in EraseReason]),
    help="Why it goes at once: without 30 days, and without files that are lost.",
)
@asked
def erase(request: Request, *, archive: Path, confirm: str, force: str | None) -> None:
    """Erase a closed shop for ever, after everything of it was written to TARGET.

    When an erasure was interrupted, the same command with the same TARGET completes it.
    """
    operator = PlatformActor(operator=request.role is Role.OWNER)
    reason = EraseReason(force) if force else None
    with request.open() as opened:
        if archive.exists():
            checked = _own(request, _checked(request, archive))
            _refuse_other_name(checked.manifest.shop, confirm)
        else:
            shop = opened.kasa.tenancy.queries.tenant(request.reader(opened))
            _refuse_other_name(shop.profile.name, confirm)
            shop.erase(at=opened.now(), forced=reason is not None)
            checked = _written(request, opened, archive)
        with request.screen.waiting("Erasing the shop ..."):
            erased = opened.do(
                opened.kasa.tenancy.erase,
                operator,
                checked.manifest.tenant,
                checked,
                reason=reason,
            )
    _tell(request, checked, archive)
    request.screen.say(
        f"{checked.manifest.shop} is erased: {erased.rows} rows, {erased.files} files, "
        f"{erased.jobs} jobs. Keeping the archive is now its owner's duty. {BACKUPS}",
        "green",
    )
    request.screen.answer({**_document(checked, archive), "erased": erased, "backups": BACKUPS})


def _written(request: Request, opened: OpenKasa, target: Path) -> ArchiveChecked:
    with request.screen.waiting("Writing the archive ..."), archive_writer(target) as writer:
        opened.kasa.tenancy.export(request.reader(opened), writer)
    return _checked(request, target)


def _checked(request: Request, target: Path) -> ArchiveChecked:
    with request.screen.waiting("Reading the archive back ..."), archive_reader(target) as reader:
        return check_archive(reader)


def _own(request: Request, checked: ArchiveChecked) -> ArchiveChecked:
    """Return an archive that was there when it is of the shop that was named."""
    if request.tenant not in {str(checked.manifest.tenant), checked.manifest.shop}:
        raise ArchiveForeign("There is an archive already; name its shop with --tenant.")
    return checked


def _refuse_other_name(name: str, typed: str) -> None:
    if typed != name:
        raise NameNotRetyped


def _tell(request: Request, checked: ArchiveChecked, target: Path) -> None:
    manifest = checked.manifest
    rows = [(one.table, one.rows, one.first, one.last, one.until) for one in checked.kept]
    if rows:
        request.screen.show(table(("records", ">rows", "from", "to", "keep until"), rows))
        request.screen.say(f"{LAW} They are in {target}.")
    for words, keys in (("missing", manifest.missing), ("damaged", manifest.damaged)):
        if keys:
            request.screen.warn(f"{len(keys)} files of the shop are {words} in the file storage.")
    request.screen.say(
        f"{target} is whole: {manifest.rows} rows and {manifest.files.rows} files of "
        f"{manifest.shop}, made {moment(manifest.made_at)}.",
        "green",
    )


def _document(checked: ArchiveChecked, target: Path) -> dict[str, object]:
    manifest = checked.manifest
    return {
        "archive": target,
        "sha256": checked.sha256,
        "tenant": manifest.tenant,
        "shop": manifest.shop,
        "schema": manifest.schema,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "files": manifest.files.rows,
        "missing": manifest.missing,
        "damaged": manifest.damaged,
        "kept": checked.kept,
        "law": LAW,
    }
