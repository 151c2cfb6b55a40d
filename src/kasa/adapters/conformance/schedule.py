"""What a schedule must do, however many workers ask it."""

from datetime import timedelta

import attrs
import pytest

from kasa.application.ports.bundle import Ports
from kasa.application.ports.schedule import Sweep, SweepFailed, SweepOutcome, Swept

NAME = "conformance.nightly"
OTHER = "conformance.other"
HALF_A_DAY = timedelta(hours=12)
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1, seconds=1)


@attrs.define
class Night:
    """Sweeps that come once a day, half a day from now, and what their runs answer."""

    ports: Ports
    sweeps: tuple[Sweep, ...]
    answers: dict[str, list[SweepOutcome]] = attrs.Factory(dict)
    ran: list[str] = attrs.Factory(list)

    @classmethod
    def over(cls, ports: Ports, *names: str) -> "Night":
        """Return the sweeps of some names."""
        at = ports.clock.now() - HALF_A_DAY
        cron = f"{at.minute} {at.hour} * * *"
        return cls(ports, tuple(Sweep(name=name, cron=cron) for name in names))

    def run(self, name: str) -> SweepOutcome:
        """Note a run, and answer what was prepared or that nothing was found."""
        self.ran.append(name)
        waiting = self.answers.get(name)
        return waiting.pop(0) if waiting else Swept(0)

    def pass_by(self) -> int:
        """Ask the schedule once."""
        return self.ports.schedule.run_due(self.sweeps, self.run)


class ScheduleConformance:
    """The schedule, asked again and again."""

    def make_ports(self) -> Ports:
        """Return the ports under test, with a schedule that has run nothing."""
        raise NotImplementedError

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Let the schedule believe that time went by, or back when it is negative."""
        raise NotImplementedError

    def night(self, *names: str) -> Night:
        """Return nightly sweeps over fresh ports."""
        return Night.over(self.make_ports(), *(names or (NAME,)))

    def test_a_period_is_run_once(self) -> None:
        """However often it is asked, a schedule runs a period one time."""
        night = self.night()
        assert [night.pass_by() for _ in range(3)] == [1, 0, 0]
        assert night.ran == [NAME]

    def test_the_next_period_is_run_again(self) -> None:
        """A day later the sweep of a day is due."""
        night = self.night()
        night.pass_by()
        self.pass_time(night.ports, A_DAY)
        assert [night.pass_by() for _ in range(2)] == [1, 0]

    def test_what_was_missed_is_caught_up_once(self) -> None:
        """After days without a worker a sweep is run one time, for the newest period."""
        night = self.night()
        night.pass_by()
        self.pass_time(night.ports, 5 * A_DAY)
        assert [night.pass_by() for _ in range(2)] == [1, 0]

    def test_what_came_of_it_is_shown(self) -> None:
        """The newest period, how long it took, and what was found."""
        night = self.night()
        assert night.ports.schedule.runs() == ()
        night.answers[NAME] = [Swept(7)]
        night.pass_by()
        (told,) = night.ports.schedule.runs()
        assert (told.name, told.found, told.code, told.failures) == (NAME, 7, None, 0)
        assert told.period == night.sweeps[0].latest(told.ended_at)
        assert timedelta() <= told.took < A_MINUTE

    def test_a_failure_is_shown_and_tried_again(self) -> None:
        """One that failed is not run at once, but after a minute, and then after two."""
        night = self.night()
        night.answers[NAME] = [SweepFailed("store.unavailable"), SweepFailed("job.bug"), Swept(1)]
        assert [night.pass_by() for _ in range(2)] == [1, 0]
        (told,) = night.ports.schedule.runs()
        assert (told.code, told.failures) == ("store.unavailable", 1)
        self.pass_time(night.ports, A_MINUTE)
        assert [night.pass_by() for _ in range(2)] == [1, 0]
        self.pass_time(night.ports, A_MINUTE)
        assert night.pass_by() == 0
        self.pass_time(night.ports, A_MINUTE)
        assert [night.pass_by() for _ in range(2)] == [1, 0]
        (told,) = night.ports.schedule.runs()
        assert (told.code, told.failures, told.found) == (None, 0, 1)

    def test_one_that_fails_stops_no_other(self) -> None:
        """Every sweep that is due is run."""
        night = self.night(NAME, OTHER)
        night.answers[NAME] = [SweepFailed("job.bug")]
        assert night.pass_by() == 2
        assert [row.code for row in night.ports.schedule.runs()] == ["job.bug", None]

    def test_while_it_runs_nobody_else_runs_it(self) -> None:
        """A second worker goes past a sweep that runs, and on to the others."""
        night = self.night(NAME, OTHER)
        counts: list[int] = []

        def run(name: str) -> SweepOutcome:
            if name == NAME:
                counts.append(night.pass_by())
            return Swept(0)

        assert night.ports.schedule.run_due(night.sweeps, run) == 1
        assert (counts, night.ran) == ([1], [OTHER])

    def test_one_that_is_cut_off_is_run_by_another(self) -> None:
        """Nothing is remembered of a run that did not come to its end."""
        night = self.night()

        def cut_off(_: str) -> SweepOutcome:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            night.ports.schedule.run_due(night.sweeps, cut_off)
        assert night.ports.schedule.runs() == ()
        assert night.pass_by() == 1

    @pytest.mark.B8
    @pytest.mark.parametrize("days", [1, 400])
    def test_a_clock_that_was_set_back_stops_nothing(self, days: int) -> None:
        """What ran by a clock that was ahead is run again by the right one, and then once a day."""
        night = self.night()
        night.pass_by()
        self.pass_time(night.ports, -days * A_DAY)
        assert [night.pass_by() for _ in range(2)] == [1, 0]
        self.pass_time(night.ports, A_DAY)
        assert [night.pass_by() for _ in range(2)] == [1, 0]

    @pytest.mark.B8
    def test_a_failure_ahead_of_the_clock_is_tried_again(self) -> None:
        """A failure that happened by a clock that was ahead does not wait until it comes."""
        night = self.night()
        night.answers[NAME] = [SweepFailed("job.bug")]
        night.pass_by()
        self.pass_time(night.ports, -A_DAY)
        assert night.pass_by() == 1
