"""What the queue must do with the jobs of a shop that goes."""

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.stage import FIRST, Script, Stage, reaction
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Done, Job
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.errors import Conflict


class ShopJobsConformance:
    """The jobs of one shop, removed together."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports under test, whose events start these reactions and no others."""
        raise NotImplementedError

    @pytest.mark.G8
    def test_the_jobs_of_a_shop_go_with_it(self) -> None:
        """Those that wait, are done or gave up are removed; those of another shop stay."""
        stage = Stage.over(self.make_ports, reaction(), first=Script({"a": [Conflict()]}))
        stage.say("a", "b")
        stage.drain()
        stage.say("c")
        other = attrs.evolve(stage, owner=new_shop(stage.ports))
        other.say("d")
        assert stage.ports.worker.remove_all(stage.owner.tenant) >= 2
        assert stage.ports.worker.remove_all(stage.owner.tenant) == 0
        assert stage.failed() == []
        assert other.drain() == [(FIRST, "d")]

    @pytest.mark.G8
    def test_a_running_job_is_left_to_its_end(self) -> None:
        """While one runs, the shop's jobs cannot all be removed, and that is said."""
        stage, said = Stage.over(self.make_ports, reaction()), []

        def asking(_: Job) -> Done:
            try:
                stage.ports.worker.remove_all(stage.owner.tenant)
            except StoreBusy as busy:
                said.append(busy.code)
            return Done()

        stage.say("a")
        stage.ports.worker.drain(asking)
        assert said == ["store.busy"]
        stage.ports.worker.remove_all(stage.owner.tenant)
