"""The suite of messengers over memory."""

from kasa.adapters.conformance.messenger import Arrived, MessengerConformance
from kasa.adapters.memory.messenger import RecordingMessenger
from kasa.application.ports.messenger import Messenger


class TestRecordingMessenger(MessengerConformance):
    """The messenger that keeps what it is given."""

    def make_ports(self) -> Messenger:
        """Return a fresh one."""
        self.made = RecordingMessenger()
        return self.made

    def arrived(self) -> list[Arrived]:
        """Return what was kept."""
        return [
            Arrived(
                address=one.recipient.address,
                subject=one.message.subject,
                text=one.message.text,
                id=one.key,
                files=tuple((it.name, it.media_type, it.data) for it in one.message.attachments),
            )
            for one in self.made.delivered
        ]
