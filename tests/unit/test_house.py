"""Rules of the house that no import linter knows: purity, sizes, words, third parties.

The walls between contexts, the shape of use cases, the twins of ports and the registers are in
``tests/unit/house``.
"""

import ast
import configparser
import re
import sys
from collections.abc import Iterator

import pytest

from tests.places import ROOT
from tests.unit.house.source import KASA, TESTS, Function, Module, told, within

LINES_MAX = 300
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100
POSITIONAL_MAX = 4
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "shared"}
READS_THE_CLOCK = {"now", "utcnow", "today"}
INEXACT = {"float", "uuid1", "uuid4"}
PRAGMA = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)(?P<rest>.*)$")


def _impure(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=name):
            return name if name in READS_THE_CLOCK else None
        case ast.Call(func=ast.Name(id="open" | "print" | "round" as name)):
            return name
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name if name in INEXACT else None
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "/"
        case ast.Constant(value=float()):
            return "a literal with a decimal point"
    return None


def test_domain_and_application_are_exact_and_pure() -> None:
    """Domain and application have no clock, randomness, disk, floats or division of their own."""
    faults = (
        f"{module.where}:{getattr(node, 'lineno', 0)} uses {word}"
        for module in within("domain", "application")
        for node in ast.walk(module.tree)
        if (word := _impure(node)) is not None
    )
    assert told(faults) == ""


def _undocumented(module: Module) -> Iterator[str]:
    if ast.get_docstring(module.tree) is None:
        yield f"{module.where}: the module"
    public = [cls for cls in module.classes() if not cls.name.startswith("_")]
    for body in [module.tree.body, *(cls.body for cls in public)]:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_") or _is_overload(node):
                continue
            if ast.get_docstring(node) is None:
                yield f"{module.where}:{node.lineno} {node.name}"


def _is_overload(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(item, ast.Name) and item.id == "overload" for item in decorators)


def test_every_public_name_is_documented() -> None:
    """Every module, public class and public function has a docstring."""
    assert told(fault for module in KASA for fault in _undocumented(module)) == ""


def test_modules_are_short() -> None:
    """A module, of kasa or of its tests, has at most 300 lines."""
    faults = (
        f"{module.where} has {len(module.lines)} lines"
        for module in (*KASA, *TESTS)
        if len(module.lines) > LINES_MAX
    )
    assert told(faults) == ""


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_functions_are_short() -> None:
    """A function has at most 60 lines."""
    faults = (
        f"{module.where}:{function.lineno} {function.name} has {_length(function)} lines"
        for module in (*KASA, *TESTS)
        for function in module.functions()
        if _length(function) > FUNCTION_LINES_MAX
    )
    assert told(faults) == ""


def test_lines_are_narrow() -> None:
    """A line has at most 100 columns, a pragma and its reason not counted."""
    faults = (
        f"{module.where}:{number} has {len(line)} columns"
        for module in (*KASA, *TESTS)
        for number, line in enumerate(module.lines, 1)
        if len(PRAGMA.sub("", line)) > COLUMNS_MAX
    )
    assert told(faults) == ""


def test_packages_hold_a_docstring_and_no_import() -> None:
    """Every ``__init__.py`` explains its package and imports nothing."""
    faults = (
        f"{module.where}"
        for module in KASA
        if module.path.name == "__init__.py"
        and (list(module.imports()) or ast.get_docstring(module.tree) is None)
    )
    assert told(faults) == ""


def test_every_package_has_its_init() -> None:
    """Every folder of Python under ``src`` is a package."""
    folders = {module.path.parent for module in KASA if "migrations" not in module.path.parts}
    assert told(str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").is_file()) == (
        ""
    )


def _positional(function: Function) -> int:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return len([one for one in arguments if one.arg not in {"self", "cls"}])


def test_functions_take_few_positional_arguments() -> None:
    """At most four arguments are positional; the others are named by the caller."""
    faults = (
        f"{module.where}:{function.lineno} {function.name} takes {_positional(function)}"
        for module in KASA
        for function in module.functions()
        if _positional(function) > POSITIONAL_MAX and not _is_command(function)
    )
    assert told(faults) == ""


def _is_command(function: Function) -> bool:
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_names_say_what_is_inside() -> None:
    """No module is called utils, helpers, common, base, manager or the like."""
    assert told(m.where for m in KASA if VAGUE & set(m.name.split("."))) == ""


def _bases(modules: tuple[Module, ...]) -> dict[str, list[str]]:
    return {
        cls.name: [word for base in cls.bases for word in [ast.unparse(base).split("[")[0]]]
        for module in modules
        for cls in module.classes()
    }


def test_nothing_inherits_but_errors_events_enums_protocols_and_suites() -> None:
    """A class of kasa inherits from another of kasa only as an error, event, protocol or suite."""
    bases = _bases(KASA)
    allowed = {"KasaError", "Event", "Protocol", "Exception", "Enum", "StrEnum", "IntEnum"}

    def kind(name: str) -> bool:
        short = name.rpartition(".")[2]
        if short in allowed or short.endswith(("Conformance", "Error", "Machine")):
            return True
        return any(kind(base) for base in bases.get(short, []))

    faults = (
        f"{name}({', '.join(parents)})"
        for name, parents in bases.items()
        for parent in parents
        if parent in bases and not kind(parent)
    )
    assert told(faults) == ""


def _vendors() -> set[str]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "importlinter.ini", encoding="utf-8")
    listed = contracts["importlinter:contract:vendors"]["forbidden_modules"]
    return {line.strip() for line in listed.splitlines() if line.strip()}


def test_every_third_party_library_has_a_declared_home() -> None:
    """Third-party imports are attrs or named by the vendors contract."""
    known = _vendors() | set(sys.stdlib_module_names) | {"attr", "attrs", "kasa"}
    faults = (
        f"{module.where} imports {name}"
        for module in KASA
        for name, _ in module.imports()
        if name.partition(".")[0] not in known and not name.startswith("fontpkg")
    )
    assert told(faults) == ""


@pytest.mark.parametrize("word", ["TYPE_" + "CHECKING", "mock" + ".patch", "unittest" + ".mock"])
def test_tricks_of_imports_and_doubles_do_not_occur(word: str) -> None:
    """Imports tell the truth, and doubles are the shipped memory adapters."""
    assert told(module.where for module in (*KASA, *TESTS) if word in module.text) == ""


def test_imports_are_absolute() -> None:
    """No import is relative."""
    faults = (
        f"{module.where}:{node.lineno}"
        for module in (*KASA, *TESTS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    )
    assert told(faults) == ""


def test_every_exception_to_a_tool_has_its_reason() -> None:
    """A pragma that silences a tool names the rule, and a comment beside it says why."""
    faults = (
        f"{module.where}:{number}"
        for module in (*KASA, *TESTS)
        for number, line in enumerate(module.lines, 1)
        if (found := PRAGMA.search(line)) and "PRAGMA" not in line and "#" not in found["rest"]
    )
    assert told(faults) == ""


def test_permissions_are_asked_by_use_cases_alone() -> None:
    """No entry point names a permission."""
    assert told(m.where for m in within("entrypoints") if "Permission." in m.text) == ""


def test_every_test_states_its_rule() -> None:
    """Every test function has a docstring."""
    faults = (
        f"{module.where}:{function.lineno} {function.name}"
        for module in TESTS
        for function in module.functions()
        if function.name.startswith("test_") and ast.get_docstring(function) is None
    )
    assert told(faults) == ""
