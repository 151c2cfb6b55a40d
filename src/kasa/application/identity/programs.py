"""Everything that can be done about the programs of a shop."""

import attrs

from kasa.application.identity.api_keys import EndApiKey, ListApiKeys, MakeApiKey, RotateApiKey
from kasa.application.identity.service_clients import (
    EndServiceClient,
    ListServiceClients,
    MakeServiceClient,
    RotateServiceClient,
)
from kasa.application.identity.service_tokens import GiveServiceToken
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Programs:
    """The use cases of API keys, service clients and their tokens."""

    make_key: MakeApiKey
    rotate_key: RotateApiKey
    end_key: EndApiKey
    list_keys: ListApiKeys
    make_client: MakeServiceClient
    rotate_client: RotateServiceClient
    end_client: EndServiceClient
    list_clients: ListServiceClients
    give_token: GiveServiceToken

    @classmethod
    def over(cls, ports: Ports) -> "Programs":
        """Build the use cases from their ports."""
        unit_of_work, clock = ports.unit_of_work, ports.clock
        ids, secrets = ports.ids, ports.secrets
        return cls(
            make_key=MakeApiKey(unit_of_work=unit_of_work, clock=clock, ids=ids, secrets=secrets),
            rotate_key=RotateApiKey(
                unit_of_work=unit_of_work, clock=clock, ids=ids, secrets=secrets
            ),
            end_key=EndApiKey(unit_of_work=unit_of_work, clock=clock),
            list_keys=ListApiKeys(unit_of_work=unit_of_work),
            make_client=MakeServiceClient(
                unit_of_work=unit_of_work, clock=clock, ids=ids, secrets=secrets
            ),
            rotate_client=RotateServiceClient(
                unit_of_work=unit_of_work, clock=clock, ids=ids, secrets=secrets
            ),
            end_client=EndServiceClient(unit_of_work=unit_of_work, clock=clock),
            list_clients=ListServiceClients(unit_of_work=unit_of_work),
            give_token=GiveServiceToken(
                unit_of_work=unit_of_work, tokens=ports.tokens, clock=clock
            ),
        )
