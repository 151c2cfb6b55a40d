"""What goes wrong as the command line says it: an exit code, a sentence, and the next command."""

from enum import IntEnum

import attrs
import click

from kasa.domain.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KasaError,
    NotEntitled,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
)


class Exit(IntEnum):
    """The exit codes; they are public."""

    OK = 0
    FAILED = 1
    INVALID = 2
    ENVIRONMENT = 3
    NOT_FOUND = 4
    REFUSED = 5
    CONFLICT = 6
    UNAVAILABLE = 7
    INTERRUPTED = 130


ENVIRONMENT = frozenset({"setup", "embedded", "job", "backup"})
KINDS: dict[type[KasaError], Exit] = {
    Invalid: Exit.INVALID,
    Unauthenticated: Exit.REFUSED,
    NotEntitled: Exit.REFUSED,
    Forbidden: Exit.REFUSED,
    NotFound: Exit.NOT_FOUND,
    Conflict: Exit.CONFLICT,
    Throttled: Exit.UNAVAILABLE,
    Unavailable: Exit.UNAVAILABLE,
}
HINTS: dict[str, str] = {
    "setup.setting_invalid": "see docs/reference/settings.md for every setting",
    "setup.setting_unknown": "see docs/reference/settings.md for every setting",
    "setup.https_required": "KASA_PUBLIC_URL=https://..., behind a proxy; docs/howto/deploy.md",
    "setup.extra_missing": "install the extra that is named",
    "setup.secret_keys_missing": "set KASA_SECRET_KEYS: openssl rand -base64 32, the same for all",
    "setup.schema_behind": "kasa db upgrade",
    "setup.home_unwritable": "set KASA_HOME to a folder of your own, or mend its permissions",
    "setup.second_engine_missing": "kasa doctor",
    "setup.owner_missing": "set KASA_OWNER_DATABASE_URL to the login that owns the tables",
    "load.not_empty": "kasa bench load --more, or a database of its own: KASA_HOME=/tmp/trial",
    "store.unavailable": "kasa doctor",
    "store.busy": "try again in a moment; see docs/howto/outages.md when it stays",
    "store.full": "make room on the disk of the database",
    "store.read_only": "let the database be written again; reading works meanwhile",
    "store.schema": "kasa db upgrade",
    "backup.unknown": "kasa db backups",
    "backup.truncated": "kasa db backups --check",
    "backup.checksum": "kasa db backups --check",
    "backup.file_missing": "kasa db backups --check",
    "backup.unfinished": "kasa db restore BACKUP",
    "backup.target_not_empty": "set KASA_HOME to an empty folder",
    "store.schema_newer": "start the program that is newer, or restore an older backup",
    "job.unknown_reaction": "start the newer worker, or finish its jobs first",
    "tenant.required": "kasa tenant list, then --tenant ID",
    "tenant.none": "kasa tenant open NAME",
    "tenant.wrong_state": "kasa tenant list shows the state; kasa tenant close starts the 30 days",
    "tenant.erasure_incomplete": "run the same command again",
    "archive.exists": "name a file or folder that is not there yet",
    "archive.outdated": "name a new file with --archive: it is written anew",
    "stock.change": "kasa stock adjust --help",
    "evidence.not_an_image": "send a PNG, JPEG or WebP picture, or a PDF with one picture",
    "account.unknown_bank": "kasa account banks lists the banks",
    "payment.already_decided": "kasa review list",
}


@attrs.frozen(kw_only=True)
class Failure:
    """One failure: its stable code, the sentence for people, what helps, and the exit code.

    ``faults`` are the codes of everything that is wrong, where more than one thing can be.
    """

    code: str
    message: str
    hint: str
    exit: Exit
    faults: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, object]:
        """The document that `--json` prints."""
        error: dict[str, object] = {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }
        if self.faults:
            error["faults"] = self.faults
        return {"ok": False, "error": error}


def failure(error: BaseException) -> Failure:
    """Return how a command ends after an error; one that nobody expected is a bug."""
    match error:
        case KasaError():
            return Failure(
                code=error.code,
                message=error.message,
                hint=HINTS.get(error.code, ""),
                exit=_exit(error),
                faults=_faults(error),
            )
        case click.exceptions.NoArgsIsHelpError():
            return Failure(
                code="usage", message="Missing command.", hint=_help(error.ctx), exit=Exit.INVALID
            )
        case click.UsageError():
            return Failure(
                code="usage",
                message=error.format_message(),
                hint=_help(error.ctx),
                exit=Exit.INVALID,
            )
        case click.Abort() | KeyboardInterrupt():
            return Failure(
                code="interrupted", message="Interrupted.", hint="", exit=Exit.INTERRUPTED
            )
        case click.ClickException():
            return Failure(code="usage", message=error.format_message(), hint="", exit=Exit.INVALID)
        case _:
            return Failure(
                code="internal",
                message=f"This is a bug in kasa: {type(error).__name__}.",
                hint="run it again with KASA_LOG_LEVEL=debug to see where",
                exit=Exit.FAILED,
            )


def _exit(error: KasaError) -> Exit:
    if error.code.partition(".")[0] in ENVIRONMENT:
        return Exit.ENVIRONMENT
    return next((code for kind, code in KINDS.items() if isinstance(error, kind)), Exit.FAILED)


def _faults(error: KasaError) -> tuple[str, ...]:
    found = getattr(error, "facts", {}).get("faults")
    return found if isinstance(found, tuple) else ()


def _help(context: click.Context | None) -> str:
    return f"{context.command_path} --help" if context is not None else "kasa --help"
