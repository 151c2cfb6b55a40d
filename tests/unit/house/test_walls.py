"""Contexts meet by id, by event, or in a workflow: imports, data, and the table of joins."""

import ast
from collections.abc import Iterator
from typing import Any, get_type_hints

import attrs

from kasa.application.ports.work import PlatformWork, ReadOnly, UnitOfWork
from tests.unit.house.joins import JOINS
from tests.unit.house.source import (
    OUTSIDE_CONTEXTS,
    PUBLISHED,
    SRC,
    Function,
    Module,
    context_of,
    told,
    within,
    words,
)

NAMES = {"UnitOfWork": "work", "PlatformWork": "work", "ReadOnly": "view"}
OPENERS = {"unit_of_work": "work", "platform": "work", "read_only": "view"}


def _own(module: Module) -> str | None:
    return context_of(module.name, "application") or context_of(module.name, "application.ports")


def _contexts() -> list[tuple[str, Module]]:
    return [(own, module) for module in within("application") if (own := _own(module)) is not None]


def test_a_context_imports_no_domain_but_its_own() -> None:
    """Use cases and ports of a context know its domain, the kernel and what is published."""
    faults = (
        f"{module.where} imports {name}"
        for own, module in _contexts()
        for name in _full_names(module)
        if context_of(name, "domain") not in {None, own}
        and not any(name == one or name.startswith(f"{one}.") for one in PUBLISHED)
    )
    assert told(faults) == ""


def _full_names(module: Module) -> Iterator[str]:
    for source, name in module.imports():
        is_module = name is not None and (
            (SRC / source.replace(".", "/") / name).is_dir()
            or (SRC / source.replace(".", "/") / f"{name}.py").is_file()
        )
        yield f"{source}.{name}" if is_module else source


def test_a_context_imports_no_port_of_another() -> None:
    """Another context's port module is not imported; that of operations is open to all."""
    faults = (
        f"{module.where} imports {name}"
        for own, module in _contexts()
        for name in _full_names(module)
        if context_of(name, "application.ports") not in {None, own, "operations"}
    )
    assert told(faults) == ""


def _stores(protocol: type[Any]) -> dict[str, str]:
    found = {}
    for name, declared in get_type_hints(protocol).items():
        context = context_of(declared.__module__, "application.ports")
        if context is not None:
            found[name] = context
    return found


STORES = {"work": _stores(UnitOfWork) | _stores(PlatformWork), "view": _stores(ReadOnly)}


def test_the_wall_knows_the_stores() -> None:
    """Every port module of a context gives a unit of work its stores, declared by annotation."""
    ports = {context_of(module.name, "application.ports") for module in within("application.ports")}
    declared = {context for stores in STORES.values() for context in stores.values()}
    assert ports - {None, "operations"} <= declared


def _touched(node: ast.AST) -> Iterator[tuple[str, str]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            context = STORES.get(part.value.id, {}).get(part.attr)
            if context is not None:
                yield f"{part.value.id}.{part.attr}", context


def test_a_context_touches_no_data_but_its_own() -> None:
    """In a context, ``work`` and ``view`` are asked for that context's stores only."""
    faults = (
        f"{module.where} touches {store} of {context}"
        for own, module in _contexts()
        for store, context in _touched(module.tree)
        if context not in {own, "operations"}
    )
    assert told(faults) == ""


def _misnamed(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        match node:
            case ast.arg(arg=name, annotation=ast.Name(id=declared)) if declared in NAMES:
                if name.lstrip("_") != NAMES[declared]:
                    yield f"{module.where}:{node.lineno} {name}: {declared}"
            case ast.withitem(
                context_expr=ast.Call(func=ast.Attribute(attr=opener)),
                optional_vars=ast.Name(id=name),
            ) if opener in OPENERS:
                if name != OPENERS[opener]:
                    yield f"{module.where} opens {opener} as {name}"
            case (
                ast.Assign(value=ast.Name(id="work" | "view"))
                | ast.NamedExpr(value=ast.Name(id="work" | "view"))
            ):
                yield f"{module.where}:{node.lineno} gives it another name"


def test_units_of_work_are_called_work_and_views_view() -> None:
    """A unit of work is named ``work`` and a view ``view``, and neither gets another name."""
    modules = [m for m in within("application") if not m.name.startswith("kasa.application.ports")]
    assert told(fault for module in modules for fault in _misnamed(module)) == ""


@attrs.frozen
class Step:
    """A function of a workflow module, and what it calls of the others."""

    name: str
    public: bool
    touches: frozenset[str]
    calls: frozenset[str]


def _declared_contexts(module: Module, function: Function) -> Iterator[str]:
    imported = module.imported()
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    for annotation in [*(argument.annotation for argument in arguments), function.returns]:
        for word in words(annotation):
            source = imported.get(word, "")
            context = context_of(source, "domain") or context_of(source, "application.ports")
            if context is not None and source not in PUBLISHED:
                yield context


def _step(module: Module, function: ast.FunctionDef) -> Step:
    imported = module.imported()
    short = module.name.rpartition(".")[2]
    calls = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            source = imported.get(node.id, module.name)
            if source.startswith("kasa.application.workflows."):
                calls.add(f"{source.rpartition('.')[2]}.{node.id}")
    touched = {context for _, context in _touched(function)}
    return Step(
        name=f"{short}.{function.name}",
        public=not function.name.startswith("_"),
        touches=frozenset(touched | set(_declared_contexts(module, function))),
        calls=frozenset(calls),
    )


def _steps() -> dict[str, Step]:
    found = {}
    for module in within("application.workflows"):
        for node in module.tree.body:
            owners = [node] if isinstance(node, ast.FunctionDef) else []
            if isinstance(node, ast.ClassDef):
                owners = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            for function in owners:
                step = _step(module, function)
                found[step.name] = step
    return found


def _reached(step: Step, steps: dict[str, Step]) -> set[str]:
    seen: set[str] = set()
    waiting = [step.name]
    contexts: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in steps:
            continue
        seen.add(name)
        contexts |= steps[name].touches
        waiting.extend(steps[name].calls)
    return contexts - {"operations"}


def test_workflows_join_what_the_table_says() -> None:
    """A public workflow, with those it calls, touches exactly the contexts of its row."""
    steps = _steps()
    faults = (
        f"{step.name} joins {sorted(_reached(step, steps))}, its row says {sorted(row or ())}"
        for step in steps.values()
        if step.public
        for row in [JOINS.get(step.name)]
        if row != _reached(step, steps)
    )
    assert told(faults) == ""


def test_the_table_of_joins_names_contexts() -> None:
    """Every row of the table names known contexts."""
    assert set().union(*JOINS.values()) <= OUTSIDE_CONTEXTS
