"""Settings are read once, and a bad one stops the start with its name."""

import base64
from pathlib import Path

import attrs
import pytest

from kasa.entrypoints.setting_rows import ROWS
from kasa.entrypoints.settings import (
    SECOND_ENGINE_BYTES,
    HttpsRequired,
    SettingInvalid,
    Settings,
    SettingUnknown,
    memory_bytes,
)

SHOP = "https://shop.example"


def test_without_any_variable_everything_has_a_default() -> None:
    """An empty environment gives the embedded server in the user's own folder."""
    settings = Settings.from_env({})
    assert settings.database_url is None
    assert settings.home.is_absolute()
    assert settings.ocr_processes >= 1


def test_every_field_has_its_variable() -> None:
    """No setting can be given to the library only."""
    assert [row.field for row in ROWS] == [field.name for field in attrs.fields(Settings)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KASA_HOME", "relative/folder"),
        ("KASA_DATABASE_URL", "mysql://somewhere"),
        ("KASA_OWNER_DATABASE_URL", ""),
        ("KASA_MIGRATE", "sometimes"),
        ("KASA_DATABASE_POOLER", "session"),
        ("KASA_QUEUE_LISTEN", "yes"),
        ("KASA_STORAGE_URL", "ftp://somewhere"),
        ("KASA_OCR_PROCESSES", "0"),
        ("KASA_OCR_PROCESSES", "1_0"),
        ("KASA_OCR_PROCESSES", "٣"),
        ("KASA_LOG_LEVEL", "LOUD"),
        ("KASA_BAKONG_TOKEN", "two words"),
        ("KASA_BAKONG_TOKEN", "line\nbreak"),
        ("KASA_BAKONG_URL", "http://relay.example"),
        ("KASA_BAKONG_URL", "https://relay.example/v1"),
        ("KASA_BAKONG_URL", "https://me:secret@relay.example"),
        ("KASA_BAKONG_URL", "ftp://127.0.0.1"),
        ("KASA_SECRETS_DIR", "here"),
        ("KASA_MAIL_URL", "mail.example:587"),
        ("KASA_MAIL_URL", "smtp://:25"),
        ("KASA_MAIL_URL", "smtp://mail.example:99999"),
        ("KASA_MAIL_URL", "smtp://mail.example/path"),
        ("KASA_MAIL_URL", "http://mail.example"),
        ("KASA_MAIL_URL", "file://relative"),
        ("KASA_MAIL_URL", "smtp://mail.example\nX"),
        ("KASA_MAIL_FROM", "nobody"),
        ("KASA_MAIL_FROM", "Shop <nobody>"),
        ("KASA_MAIL_FROM", "Shop <a@b.example"),
        ("KASA_MAIL_FROM", "Shop\nBcc: x <a@b.example>"),
        ("KASA_MAIL_FROM", "<x<a@b.example>"),
        ("KASA_SECRET_KEYS", ""),
        ("KASA_SECRET_KEYS", "correct horse battery staple correct horse"),
        ("KASA_SECRET_KEYS", "00" * 31),
        ("KASA_SECRET_KEYS", "00" * 32),
        ("KASA_SECRET_KEYS", bytes(range(32)).hex() + "," + "0a" * 31),
        ("KASA_SECRET_KEYS", ",".join([bytes(range(32)).hex()] * 2)),
        ("KASA_SECRET_KEYS", "QUJD" * 10),
        ("KASA_PASSWORD_BLOCKLIST", "leaked.txt"),
        ("KASA_BIND", "7000"),
        ("KASA_BIND", "shop.example:8000"),
        ("KASA_BIND", "127.0.0.1:65536"),
        ("KASA_BIND", "::1:8000"),
        ("KASA_PUBLIC_URL", "till.example"),
        ("KASA_PUBLIC_URL", "https://shop.example/kasa"),
        ("KASA_PUBLIC_URL", "https://me@shop.example"),
        ("KASA_PUBLIC_URL", "https://shop.example:80x"),
        ("KASA_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("KASA_TRUSTED_PROXIES", "proxy.example"),
        ("KASA_CORS_ORIGINS", "*"),
        ("KASA_CORS_ORIGINS", "https://*.example"),
        ("KASA_OPENAPI_PUBLIC", "yes"),
        ("KASA_RATE_WRITES", "many"),
        ("KASA_OPERATOR_MAIL", "nobody"),
        ("KASA_OPERATOR_MAIL", "a@b.example, c@d.example"),
    ],
)
def test_a_malformed_value_is_refused_with_its_name(name: str, value: str) -> None:
    """The refusal names the setting, and never repeats its value, which may be a secret."""
    with pytest.raises(SettingInvalid) as refused:
        Settings.from_env({name: value})
    assert refused.value.facts == {"setting": name}
    assert refused.value.message.startswith(f"{name}: ")
    assert not value or value not in refused.value.message


