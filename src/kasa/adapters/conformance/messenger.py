"""What every adapter that sends messages has to do."""

import attrs
import pytest

from kasa.application.ports.messenger import ChannelUnavailable, Messenger, Rejected, Sent
from kasa.domain.channels.message import Attachment, ChannelKind, Message, Recipient

KHMER_SUBJECT = "តំណសម្រាប់ចូលគណនី"
LINK = "http://127.0.0.1:8000/x?token=a_b-c=d."
KHMER_TEXT = f"សួស្តី!\n\nសូមបើកតំណនេះ៖\n\n{LINK}\n.\n..\nFrom here\n"
PDF = Attachment(name="វិក្កយបត្រ 7.pdf", media_type="application/pdf", data=bytes(range(256)) * 9)


@attrs.frozen(kw_only=True)
class Arrived:
    """A message as its recipient reads it; ``id`` is what tells a repeat from another one."""

    address: str
    subject: str
    text: str
    id: str
    files: tuple[tuple[str, str, bytes], ...] = ()


class MessengerConformance:
    """The rules of ``ports.messenger.Messenger``; a subclass makes one and reads what arrived."""

    channel = ChannelKind.MAIL
    address = "sok.dara@shop.example"

    def make_ports(self) -> Messenger:
        """Return a messenger of an empty, working channel."""
        raise NotImplementedError

    def arrived(self) -> list[Arrived]:
        """Return what the recipients' side has now, a repeat of the same message once."""
        raise NotImplementedError

    def recipient(self) -> Recipient:
        """Return somebody whom the channel reaches."""
        return Recipient(channel=self.channel, address=self.address)

    @pytest.mark.parametrize(
        ("subject", "text"),
        [("Sign in", "Open this link."), (KHMER_SUBJECT, KHMER_TEXT), ("", "x" * 400)],
    )
    def test_words_arrive_as_they_were_said(self, subject: str, text: str) -> None:
        """Subject and text arrive letter by letter, in English and Khmer."""
        messenger = self.make_ports()
        message = Message(subject=subject, text=text)
        messenger.send(self.recipient(), message, "event:reaction")
        (one,) = self.arrived()
        assert (self.address, message.subject, message.text) == (
            one.address,
            one.subject,
            one.text.strip(),
        )

    def test_files_arrive_whole(self) -> None:
        """A file arrives with its name, its type and every byte."""
        messenger = self.make_ports()
        able = messenger.capabilities(self.channel)
        assert able is not None
        if not able.document_out:
            return
        message = Message(text="Your invoice", attachments=(PDF,))
        messenger.send(self.recipient(), message, "event:reaction")
        (one,) = self.arrived()
        assert ((PDF.name, PDF.media_type, PDF.data),) == one.files

    def test_a_repeat_is_the_same_message(self) -> None:
        """What is sent again under its key is the same message there; another key is another."""
        messenger, message = self.make_ports(), Message(subject="One", text="once")
        first = messenger.send(self.recipient(), message, "event:reaction")
        assert first == messenger.send(self.recipient(), message, "event:reaction")
        assert 1 == len(self.arrived())
        second = messenger.send(self.recipient(), message, "other:reaction")
        assert first != second
        assert 2 == len({one.id for one in self.arrived()})

    def test_a_channel_that_is_not_here(self) -> None:
        """A channel of which nothing is known has no capabilities, and is unavailable."""
        messenger = self.make_ports()
        for other in set(ChannelKind) - {self.channel}:
            if messenger.capabilities(other) is not None:
                continue
            for ask in (
                lambda other=other: messenger.ping(other),
                lambda other=other: messenger.send(
                    Recipient(channel=other, address="1"), Message(text="x"), "k"
                ),
            ):
                with pytest.raises(ChannelUnavailable):
                    ask()
        assert [] == self.arrived()

    def test_what_cannot_be_edited_is_refused(self) -> None:
        """A channel without edits refuses one, and the message stays as it was."""
        messenger = self.make_ports()
        able = messenger.capabilities(self.channel)
        assert able is not None
        if able.edit_message:
            return
        sent = messenger.send(self.recipient(), Message(text="first"), "event:reaction")
        with pytest.raises(Rejected):
            messenger.edit(self.recipient(), sent, Message(text="second"))
        assert ["first"] == [one.text.strip() for one in self.arrived()]

    def test_asking_how_it_is_sends_nothing(self) -> None:
        """A channel that works says so without a message."""
        messenger = self.make_ports()
        messenger.ping(self.channel)
        assert [] == self.arrived()

    def test_an_answer_names_the_message(self) -> None:
        """What was sent has a name at the channel that is not empty."""
        sent = self.make_ports().send(self.recipient(), Message(text="x"), "event:reaction")
        assert isinstance(sent, Sent)
        assert "" != sent.provider_id
