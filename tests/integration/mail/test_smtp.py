"""Mail by a real server: encryption, login, refusals and outages."""

import socket
import time
from contextlib import suppress
from urllib.parse import quote

import pytest

from kasa.adapters.mail.smtp import Encryption, MailServer, SmtpMessenger
from kasa.application.ports.messenger import (
    ChannelUnavailable,
    LoginRefused,
    NotEncrypted,
    Rejected,
    Unknown,
)
from kasa.domain.channels.message import ChannelKind
from kasa.domain.kernel.errors import KasaError
from tests.integration.mail.conftest import Certified
from tests.integration.mail.post_office import (
    DARA,
    HELLO,
    KEY,
    PASSWORD,
    SENDER,
    USER,
    PostOffice,
    messenger,
    post_office,
    rough_server,
)

pytestmark = pytest.mark.integration

LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"


def lack_of(office: PostOffice) -> KasaError:
    """Return what sending to a server raises."""
    with pytest.raises(KasaError) as lack:
        messenger(office.port).send(DARA, HELLO, KEY)
    return lack.value


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", ("mail.example", 587, Encryption.STARTTLS, None, "")),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, Encryption.NONE, None, "")),
        ("smtp://[::1]", ("::1", 587, Encryption.NONE, None, "")),
        ("smtps://u:p@mail.example", ("mail.example", 465, Encryption.WHOLE, "u", "p")),
        (f"smtp://{LOGIN}@localhost", ("localhost", 587, Encryption.NONE, USER, PASSWORD)),
    ],
)
def test_an_address_names_a_server(url: str, server: tuple[object, ...]) -> None:
    """Ports have the usual defaults, signs in a password are escaped, only near is in clear."""
    made = MailServer.at(url)
    assert server == (made.host, made.port, made.encryption, made.user, made.password)


def test_no_password_shows() -> None:
    """Neither the messenger nor its server shows the password."""
    made = SmtpMessenger(MailServer.at(f"smtps://{LOGIN}@mail.example"), SENDER)
    assert PASSWORD not in repr(made)
    assert DARA.address not in repr(DARA)


def test_starttls_and_login(certified: Certified) -> None:
    """Password and mail pass only after STARTTLS, by a certificate that is trusted."""
    with post_office(starttls=certified.server, login=True) as office:
        made = messenger(office.port, Encryption.STARTTLS, trusted=certified.client, user=USER)
        made.ping(ChannelKind.MAIL)
        made.send(DARA, HELLO, KEY)
        assert ["Hello"] == [one.subject for one in office.arrived()]


def test_encrypted_from_the_first_byte(certified: Certified) -> None:
    """``smtps`` is encrypted before anything is said."""
    with post_office(tls=certified.server, login=True) as office:
        messenger(office.port, Encryption.WHOLE, trusted=certified.client, user=USER).send(
            DARA, HELLO, KEY
        )
        assert 1 == len(office.taken)


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.WHOLE])
def test_an_unknown_certificate_ends_it(certified: Certified, encryption: Encryption) -> None:
    """A server that cannot prove who it is gets neither password nor mail."""
    whole = encryption is Encryption.WHOLE
    shown = certified.server
    with post_office(
        tls=shown if whole else None, starttls=None if whole else shown, login=True
    ) as office:
        with pytest.raises(NotEncrypted):
            messenger(office.port, encryption, user=USER).send(DARA, HELLO, KEY)
        assert [] == office.taken


def test_without_starttls_nothing_is_said(certified: Certified) -> None:
    """A server elsewhere that offers no encryption gets neither password nor mail."""
    with post_office(login=True) as office:
        with pytest.raises(NotEncrypted):
            messenger(office.port, Encryption.STARTTLS, trusted=certified.client, user=USER).send(
                DARA, HELLO, KEY
            )
        assert [] == office.taken


