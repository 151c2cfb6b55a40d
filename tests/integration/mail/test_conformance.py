"""The suite of messengers over a mail server and over a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kasa.adapters.conformance.messenger import Arrived, MessengerConformance
from kasa.adapters.mail.folder import FolderMessenger
from kasa.adapters.mail.smtp import MailServer, SmtpMessenger
from kasa.application.ports.messenger import Messenger
from tests.integration.mail.post_office import PostOffice, post_office, read_mail

pytestmark = pytest.mark.integration

SENDER = "ហាង កាហ្វេ <mail@shop.example>"


class TestSmtpMessenger(MessengerConformance):
    """Mail by a server."""

    @pytest.fixture(autouse=True)
    def _open(self) -> Iterator[None]:
        with post_office() as office:
            self.office: PostOffice = office
            yield

    def make_ports(self) -> Messenger:
        """Return one for the server of this test."""
        return SmtpMessenger(MailServer.at(f"smtp://127.0.0.1:{self.office.port}"), SENDER)

    def arrived(self) -> list[Arrived]:
        """Return what the server has taken."""
        return self.office.arrived()


class TestFolderMessenger(MessengerConformance):
    """Mail into a folder."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "home" / "mail"

    def make_ports(self) -> Messenger:
        """Return one for a folder that does not exist yet."""
        return FolderMessenger(self.folder, SENDER)

    def arrived(self) -> list[Arrived]:
        """Return what stands in the folder."""
        return [read_mail(file.read_bytes()) for file in sorted(self.folder.glob("*"))]
