"""RapidOCR behind the recogniser's port, and a recogniser that is made of two."""

from contextlib import ExitStack
from functools import lru_cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from kasa.adapters.rapidocr.engine import prepare, read
from kasa.adapters.sandbox.pool import SandboxLimits, SandboxPool
from kasa.application.ports.recognizer import RecognizerFailed, TextRecognizer
from kasa.domain.payments.recognition import Effort, Reading

MEMORY_BYTES = 2 * 2**30
IDLE_SECONDS = 300
LIMITS = SandboxLimits(memory_bytes=MEMORY_BYTES, idle_seconds=IDLE_SECONDS)
NEEDED = ("rapidocr", "onnxruntime")
PACKAGED = ("*_det_*.onnx", "*_rec_*.onnx")


class SecondEngineMissing(RecognizerFailed):
    """The second engine is not installed: pip install 'kasa-till[ocr2]'."""

    code = "recognizer.second_engine_missing"


def packaged_models() -> tuple[str, str] | None:
    """Return the models of the installed wheel: one finds lines, the other reads them."""
    found = [find_spec(module) for module in NEEDED]
    origin = found[0].origin if all(found) and found[0] is not None else None
    if origin is None:
        return None
    folder = Path(origin).parent / "models"
    files = [sorted(folder.glob(pattern)) for pattern in PACKAGED]
    return (str(files[0][-1]), str(files[1][-1])) if all(files) else None


class RapidocrRecognizer:
    """Takes the last step of the ladder, in a child of its own pool (payments.md, section 12).

    Nothing is loaded before the first picture: the engine and its models live in the child alone,
    which the pool ends when no picture came for a while. Raises ``SecondEngineMissing`` where it
    is not installed.
    """

    def __init__(self, sandbox: SandboxPool) -> None:
        models = packaged_models()
        if models is None:
            raise SecondEngineMissing
        self._models = models
        self._sandbox = sandbox

    @property
    def available(self) -> frozenset[Effort]:
        """The last step alone."""
        return frozenset({Effort.SECOND_ENGINE})

    @property
    def versions(self) -> tuple[str, ...]:
        """Engine, its run time and its models, in one line."""
        return _versions(self._models)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the one reading of the last step, made in a child process."""
        if effort is not Effort.SECOND_ENGINE:
            return ()
        return self._sandbox.run(read, self._models, picture, turn)


class WithSecondOpinion:
    """Two recognisers as one: each step is taken by the first that has it."""

    def __init__(self, first: TextRecognizer, second: TextRecognizer) -> None:
        self._first = first
        self._second = second

    @property
    def available(self) -> frozenset[Effort]:
        """The steps of both."""
        return self._first.available | self._second.available

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of both."""
        return (*self._first.versions, *self._second.versions)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the readings of one step."""
        engine = self._first if effort in self._first.available else self._second
        return engine.recognize(picture, effort, turn=turn)


def with_second_opinion(first: TextRecognizer, opened: ExitStack) -> TextRecognizer:
    """Return a recogniser with the last step where its engine is installed, else the first alone.

    ``opened`` ends the second engine's child.
    """
    if packaged_models() is None:
        return first
    return WithSecondOpinion(first, RapidocrRecognizer(opened.enter_context(second_pool())))


def second_pool() -> SandboxPool:
    """Return the pool of the second engine: one child, which starts with the first picture."""
    models = packaged_models()
    if models is None:
        raise SecondEngineMissing
    return SandboxPool(limits=LIMITS, setup=partial(prepare, models))


@lru_cache(maxsize=2)
def _versions(models: tuple[str, str]) -> tuple[str, ...]:
    engine, runtime = (f"{module} {version(module)}" for module in NEEDED)
    return (f"{engine} on {runtime} with {' and '.join(Path(one).stem for one in models)}",)
