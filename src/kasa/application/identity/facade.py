"""Everything that can be done for people."""

import attrs

from kasa.application.identity.admitting import Admit, Verified
from kasa.application.identity.mails import SendMail
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Identity:
    """The use cases of people; send_mail is a reaction."""

    verified: Verified
    admit: Admit
    send_mail: SendMail

    @classmethod
    def over(cls, ports: Ports) -> "Identity":
        """Build the use cases from their ports."""
        return cls(
            verified=Verified(tokens=ports.tokens, clock=ports.clock),
            admit=Admit(admissions=ports.admissions, clock=ports.clock),
            send_mail=SendMail(
                unit_of_work=ports.unit_of_work,
                messenger=ports.messenger,
                wording=ports.wording,
                box=ports.box,
                clock=ports.clock,
                public_url=ports.public_url,
            ),
        )
