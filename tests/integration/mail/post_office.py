"""A real SMTP server on this machine that can be told to fail, and one that is not one."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import attrs
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kasa.adapters.conformance.messenger import Arrived
from kasa.adapters.mail.smtp import Encryption, MailServer, SmtpMessenger
from kasa.domain.channels.message import ChannelKind, Message, Recipient

USER, PASSWORD = "kasa@shop.example", "pass:w@rd/%"
SENDER = "mail@shop.example"
DARA = Recipient(channel=ChannelKind.MAIL, address="dara@shop.example")
HELLO = Message(subject="Hello", text="Hello Dara")
KEY = "019aa000-0000-7000-8000-000000000001:identity.send_mail"


@attrs.define
class PostOffice:
    """What the server has taken, and how it is out of order, if it is.

    ``rcpt`` and ``data`` answer instead of taking; ``vanishes`` drops the connection when a mail
    has come whole, ``takes_first`` keeps it before.
    """

    port: int = 0
    rcpt: str | None = None
    data: str | None = None
    vanishes: bool = False
    takes_first: bool = False
    taken: list[Envelope] = attrs.field(factory=list)
    said: list[bytes] = attrs.field(factory=list)
    options: list[list[str]] = attrs.field(factory=list)

    async def handle_RCPT(  # noqa: N802 # the library's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address, or answer as told."""
        if self.rcpt is not None:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 # the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, answer as told, or vanish."""
        if self.vanishes:
            if self.takes_first:
                self.taken.append(envelope)
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 nobody hears this"
        if self.data is not None:
            return self.data
        self.taken.append(envelope)
        self.options.append(envelope.mail_options)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any
    ) -> AuthResult:
        """Let in who knows the password."""
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    def arrived(self) -> list[Arrived]:
        """Return the mails as their readers see them, repeats of one identifier once."""
        read = [read_mail(content_of(one), one.rcpt_tos[0]) for one in self.taken]
        return list({one.id: one for one in read}.values())


def content_of(envelope: Envelope) -> bytes:
    """Return a mail as it came."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


def parsed(data: bytes) -> EmailMessage:
    """Return a mail as the standard library reads it."""
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def read_mail(data: bytes, address: str | None = None) -> Arrived:
    """Return a mail as its reader sees it; the address is that of its envelope, if it had one."""
    mail = parsed(data)
    body = mail.get_body()
    assert isinstance(body, EmailMessage)
    files = tuple(
        (it.get_filename() or "", it.get_content_type(), bytes(it.get_content()))
        for it in mail.iter_attachments()
    )
    return Arrived(
        address=address or str(mail["To"]),
        subject=str(mail["Subject"]),
        text=body.get_content().replace("\r\n", "\n"),
        id=str(mail["Message-ID"]),
        files=files,
    )


def messenger(
    port: int,
    encryption: Encryption = Encryption.NONE,
    *,
    trusted: ssl.SSLContext | None = None,
    user: str | None = None,
    password: str = PASSWORD,
    timeout_seconds: float = 10,
) -> SmtpMessenger:
    """Return one for a server on this machine."""
    server = MailServer(
        host="127.0.0.1", port=port, encryption=encryption, user=user, password=password
    )
    return SmtpMessenger(server, SENDER, trusted=trusted, timeout_seconds=timeout_seconds)


@contextmanager
def post_office(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: bool = False,
    utf8: bool = False,
) -> Iterator[PostOffice]:
    """Serve on a free port of the loopback until the end."""
    office = PostOffice()
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=login and starttls is not None,
            auth_require_tls=starttls is not None,
            authenticator=office.authenticate if login else None,
            enable_SMTPUTF8=utf8,
            loop=loop,
        )

    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))
    office.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield office
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    """Close the server and end what still runs for its connections."""
    server.close()
    running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@contextmanager
def rough_server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one connection after another by a function, on a free port that is returned."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    met, _ = listening.accept()
                except OSError:
                    return
                with met:
                    if not over.is_set():
                        answer(met)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        with socket.create_connection(listening.getsockname(), 10):
            pass
        thread.join(10)
