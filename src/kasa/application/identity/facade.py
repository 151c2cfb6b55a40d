"""Everything that can be done for people."""

import attrs

from kasa.application.identity.admitting import Admit, Verified
from kasa.application.identity.alerting import TellOperator
from kasa.application.identity.built import Parts
from kasa.application.identity.confirming import Confirm
from kasa.application.identity.forgetting import ForgetProofs
from kasa.application.identity.links import AskMagicLink, RedeemMagicLink
from kasa.application.identity.mails import SendMail
from kasa.application.identity.operators import Operators
from kasa.application.identity.owner_notices import TellOwners
from kasa.application.identity.passwords import AskReset, ChangePassword, ResetPassword
from kasa.application.identity.profile import (
    AskEmail,
    ChangeMe,
    EndIdentity,
    OwnAccount,
    RedeemEmail,
)
from kasa.application.identity.programs import Programs
from kasa.application.identity.second_factors import ConfirmFactor, EnrolFactor, RemoveFactor
from kasa.application.identity.sessions import (
    EndSession,
    RefreshSession,
    SignOut,
    SignOutEverywhere,
    SwitchTenant,
)
from kasa.application.identity.signing_in import SignIn
from kasa.application.identity.signing_up import AskSignUp, RedeemSignUp
from kasa.application.identity.staff import Staff
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.mail import MailKind


@attrs.frozen(kw_only=True)
class Identity:
    """The use cases of people; send_mail and tell_account are reactions."""

    verified: Verified
    admit: Admit
    staff: Staff
    programs: Programs
    operators: Operators
    send_mail: SendMail
    ask_sign_up: AskSignUp
    redeem_sign_up: RedeemSignUp
    sign_in: SignIn
    refresh: RefreshSession
    sign_out: SignOut
    sign_out_everywhere: SignOutEverywhere
    ask_magic_link: AskMagicLink
    redeem_magic_link: RedeemMagicLink
    ask_reset: AskReset
    reset_password: ResetPassword
    change_password: ChangePassword
    confirm: Confirm
    enrol_factor: EnrolFactor
    confirm_factor: ConfirmFactor
    remove_factor: RemoveFactor
    switch_tenant: SwitchTenant
    end_session: EndSession
    change_me: ChangeMe
    ask_email: AskEmail
    redeem_email: RedeemEmail
    end_identity: EndIdentity
    own: OwnAccount
    forget_proofs: ForgetProofs
    tell_account: TellOwners
    tell_operator: TellOperator

    @classmethod
    def over(cls, ports: Ports) -> "Identity":
        """Build the use cases from their ports."""
        parts = Parts.over(ports)
        units, clock, secrets = ports.unit_of_work, ports.clock, ports.secrets
        watch, asking, sessions = parts.watch, parts.asking, parts.sessions
        return cls(
            send_mail=_send_mail(ports),
            tell_account=_tell_account(ports),
            tell_operator=TellOperator(
                unit_of_work=ports.unit_of_work,
                box=ports.box,
                clock=ports.clock,
                address=ports.operator_mail,
            ),
            verified=Verified(tokens=ports.tokens, clock=clock),
            admit=Admit(
                admissions=ports.admissions, unit_of_work=units, clock=clock, ids=ports.ids
            ),
            staff=Staff.over(ports, parts),
            programs=Programs.over(ports),
            operators=Operators.over(ports),
            ask_sign_up=AskSignUp(
                unit_of_work=units, clock=clock, ids=ports.ids, secrets=secrets, asking=asking
            ),
            redeem_sign_up=parts.redeem_sign_up(ports),
            sign_in=parts.sign_in(ports),
            refresh=parts.refresh(ports),
            sign_out=SignOut(unit_of_work=units, clock=clock, watch=watch),
            sign_out_everywhere=SignOutEverywhere(unit_of_work=units, clock=clock, watch=watch),
            ask_magic_link=parts.ask_magic_link(ports),
            redeem_magic_link=parts.redeem_magic_link(ports),
            ask_reset=AskReset(unit_of_work=units, clock=clock, secrets=secrets, asking=asking),
            reset_password=parts.reset_password(ports),
            change_password=parts.change_password(ports),
            confirm=parts.confirm(ports),
            enrol_factor=EnrolFactor(
                unit_of_work=units, clock=clock, box=ports.box, codes=ports.one_time_codes
            ),
            confirm_factor=parts.confirm_factor(ports),
            remove_factor=parts.remove_factor(ports),
            switch_tenant=SwitchTenant(unit_of_work=units, clock=clock, sessions=sessions),
            end_session=EndSession(unit_of_work=units, clock=clock, watch=watch),
            change_me=ChangeMe(unit_of_work=units),
            ask_email=AskEmail(unit_of_work=units, clock=clock, secrets=secrets, asking=asking),
            redeem_email=RedeemEmail(unit_of_work=units, clock=clock, watch=watch),
            end_identity=EndIdentity(unit_of_work=units, clock=clock, asking=asking, watch=watch),
            own=OwnAccount(unit_of_work=units, clock=clock),
            forget_proofs=ForgetProofs(unit_of_work=units, clock=clock),
        )


def _send_mail(ports: Ports) -> SendMail:
    return SendMail(
        unit_of_work=ports.unit_of_work,
        messenger=ports.messenger,
        wording=ports.wording,
        box=ports.box,
        clock=ports.clock,
        public_url=ports.public_url,
    )


def _tell_account(ports: Ports) -> TellOwners:
    return TellOwners(
        kind=MailKind.RECEIVING_ACCOUNT,
        unit_of_work=ports.unit_of_work,
        messenger=ports.messenger,
        box=ports.box,
        clock=ports.clock,
    )
