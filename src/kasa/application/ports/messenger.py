"""Sending messages to people, by whichever channel reaches them."""

from typing import Protocol

import attrs

from kasa.domain.channels.message import ChannelCapabilities, ChannelKind, Message, Recipient
from kasa.domain.kernel.errors import Conflict, Unavailable


class ChannelUnavailable(Unavailable):
    """The channel cannot be used now, or is not set up here."""

    code = "channel.unavailable"


class Unknown(Unavailable):
    """The message may have arrived: the connection was lost before the answer came."""

    code = "channel.unknown"


class LoginRefused(Unavailable):
    """The channel does not take the name and password of this installation."""

    code = "channel.login_refused"


class NotEncrypted(Unavailable):
    """The channel offers no encryption, or cannot prove who it is; nothing was sent."""

    code = "channel.not_encrypted"


class Blocked(Conflict):
    """The person does not want messages from here."""

    code = "channel.blocked"


class Gone(Conflict):
    """The address does not exist any more."""

    code = "channel.gone"


class Rejected(Conflict):
    """The channel refuses this message, now and later."""

    code = "channel.rejected"


OPERATORS_ALONE = (LoginRefused, NotEncrypted)
"""Lacks that pass only when the operator of the installation mends them."""


@attrs.frozen(kw_only=True)
class Sent:
    """A message that the channel has taken; ``provider_id`` names it there."""

    provider_id: str


class Messenger(Protocol):
    """Sends messages; slow, so no unit of work may be open.

    A call takes at most about half a minute. Nothing but the errors named here is raised.
    """

    def capabilities(self, channel: ChannelKind) -> ChannelCapabilities | None:
        """Return what a channel can do, or None when nobody can be reached by it here."""

    def send(self, recipient: Recipient, message: Message, key: str) -> Sent:
        """Hand a message over; the same key names the same message, however often it is sent.

        A channel that knows keys delivers it once. One that does not (mail) gives each repeat the
        same identifier, by which the recipient's side tells them apart. Raises
        ``ChannelUnavailable``, ``LoginRefused`` and ``NotEncrypted`` (nothing was sent),
        ``Unknown`` (it may have arrived), ``Blocked``, ``Gone`` and ``Rejected`` (it never will).
        """

    def edit(self, recipient: Recipient, sent: Sent, message: Message) -> None:
        """Change a message that was sent, or raise ``Rejected`` where a channel cannot."""

    def ping(self, channel: ChannelKind) -> None:
        """Return when the channel would take a message now, else raise why not."""
