"""The parts that several use cases of people share, built once from their ports."""

import attrs

from kasa.application.identity.asking import Asking
from kasa.application.identity.beginning import Sessions
from kasa.application.identity.confirming import Confirm
from kasa.application.identity.factors import Factors
from kasa.application.identity.links import AskMagicLink, RedeemMagicLink
from kasa.application.identity.notices import Mails
from kasa.application.identity.passwords import ChangePassword, OwnPassword, ResetPassword
from kasa.application.identity.second_factors import ConfirmFactor, RemoveFactor
from kasa.application.identity.sessions import RefreshSession
from kasa.application.identity.signing_in import SignIn
from kasa.application.identity.signing_up import RedeemSignUp
from kasa.application.identity.throttling import Tries
from kasa.application.identity.watching import Watch
from kasa.application.identity.wishing import Wishes
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True, eq=False)
class Parts:
    """What the use cases of people are made of."""

    tries: Tries
    mails: Mails
    watch: Watch
    factors: Factors
    sessions: Sessions
    asking: Asking
    wishes: Wishes
    own_password: OwnPassword

    @classmethod
    def over(cls, ports: Ports) -> "Parts":
        """Build the parts from their ports."""
        tries = Tries(digests=ports.digests)
        mails = Mails(messenger=ports.messenger, box=ports.box, ids=ports.ids)
        watch = Watch(ids=ports.ids, tries=tries)
        return cls(
            tries=tries,
            mails=mails,
            watch=watch,
            factors=Factors(box=ports.box, tries=tries, mails=mails, watch=watch),
            sessions=Sessions(
                unit_of_work=ports.unit_of_work,
                tokens=ports.tokens,
                ids=ports.ids,
                secrets=ports.secrets,
                mails=mails,
                watch=watch,
            ),
            asking=Asking(tries=tries, mails=mails, ids=ports.ids, watch=watch),
            wishes=Wishes(blocklist=ports.blocklist),
            own_password=OwnPassword(
                unit_of_work=ports.unit_of_work,
                clock=ports.clock,
                passwords=ports.passwords,
                tries=tries,
            ),
        )

    def sign_in(self, ports: Ports) -> SignIn:
        """Build signing in by password."""
        return SignIn(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            passwords=ports.passwords,
            tries=self.tries,
            factors=self.factors,
            sessions=self.sessions,
            watch=self.watch,
        )

    def redeem_sign_up(self, ports: Ports) -> RedeemSignUp:
        """Build the end of signing up."""
        return RedeemSignUp(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            ids=ports.ids,
            passwords=ports.passwords,
            wishes=self.wishes,
            sessions=self.sessions,
        )

    def refresh(self, ports: Ports) -> RefreshSession:
        """Build keeping a sign-in alive."""
        return RefreshSession(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            secrets=ports.secrets,
            sessions=self.sessions,
            mails=self.mails,
            watch=self.watch,
        )

    def ask_magic_link(self, ports: Ports) -> AskMagicLink:
        """Build asking for a link."""
        return AskMagicLink(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            secrets=ports.secrets,
            codes=ports.one_time_codes,
            digests=ports.digests,
            asking=self.asking,
        )

    def redeem_magic_link(self, ports: Ports) -> RedeemMagicLink:
        """Build signing in by a link or code."""
        return RedeemMagicLink(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            digests=ports.digests,
            tries=self.tries,
            factors=self.factors,
            sessions=self.sessions,
            watch=self.watch,
        )

    def reset_password(self, ports: Ports) -> ResetPassword:
        """Build the end of a reset."""
        return ResetPassword(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            secrets=ports.secrets,
            passwords=ports.passwords,
            wishes=self.wishes,
            tries=self.tries,
            factors=self.factors,
            asking=self.asking,
            watch=self.watch,
        )

    def change_password(self, ports: Ports) -> ChangePassword:
        """Build changing one's own password."""
        return ChangePassword(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            passwords=ports.passwords,
            own=self.own_password,
            wishes=self.wishes,
            sessions=self.sessions,
            watch=self.watch,
        )

    def confirm(self, ports: Ports) -> Confirm:
        """Build proving once more who one is."""
        return Confirm(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            own=self.own_password,
            factors=self.factors,
            watch=self.watch,
        )

    def confirm_factor(self, ports: Ports) -> ConfirmFactor:
        """Build turning a second factor on."""
        return ConfirmFactor(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            box=ports.box,
            codes=ports.one_time_codes,
            tries=self.tries,
            sessions=self.sessions,
            mails=self.mails,
            watch=self.watch,
        )

    def remove_factor(self, ports: Ports) -> RemoveFactor:
        """Build turning a second factor off."""
        return RemoveFactor(
            unit_of_work=ports.unit_of_work,
            clock=ports.clock,
            sessions=self.sessions,
            mails=self.mails,
            watch=self.watch,
        )