def test_a_wrong_password_is_the_operators(certified: Certified) -> None:
    """A refused login (535) is told apart, so that the operator can be alarmed."""
    with post_office(starttls=certified.server, login=True) as office:
        made = messenger(
            office.port, Encryption.STARTTLS, trusted=certified.client, user=USER, password="old"
        )
        with pytest.raises(LoginRefused):
            made.send(DARA, HELLO, KEY)
        with pytest.raises(LoginRefused):
            made.ping(ChannelKind.MAIL)


def test_a_login_that_nobody_asks_for_is_the_operators() -> None:
    """A server without AUTH does not take a password, so the setting is wrong."""
    with post_office() as office, pytest.raises(LoginRefused):
        messenger(office.port, user=USER).send(DARA, HELLO, KEY)


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "553 not here", "501 malformed"])
def test_refused_recipients_are_final(reply: str) -> None:
    """A recipient that the server refuses for good is refused, without the server's words."""
    with post_office() as office:
        office.rcpt = reply
        lack = lack_of(office)
        assert isinstance(lack, Rejected)
        assert {"channel": "mail", "status": int(reply[:3])} == lack.facts
        assert [] == office.taken


@pytest.mark.parametrize("reply", ["450 4.7.1 greylisted", "421 too many"])
def test_lacks_that_pass_are_tried_again(reply: str) -> None:
    """What a server cannot do now is unavailable, in either place, with a wait."""
    with post_office() as office:
        for place in ("rcpt", "data"):
            office.rcpt = office.data = None
            setattr(office, place, reply)
            lack = lack_of(office)
            assert isinstance(lack, ChannelUnavailable)
            assert 30 == lack.retry_after


def test_a_refused_mail_is_final() -> None:
    """A mail that the server has read and refuses for good is refused."""
    with post_office() as office:
        office.data = "554 5.7.1 looks like spam"
        assert isinstance(lack_of(office), Rejected)


@pytest.mark.parametrize("takes_first", [True, False])
def test_nobody_knows_after_a_lost_answer(*, takes_first: bool) -> None:
    """A server that vanishes before its answer may have the mail; a repeat is the same one."""
    with post_office() as office:
        office.vanishes, office.takes_first = True, takes_first
        assert isinstance(lack_of(office), Unknown)
        office.vanishes = False
        messenger(office.port).send(DARA, HELLO, KEY)
        assert 1 + takes_first == len(office.taken)
        assert 1 == len(office.arrived())


def test_an_outage_passes() -> None:
    """Nobody there, then somebody: unavailable, then sent, by the same messenger."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = messenger(port)
    with pytest.raises(ChannelUnavailable):
        made.send(DARA, HELLO, KEY)
    with pytest.raises(ChannelUnavailable):
        made.ping(ChannelKind.MAIL)
    with pytest.raises(ChannelUnavailable):
        SmtpMessenger(MailServer.at("smtps://kasa.invalid"), SENDER).send(DARA, HELLO, KEY)


def test_a_server_that_says_nothing_is_left() -> None:
    """A server that never answers ends in a timeout."""

    def silent(met: socket.socket) -> None:
        with suppress(OSError):
            met.settimeout(30)
            met.recv(1)

    with rough_server(silent) as port:
        before = time.monotonic()
        with pytest.raises(ChannelUnavailable):
            messenger(port, timeout_seconds=0.2).send(DARA, HELLO, KEY)
        assert time.monotonic() - before < 20


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"554 go away\r\n",
        b"HTTP/1.1 400 Bad\r\n\r\n",
        b"\xff\xfe\r\n",
        b"220 " + b"x" * 20_000,
    ],
)
def test_what_is_no_mail_server_is_unavailable(greeting: bytes) -> None:
    """Whatever answers in place of a mail server never ends in another error."""

    def answer(met: socket.socket) -> None:
        with suppress(OSError):
            met.sendall(greeting)

    with rough_server(answer) as port, pytest.raises((ChannelUnavailable, Rejected)):
        messenger(port, timeout_seconds=5).send(DARA, HELLO, KEY)