def test_an_unknown_name_is_refused() -> None:
    """A setting with a typing error does not silently do nothing."""
    with pytest.raises(SettingUnknown) as refused:
        Settings.from_env({"KASA_DATABSE_URL": "postgresql://here"})
    assert refused.value.facts == {"setting": "KASA_DATABSE_URL"}


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    """A file of the setting's name in the folder of secrets gives its value."""
    secret = tmp_path / "KASA_DATABASE_URL"
    secret.write_text("postgresql://kasa_app@db/kasa\n", encoding="utf-8")
    secret.chmod(0o600)
    settings = Settings.from_env({"KASA_SECRETS_DIR": str(tmp_path)})
    assert settings.database_url == "postgresql://kasa_app@db/kasa"
    assert "kasa_app" not in repr(settings)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """A secret's file is private."""
    secret = tmp_path / "KASA_DATABASE_URL"
    secret.write_text("postgresql://kasa_app@db/kasa", encoding="utf-8")
    secret.chmod(0o644)
    with pytest.raises(SettingInvalid):
        Settings.from_env({"KASA_SECRETS_DIR": str(tmp_path)})


@pytest.mark.D3
def test_secret_keys_are_bytes_and_never_shown() -> None:
    """Hexadecimal digits and both alphabets of base64 are read; the first stays the first."""
    keys = (bytes(range(32)), bytes(range(200, 240)), bytes(range(251, 219, -1)))
    texts = (
        keys[0].hex(),
        base64.urlsafe_b64encode(keys[1]).decode().rstrip("="),
        base64.b64encode(keys[2]).decode(),
    )
    assert "+" in texts[2] or "/" in texts[2]
    settings = Settings.from_env({"KASA_SECRET_KEYS": ", ".join(texts)})
    assert keys == settings.secret_keys
    assert texts[0] not in repr(settings)
    assert repr(keys[0]) not in repr(settings)


