"""What somebody types never becomes a header, a command or another recipient."""

import pytest

from kasa.application.ports.messenger import Rejected
from kasa.domain.channels.message import ChannelKind, Message, Recipient
from kasa.domain.kernel.errors import Invalid
from tests.integration.mail.post_office import (
    DARA,
    HELLO,
    KEY,
    content_of,
    messenger,
    parsed,
    post_office,
)

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: evil@x.example", "Hi\nX: y", "Hi\0", "a\x85b", "Hi\x0bBcc: x"]
)
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    """A subject with anything but one line is refused before it reaches a channel."""
    with pytest.raises(Invalid):
        Message(subject=subject, text="x")


def test_separators_of_lines_stay_inside_a_subject() -> None:
    """Signs that some call the end of a line travel encoded, and add no header."""
    with post_office() as office:
        subject = "a\u2028Bcc: evil@x.example\u2029b"
        messenger(office.port).send(DARA, Message(subject=subject, text="x"), KEY)
        mail = parsed(content_of(office.taken[0]))
        assert None is mail["Bcc"]
        assert [DARA.address] == office.taken[0].rcpt_tos


def test_a_text_cannot_end_the_mail() -> None:
    """A lone dot, and commands after it, are text: one mail arrives, whole."""
    text = "before\n.\nMAIL FROM:<evil@x.example>\n..\n.after"
    with post_office() as office:
        messenger(office.port).send(DARA, Message(text=text), KEY)
        assert [text] == [one.text.strip() for one in office.arrived()]


NO_ADDRESSES = (
    "dara",
    "dara@",
    "@shop.example",
    "da ra@shop.example",
    "dara@shop.example>, <evil@x.example",
    "dara@shop.example,evil@x.example",
    "dara@shop.example NOTIFY=NEVER",
    '"da ra"@shop.example',
    "<dara@shop.example>",
    "dara@[127.0.0.1]",
    "dara@shop..example",
    "a@b@shop.example",
    "da..ra@shop.example",
    ".dara@shop.example",
    "dara.@shop.example",
    "d" * 65 + "@shop.example",
    "dara@" + "a." * 130 + "example",
    "dara@shop.example\u2028RCPT TO:<evil@x.example>",
)


def test_what_is_no_address_goes_nowhere() -> None:
    """What is not one plain address of one mailbox is refused, and the server hears nothing."""
    with post_office() as office:
        made = messenger(office.port)
        for address in NO_ADDRESSES:
            with pytest.raises(Rejected):
                made.send(Recipient(channel=ChannelKind.MAIL, address=address), HELLO, KEY)
        assert [] == office.taken


def test_a_host_in_khmer_travels_in_ascii() -> None:
    """The name of a host in another script is sent in the form that name servers know."""
    with post_office() as office:
        messenger(office.port).send(
            Recipient(channel=ChannelKind.MAIL, address="dara@ហាង.example"), HELLO, KEY
        )
        local, _, host = office.taken[0].rcpt_tos[0].partition("@")
        assert ("dara", "xn--", "ហាង.example") == (local, host[:4], host.encode().decode("idna"))


@pytest.mark.parametrize("utf8", [True, False])
def test_a_name_in_khmer_wants_a_server_that_knows_it(*, utf8: bool) -> None:
    """An address in Khmer goes where the server says SMTPUTF8, and is refused elsewhere."""
    somebody = Recipient(channel=ChannelKind.MAIL, address="ដារ៉ា@shop.example")
    with post_office(utf8=utf8) as office:
        if utf8:
            messenger(office.port).send(somebody, HELLO, KEY)
            assert [somebody.address] == office.taken[0].rcpt_tos
            assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(office.options[0])
        else:
            with pytest.raises(Rejected):
                messenger(office.port).send(somebody, HELLO, KEY)
            assert [] == office.taken


def test_a_mail_says_that_a_machine_wrote_it() -> None:
    """Answering machines are told not to answer, readers in which language it is."""
    with post_office() as office:
        khmer = Message(subject="x", text="សួស្តី", language="km")
        messenger(office.port).send(DARA, khmer, KEY)
        data = content_of(office.taken[0])
        mail = parsed(data)
        assert ("auto-generated", "km") == (mail["Auto-Submitted"], mail["Content-Language"])
        assert data.isascii()
