"""The source tree as the house tests see it: parsed once, never imported."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from tests.places import ROOT

SRC = ROOT / "src"
CONTEXTS = frozenset(
    {
        "assistant",
        "channels",
        "files",
        "identity",
        "inventory",
        "invoicing",
        "marketing",
        "marketplaces",
        "payments",
        "subscriptions",
        "tenancy",
    }
)
OUTSIDE_CONTEXTS = CONTEXTS | {"operations"}
PUBLISHED = frozenset(
    {
        "kasa.domain.identity.access",
        "kasa.domain.subscriptions.plan",
        "kasa.domain.files.file",
        "kasa.domain.channels.message",
        "kasa.domain.tenancy.tenant",
    }
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen(kw_only=True, eq=False)
class Module:
    """One file of Python."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.splitlines()

    @property
    def where(self) -> str:
        """How a message names it."""
        return str(self.path.relative_to(ROOT))

    def imports(self) -> Iterator[tuple[str, str | None]]:
        """Yield every import as module and name; the name is None when the module is imported."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, None) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                yield from ((node.module, alias.name) for alias in node.names)

    def imported(self) -> dict[str, str]:
        """Map every name imported by ``from`` to the module it comes from."""
        return {name: source for source, name in self.imports() if name is not None}

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def classes(self) -> Iterator[ast.ClassDef]:
        """Yield every class at the top of the module."""
        return (node for node in self.tree.body if isinstance(node, ast.ClassDef))


def _read(root: Path, base: Path) -> tuple[Module, ...]:
    paths = sorted(path for path in root.rglob("*.py") if "__pycache__" not in path.parts)
    return tuple(_module(path, base) for path in paths)


def _module(path: Path, base: Path) -> Module:
    parts = path.relative_to(base).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name=name, path=path, text=text, tree=ast.parse(text))


KASA = _read(SRC / "kasa", SRC)
TESTS = _read(ROOT / "tests", ROOT)


def within(*packages: str) -> list[Module]:
    """Return the modules of some packages of kasa, each named without ``kasa.``."""
    names = tuple(f"kasa.{package}" for package in packages)
    return [module for module in KASA if any(f"{module.name}.".startswith(f"{n}.") for n in names)]


def context_of(module: str, layer: str) -> str | None:
    """Return the context word of a dotted module name inside a layer, or None."""
    prefix = f"kasa.{layer}."
    if not module.startswith(prefix):
        return None
    word = module.removeprefix(prefix).partition(".")[0]
    return word if word in OUTSIDE_CONTEXTS else None


def words(annotation: ast.expr | None) -> Iterator[str]:
    """Yield every name that occurs in an annotation."""
    if annotation is None:
        return
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from words(ast.parse(node.value, mode="eval").body)


def methods(cls: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Yield the methods that a class defines itself."""
    return (node for node in cls.body if isinstance(node, ast.FunctionDef))


def body(function: Function) -> list[ast.stmt]:
    """Return the statements of a function without its docstring."""
    return function.body[1:] if ast.get_docstring(function) else function.body


def is_method_call(node: ast.AST, owner: str, method: str) -> bool:
    """Tell whether a node is ``owner.method(...)``, both plain names."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == owner
    )


def is_self_attribute(node: ast.AST, name: str) -> bool:
    """Tell whether a node is ``self.name``."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def told(faults: Iterable[str]) -> str:
    """Return the faults as the message of a failed rule, empty when there are none."""
    return "\n".join(sorted(set(faults)))