def test_the_token_of_the_bank_is_never_shown() -> None:
    """It is off by default; given, it is in no representation. Plain HTTP is for loopback only."""
    assert Settings.from_env({}).bakong_token is None
    given = {"KASA_BAKONG_TOKEN": "eyJ.secret.word", "KASA_BAKONG_URL": "http://127.0.0.1:8080"}
    settings = Settings.from_env(given)
    assert settings.bakong_url == given["KASA_BAKONG_URL"]
    assert given["KASA_BAKONG_TOKEN"] == settings.bakong_token
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("scheme", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_addresses_have_the_form_that_the_driver_takes(scheme: str) -> None:
    """The form of SQLAlchemy is taken as what it means; psycopg would refuse it later."""
    found = Settings.from_env({"KASA_DATABASE_URL": f"{scheme}kasa_app@db/kasa"}).database_url
    assert found is not None
    assert found.removeprefix("postgresql://").removeprefix("postgres://") == "kasa_app@db/kasa"


@pytest.mark.parametrize("scheme", ["postgresql+psycopg2://", "postgresql+asyncpg://"])
def test_addresses_of_other_drivers_are_refused(scheme: str) -> None:
    """Their parameters are not ours."""
    with pytest.raises(SettingInvalid):
        Settings.from_env({"KASA_DATABASE_URL": f"{scheme}kasa_app@db/kasa"})


@pytest.mark.parametrize(
    ("given", "listens"),
    [
        ({}, True),
        ({"KASA_QUEUE_LISTEN": "off"}, False),
        ({"KASA_DATABASE_POOLER": "transaction"}, False),
        (
            {
                "KASA_DATABASE_POOLER": "transaction",
                "KASA_JOBS_DATABASE_URL": "postgresql://kasa_jobs@db/kasa",
            },
            True,
        ),
    ],
)
def test_a_worker_listens_where_it_would_hear(given: dict[str, str], listens: bool) -> None:  # noqa: FBT001  # a parameter of the table
    """Through a pooler a worker would hear nothing, and nobody would say so."""
    assert Settings.from_env(given).listens is listens


def test_memory_is_what_a_container_may_use(tmp_path: Path) -> None:
    """A limit below the machine's memory counts; none, or no number, is the whole machine."""
    limit = tmp_path / "memory.max"
    whole = memory_bytes(limit)
    limit.write_text("max\n")
    assert whole == memory_bytes(limit) > 0
    limit.write_text("536870912\n")
    assert 536_870_912 == memory_bytes(limit)


@pytest.mark.parametrize(("given", "used"), [("on", True), ("off", False)])
def test_the_second_engine_is_on_or_off(given: str, *, used: bool) -> None:
    """A setting decides it; without one the memory of the machine does."""
    assert used is Settings.from_env({"KASA_SECOND_ENGINE": given}).reads_with_second_engine
    enough = memory_bytes() >= SECOND_ENGINE_BYTES
    assert enough is Settings.from_env({}).reads_with_second_engine


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"KASA_BIND": "[::1]:80"}, "http://[::1]:80"),
        ({"KASA_BIND": "0.0.0.0:8000", "KASA_PUBLIC_URL": "https://Shop.example/"}, SHOP),
        ({"KASA_PUBLIC_URL": "https://shop.example:443"}, SHOP),
        ({"KASA_PUBLIC_URL": "http://localhost:8080"}, "http://localhost:8080"),
    ],
)
def test_the_public_address_is_whole_and_short(given: dict[str, str], base: str) -> None:
    """Without a port that goes without saying, without a slash; by default the bound address."""
    assert Settings.from_env(given).base == base


@pytest.mark.parametrize(
    "given",
    [
        {"KASA_BIND": "0.0.0.0:8000"},
        {"KASA_BIND": "[::]:8000"},
        {"KASA_PUBLIC_URL": "http://shop.example"},
        {"KASA_PUBLIC_URL": "http://192.168.1.10:8000"},
    ],
)
def test_beyond_this_machine_https_is_required(given: dict[str, str]) -> None:
    """Neither cookies nor tokens travel in clear through any network."""
    settings = Settings.from_env(given)
    with pytest.raises(HttpsRequired):
        settings.base  # noqa: B018 # the property itself refuses


def test_trusted_proxies_are_addresses_and_networks() -> None:
    """A proxy is named by its address, a row of them by their network."""
    given = {"KASA_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8"}
    found = Settings.from_env(given).trusted_proxies
    assert [str(one) for one in found] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]


def test_mail_goes_into_a_folder_where_nobody_else_comes() -> None:
    """Without a server mail is kept in a folder on loopback, and reaches nobody beyond it."""
    near = Settings.from_env({"KASA_HOME": "/srv/kasa"})
    assert ("file:///srv/kasa/mail", "kasa@localhost") == (near.mail_address, near.mail_sender)
    away = Settings.from_env({"KASA_BIND": "0.0.0.0:8000", "KASA_PUBLIC_URL": SHOP})
    assert (None, True) == (away.mail_address, away.is_public)


def test_a_mail_server_wants_a_sender() -> None:
    """Who mails come from is named, or is the user of the server when that is an address."""
    with pytest.raises(SettingInvalid):
        assert Settings.from_env({"KASA_MAIL_URL": "smtp://mail.example"}).mail_sender
    user = Settings.from_env({"KASA_MAIL_URL": "smtp://a%40b.example:geheim@mail.example"})
    assert "a@b.example" == user.mail_sender
    assert "geheim" not in repr(user)
    named = attrs.evolve(user, mail_from="ហាង <m@b.example>")
    assert "ហាង <m@b.example>" == named.mail_sender
