"""What the event log must do for those who read it."""

from kasa.adapters.conformance.stage import Stage, reaction, word
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.domain.tenancy.events import TenantChanged


class EventsConformance:
    """The audit trail, in pages."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return the ports under test, whose events start these reactions and no others."""
        raise NotImplementedError

    def test_the_trail_is_paged_newest_first(self) -> None:
        """Pages follow each other without gap or repeat, filtered as asked."""
        stage = Stage.over(self.make_ports, reaction())
        stage.say(*"abcde")
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            page = view.events.trail(kinds=(TenantChanged.kind,), limit=2)
            rows = list(page.items)
            while page.next is not None:
                page = view.events.trail(kinds=(TenantChanged.kind,), limit=2, after=page.next)
                rows += page.items
            assert [word(row.event) for row in rows if isinstance(row.event, TenantChanged)] == [
                *"edcba"
            ]
            assert view.events.trail(until=rows[-1].at, kinds=(TenantChanged.kind,)).items == ()
            since = view.events.trail(since=rows[-1].at, kinds=(TenantChanged.kind,))
            assert len(since.items) == 5
            assert len(view.events.trail(by=stage.owner.user).items) == 6
            assert view.events.trail(by=stage.ports.ids.new(rows[0].at)).items == ()
