"""Messages in a list, and a channel that fails when it is told to."""

from threading import Lock

import attrs

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.messenger import ChannelUnavailable, Rejected, Sent
from kasa.domain.channels.message import ChannelCapabilities, ChannelKind, Message, Recipient
from kasa.domain.kernel.errors import KasaError

RECORDED = ChannelCapabilities(can_start_conversation=True, document_out=True)


@attrs.frozen(kw_only=True)
class Delivered:
    """A message that arrived, and the key that it was sent under."""

    recipient: Recipient
    message: Message
    key: str


class RecordingMessenger:
    """Keeps what it is given; ``fails`` is raised instead, once for each entry."""

    def __init__(self, *channels: ChannelKind) -> None:
        self.channels = frozenset(channels or (ChannelKind.MAIL,))
        self.delivered: list[Delivered] = []
        self.fails: list[KasaError] = []
        self._lock = Lock()

    def capabilities(self, channel: ChannelKind) -> ChannelCapabilities | None:
        """Return what a channel can do, or None when it is not among those given."""
        return RECORDED if channel in self.channels else None

    def send(self, recipient: Recipient, message: Message, key: str) -> Sent:
        """Keep a message, once for its key."""
        self.ping(recipient.channel)
        with self._lock:
            if key not in {one.key for one in self.delivered}:
                self.delivered.append(Delivered(recipient=recipient, message=message, key=key))
        return Sent(provider_id=key)

    def edit(self, recipient: Recipient, sent: Sent, message: Message) -> None:  # noqa: ARG002 # what was sent stays
        """Refuse: what was written down stays."""
        refuse_inside_unit_of_work()
        raise Rejected(channel=recipient.channel.value)

    def ping(self, channel: ChannelKind) -> None:
        """Return, or raise the next failure."""
        refuse_inside_unit_of_work()
        if channel not in self.channels:
            raise ChannelUnavailable(channel=channel.value)
        if self.fails:
            raise self.fails.pop(0)


class NoMessenger:
    """Reaches nobody: no channel is set up."""

    def capabilities(self, channel: ChannelKind) -> ChannelCapabilities | None:  # noqa: ARG002 # none can be used
        """Return None."""
        return None

    def send(self, recipient: Recipient, message: Message, key: str) -> Sent:  # noqa: ARG002 # nothing is sent
        """Raise ``channel.unavailable``."""
        refuse_inside_unit_of_work()
        raise ChannelUnavailable(channel=recipient.channel.value)

    def edit(self, recipient: Recipient, sent: Sent, message: Message) -> None:  # noqa: ARG002 # nothing was sent
        """Raise ``channel.unavailable``."""
        refuse_inside_unit_of_work()
        raise ChannelUnavailable(channel=recipient.channel.value)

    def ping(self, channel: ChannelKind) -> None:
        """Raise ``channel.unavailable``."""
        raise ChannelUnavailable(channel=channel.value)
