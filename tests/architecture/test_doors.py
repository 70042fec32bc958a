"""Every way in says who may use it, and every state says who has to move it on."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

import bihuan
from bihuan.foundation.kernel.states import Machine


def _views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def _operations() -> Iterator[tuple[str, Any]]:
    for path, view in _views(get_resolver().url_patterns):
        for held in [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]:
            if isinstance(held, PathView):
                yield from ((f"{'/'.join(sorted(op.methods))} {path}", op.view_func) for op in held.operations)


def _is_ours(view: Any) -> bool:
    return getattr(getattr(view, "view_class", view), "__module__", "").startswith("bihuan.")


def test_every_page_declares_who_may_open_it():
    ours = [(path, view) for path, view in _views(get_resolver().url_patterns) if _is_ours(view)]
    assert ours
    assert [path for path, view in ours if not getattr(view, "allowed", None)] == []


def test_every_api_operation_declares_who_may_call_it():
    operations = list(_operations())
    assert operations
    assert [name for name, view in operations if not getattr(view, "allowed", None)] == []


def _state_modules() -> list[ModuleType]:
    names = [info.name for info in pkgutil.walk_packages(bihuan.__path__, "bihuan.") if info.name.endswith(".states")]
    return [importlib.import_module(name) for name in names if ".kernel." not in name]


MACHINES = [machine for module in _state_modules() for machine in vars(module).values() if isinstance(machine, Machine)]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_has_an_owner_an_entry_and_an_exit(machine: Machine[Any]):
    assert machine.flaws(type(machine.initial)) == []
