"""The server in the wheel: how it is made, found again, refused and stopped."""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import psycopg
import pytest

from kasa.adapters.postgres.binaries import (
    MAJOR,
    PACKAGE,
    SERVER_USER,
    TREE,
    Binaries,
    ProgramFailed,
    copied,
    find_binaries,
)
from kasa.adapters.postgres.embedded import DataVersion, EmbeddedServer, ForeignServer
from kasa.adapters.postgres.home import HomeUnreachable, PasswordsLost, ServerHome
from kasa.adapters.postgres.roles import APP, SUPERUSER

pytestmark = [pytest.mark.integration, pytest.mark.direct]

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a short folder that the server's user can enter."""
    made = Path(tempfile.mkdtemp(prefix="kasa-boot-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def booted() -> Iterator[EmbeddedServer]:
    """Return a server in a home whose path is far too long for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-boot-"))
    folder.chmod(0o711)
    deep = folder / ("a-long-name " * 8).strip() / "home"
    deep.parent.mkdir(mode=0o711)
    server = EmbeddedServer(deep, settings={"fsync": "off", "shared_buffers": "16MB"})
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.home.socket, ignore_errors=True)
        shutil.rmtree(folder)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _setting(server: EmbeddedServer, name: str) -> str:
    with psycopg.connect(server.address(SUPERUSER, "postgres")) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_nobody_is_ever_trusted(booted: EmbeddedServer) -> None:
    """``pg_hba.conf`` knows scram alone, and a wrong or missing password is refused."""
    lines = (booted.home.data / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in lines if line.strip() and not line.startswith("#")}
    assert methods == {"scram-sha-256"}
    for word in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(booted.address(APP), password=word)


def test_folders_and_files_are_private(booted: EmbeddedServer) -> None:
    """Data, socket and passwords are closed to every other user; only root's home may be passed."""
    home = booted.home
    assert _mode(home.folder) == (0o711 if AS_ROOT else 0o700)
    assert {_mode(path) for path in (home.data, home.run, home.socket)} == {0o700}
    assert _mode(home.folder / "database.json") == 0o600
    assert _mode(home.socket / ".s.PGSQL.5432") == 0o700
    assert not (home.run / "first-password").exists()


def test_a_long_home_has_its_socket_elsewhere(booted: EmbeddedServer) -> None:
    """The socket's path stays short, and its folder is remembered."""
    assert booted.home.socket != booted.home.run
    assert len(str(booted.home.socket / ".s.PGSQL.5432").encode()) <= 100
    facts = json.loads((booted.home.folder / "database.json").read_text())
    assert str(booted.home.socket) == facts["socket"]


def test_the_server_is_set_up_as_agreed(booted: EmbeddedServer) -> None:
    """It listens nowhere, checks its pages, and logs no values."""
    expected = {
        "listen_addresses": "",
        "data_checksums": "on",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "password_encryption": "scram-sha-256",
        "TimeZone": "UTC",
        "summarize_wal": "on",
        "server_encoding": "UTF8",
    }
    assert expected == {name: _setting(booted, name) for name in expected}


def test_a_running_server_is_adopted(booted: EmbeddedServer) -> None:
    """A second start attaches to it, and does not stop what it did not start."""
    second = EmbeddedServer(booted.home.folder, binaries=booted.binaries)
    second.start()
    assert not second.started
    second.stop()
    assert _setting(booted, "server_version").startswith(MAJOR)


def test_passwords_are_long_and_different(booted: EmbeddedServer) -> None:
    """Every role has 32 random bytes of its own, kept as a verifier by the server."""
    words = booted.home.facts["passwords"]
    assert len(set(words.values())) == len(words) == 5
    assert min(map(len, words.values())) >= 43
    with psycopg.connect(booted.address(SUPERUSER, "postgres")) as connection:
        found = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL"
        ).fetchall()
    assert all(row[0].startswith("SCRAM-SHA-256$") for row in found)


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_another_user_does_not_reach_the_socket(booted: EmbeddedServer) -> None:
    """Even with the password, a second user of the machine cannot connect."""
    stranger = attrs.evolve(booted.binaries, user="nobody")
    with pytest.raises(ProgramFailed, match="Permission denied"):
        stranger.run("psql", booted.address(APP), "-c", "SELECT 1")


def test_a_changed_identity_is_foreign(booted: EmbeddedServer) -> None:
    """A server that answers with another identifier or password is not kasa's."""
    for facts in (
        {"system_identifier": "1"},
        {"passwords": dict.fromkeys(booted.home.facts["passwords"], "other")},
    ):
        intruder = EmbeddedServer(booted.home.folder, binaries=booted.binaries)
        intruder.home.facts = {**booted.home.facts, **facts}
        with pytest.raises(ForeignServer):
            intruder._answers()


def test_another_version_is_refused(folder: Path) -> None:
    """Data of another PostgreSQL is not touched."""
    server = EmbeddedServer(folder / "home")
    data = folder / "home" / "pg"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataVersion) as refused:
        server.start()
    assert (refused.value.code, refused.value.facts) == ("embedded.version", {"found": "16"})


def test_lost_passwords_are_told(folder: Path) -> None:
    """Data whose passwords nobody knows is left alone."""
    server = EmbeddedServer(folder / "home")
    data = folder / "home" / "pg"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text(f"{MAJOR}\n")
    with pytest.raises(PasswordsLost):
        server.start()
    assert not (folder / "home" / "database.json").exists()


def test_what_a_killed_first_start_left_does_not_hinder(folder: Path) -> None:
    """A half-made data directory is made anew, and the server starts again after a stop."""
    server = EmbeddedServer(folder / "home", settings={"fsync": "off", "shared_buffers": "16MB"})
    (folder / "home" / "pg.new").mkdir(parents=True)
    (folder / "home" / "pg.new" / "half").touch()
    for _ in range(2):
        server.start()
        assert server.started
        server.stop()
    assert not (folder / "home" / "pg.new").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
def test_a_home_that_the_server_cannot_enter_is_told(folder: Path) -> None:
    """Nothing above the home is re-permissioned; the start says what to do."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(HomeUnreachable):
        EmbeddedServer(closed / "home").start()
    assert _mode(closed) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
def test_a_wheel_that_the_server_cannot_enter_is_copied(folder: Path) -> None:
    """Programs and libraries are copied in their places, once, and run there."""
    tree = find_binaries().folder.parent
    copy = folder / "postgres"
    fresh = copied(tree, copy)
    before = fresh.stat().st_ino
    assert copy / PACKAGE / TREE == fresh
    told = Binaries(folder=fresh / "bin", user=SERVER_USER).run("postgres", "--version")
    assert f"(PostgreSQL) {MAJOR}." in told
    assert before == copied(tree, copy).stat().st_ino
    assert ["postgres"] == sorted(path.name for path in folder.iterdir())


def test_a_short_home_holds_its_socket(folder: Path) -> None:
    """Where the path is short enough nothing is made outside the home."""
    home = ServerHome(folder / "home", find_binaries())
    home.make()
    home.open()
    assert home.socket == folder / "home" / "run"
