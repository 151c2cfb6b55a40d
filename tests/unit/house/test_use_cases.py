"""Every use case has one shape: permit first, declare what it needs, answer at the end."""

import ast
from collections.abc import Iterator

import pytest

from tests.unit.house.source import Module, body, context_of, is_method_call, methods, told, within

Found = tuple[Module, ast.ClassDef, ast.FunctionDef]


def _actor(function: ast.FunctionDef) -> bool:
    return any(
        argument.annotation is not None and ast.unparse(argument.annotation) == "Actor"
        for argument in [*function.args.args, *function.args.kwonlyargs]
    )


def _classes() -> Iterator[tuple[Module, ast.ClassDef]]:
    for module in within("application"):
        if context_of(module.name, "application") is not None:
            yield from ((module, cls) for cls in module.classes())


def _use_cases() -> list[Found]:
    return [
        (module, cls, call)
        for module, cls in _classes()
        for call in methods(cls)
        if call.name == "__call__" and _actor(call)
    ]


def _queries() -> list[Found]:
    return [
        (module, cls, method)
        for module, cls in _classes()
        if cls.name.endswith("Queries")
        for method in methods(cls)
        if not method.name.startswith("_")
    ]


def _declared(cls: ast.ClassDef) -> set[str]:
    return {
        node.target.id
        for node in cls.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and "ClassVar" in ast.unparse(node.annotation)
        and node.value is not None
    }


def test_use_cases_declare_their_permission() -> None:
    """A use case for an actor, and a class of queries, declares the right it asks for."""
    faults = (
        f"{module.where} {cls.name}"
        for module, cls, _ in [*_use_cases(), *_queries()]
        if "permission" not in _declared(cls)
    )
    assert told(faults) == ""


def test_the_right_is_asked_before_anything_else() -> None:
    """The first statement of a use case or query is ``actor.require(self.permission)``."""
    faults = (
        f"{module.where} {cls.name}.{function.name}"
        for module, cls, function in [*_use_cases(), *_queries()]
        if ast.unparse(body(function)[0]) != "actor.require(self.permission)"
    )
    assert told(faults) == ""


@pytest.mark.parametrize("word", ["feature", "meter"])
def test_what_is_declared_is_used(word: str) -> None:
    """A use case that declares a feature or a meter checks it."""
    faults = (
        f"{module.where} {cls.name}"
        for module, cls in _classes()
        if word in _declared(cls) and f"self.{word}" not in ast.unparse(cls)
    )
    assert told(faults) == ""


def _writes(cls: ast.ClassDef) -> bool:
    return any(is_unit_of_work(node) for node in ast.walk(cls))


def is_unit_of_work(node: ast.AST) -> bool:
    """Tell whether a node opens a writing unit of work for the actor."""
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "self.unit_of_work"
        and bool(node.args)
        and ast.unparse(node.args[0]) == "actor"
    )


def _answers(cls: ast.ClassDef) -> bool:
    return any(
        isinstance(node, ast.Return)
        and node.value is not None
        and is_method_call(node.value, "work", "answer")
        for node in ast.walk(cls)
    )


@pytest.mark.A7
def test_writing_use_cases_answer() -> None:
    """A use case that opens a writing unit of work returns ``work.answer(...)``."""
    faults = (
        f"{module.where} {cls.name}"
        for module, cls, _ in _use_cases()
        if _writes(cls) and not _answers(cls)
    )
    assert told(faults) == ""


def test_use_cases_are_frozen_values_nobody_compares() -> None:
    """A use case is ``@attrs.frozen(kw_only=True, eq=False)``: it is called, never compared."""
    faults = (
        f"{module.where} {cls.name}"
        for module, cls, _ in [*_use_cases(), *_queries()]
        if "attrs.frozen(kw_only=True, eq=False)" not in map(ast.unparse, cls.decorator_list)
    )
    assert told(faults) == ""


def _reactions() -> list[Found]:
    return [
        (module, cls, call)
        for module, cls in _classes()
        for call in methods(cls)
        if call.name == "__call__"
        and any(
            argument.annotation is not None and ast.unparse(argument.annotation) == "Job"
            for argument in call.args.args
        )
    ]


def test_reactions_mark_what_they_did() -> None:
    """A reaction that opens a writing unit of work asks ``work.events.once(job)``."""
    faults = (
        f"{module.where} {cls.name}"
        for module, cls, _ in _reactions()
        if "self.unit_of_work(job" in ast.unparse(cls) and ".once(job)" not in ast.unparse(cls)
    )
    assert told(faults) == ""


def test_doors_take_no_other_way() -> None:
    """No entry point opens a unit of work: it calls use cases and queries."""
    faults = (
        f"{module.where}"
        for module in within("entrypoints")
        if not module.name.startswith("kasa.entrypoints.bootstrap")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "unit_of_work"
    )
    assert told(faults) == ""
