"""Write docs/reference from the code: `python -m tools.reference`; with `--check` say what is behind, exit status 1.

Nothing here needs a database: tables of transitions, subscriptions, sections, commands and operations are plain data.
"""

import difflib
import importlib
import importlib.util
import inspect
import itertools
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
HEAD = "<!-- Made by `make reference` from the code; do not edit. -->\n\n"


def _prepare() -> None:
    os.environ.setdefault("BIHUAN_MODE", "test")
    os.environ.setdefault("BIHUAN_DATABASE_URL", "postgresql:///never-opened")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def _modules(ending: str) -> Iterator[ModuleType]:
    import bihuan

    for info in pkgutil.walk_packages(bihuan.__path__, "bihuan."):
        if info.name.endswith(ending) and ".tests" not in info.name:
            yield importlib.import_module(info.name)


def _row(*cells: Any) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    return "\n".join([_row(*head), _row(*("---" for _ in head)), *(_row(*row) for row in rows)]) + "\n"


def _codes(values: Any) -> str:
    return " ".join(f"`{value}`" for value in values) or "—"


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


# --- states ---


def _machine(machine: Any) -> str:
    kind: Any = type(machine.initial)
    states = list(kind)
    drawn: dict[tuple[str, str], list[str]] = {}
    for row in machine.transitions:
        for source in sorted(row.sources, key=states.index):
            for target in sorted(row.targets - {source}, key=states.index):
                drawn.setdefault((source.value, target.value), []).append(row.action)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial.value}"]
    lines += [f"    {source} --> {target}: {', '.join(actions)}" for (source, target), actions in drawn.items()]
    lines += [f"    {state.value} --> [*]" for state in states if machine.owners.get(state) is None] + ["```", ""]
    rows = [
        (
            f"`{row.action}`",
            _codes(state.value for state in sorted(row.sources, key=states.index)),
            _codes(state.value for state in sorted(row.targets, key=states.index)) if row.targets else "stays",
            _codes(sorted(row.roles)),
        )
        for row in machine.transitions
    ]
    owners = [
        (f"`{state.value}`", _codes([machine.owners[state]] if machine.owners.get(state) else [])) for state in states
    ]
    lines.append(_table(("action", "from", "to", "by"), rows))
    lines.append(_table(("state", "who has to move it on"), owners))
    return "\n".join(lines)


def states() -> str:
    """Return the page of every transition table, drawn and listed."""
    from bihuan.foundation.kernel.states import Machine

    parts = ["# States\n", "Sources and targets as the code obeys them; a forge shows the diagrams drawn.\n"]
    for module in sorted(_modules(".states"), key=lambda module: module.__name__):
        machines = [value for value in vars(module).values() if isinstance(value, Machine)]
        parts += [f"## {one.name}\n\nFrom `{module.__name__}`.\n\n{_machine(one)}" for one in machines]
    return HEAD + "\n".join(parts)


# --- events ---


def _event_types(base: Any) -> Iterator[Any]:
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from _event_types(kind)
        else:
            yield kind


def events() -> str:
    """Return the map event → handlers, with every event that can be published."""
    from bihuan.foundation.kernel.events import Event, subscriptions

    for _module in _modules(".events"):
        pass
    handlers = subscriptions()
    by_module: dict[str, list[Any]] = {}
    for kind in _event_types(Event):
        if kind.__module__.startswith("bihuan.") and ".tests" not in kind.__module__:
            by_module.setdefault(kind.__module__, []).append(kind)
    parts = ["# Events\n", "Handlers run in the publisher's transaction, in this order.\n"]
    for module, kinds in sorted(by_module.items()):
        rows = [(f"`{kind.__name__}`", _first_line(kind), _handled(handlers.get(kind, ()))) for kind in kinds]
        context = module.removeprefix("bihuan.").removesuffix(".events")
        parts.append(f"## {context}\n\n" + _table(("event", "says", "handled by"), rows))
    return HEAD + "\n".join(parts)


def _handled(handlers: Any) -> str:
    functions = [getattr(handler, "func", handler) for handler in handlers]
    names = [f"`{one.__module__.removeprefix('bihuan.')}.{one.__qualname__}`" for one in functions]
    return "<br>".join(names) or "—"


# --- REST ---


def openapi() -> str:
    """Return the OpenAPI document of `/api/v1` as JSON."""
    from django.urls import get_resolver
    from ninja.operation import PathView

    def views(patterns: Any) -> Iterator[Any]:
        for pattern in patterns:
            yield from views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else (pattern.callback,)

    for view in views(get_resolver().url_patterns):
        for held in [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]:
            if isinstance(held, PathView):
                document = held.operations[0].api.get_openapi_schema()
                return json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n"
    return "{}\n"


# --- command line ---


def _command(command: Any, path: str) -> Iterator[str]:
    import click

    context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
    yield f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n"
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        if found := command.get_command(context, name):
            yield from _command(found, f"{path} {name}")


def cli() -> str:
    """Return the help of every command."""
    if importlib.util.find_spec("bihuan.delivery.cli") is None:
        return HEAD + "# Command line\n\nNot there yet.\n"
    root = importlib.import_module("bihuan.delivery.cli").root
    parts = ["# Command line\n", "Exit status 0: well, 1: a problem was found, 2: wrong usage.\n"]
    return HEAD + "\n".join([*parts, *_command(root, "bihuan")])


# --- rulebook ---


PLAIN = {"Duration": "duration", "Unit": "unit"}
"""Models that a rulebook writes as one word."""


def _as_written(default: Any) -> Any:
    """Show a default as a rulebook writes it: durations as `5wd`."""
    if isinstance(default, dict):
        if set(default) == {"amount", "unit"}:
            return f"{default['amount']}{default['unit']}"
        return {key: _as_written(value) for key, value in default.items()}
    return [_as_written(value) for value in default] if isinstance(default, list) else default


def _type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return PLAIN.get(name, f"[{name}]")
    if "enum" in schema or "const" in schema:
        return _codes(schema.get("enum") or [schema["const"]])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type_of(part) for part in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_type_of(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {_type_of(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _fields(schema: dict[str, Any]) -> str:
    if not schema.get("properties"):
        return f"{_type_of(schema)}\n"
    required = set(schema.get("required", ()))
    rows = []
    for name, field in schema["properties"].items():
        default = f"`{json.dumps(_as_written(field['default']), ensure_ascii=False)}`" if "default" in field else "—"
        rows.append(
            (f"`{name}`", _type_of(field), "needed" if name in required else default, field.get("description", ""))
        )
    return _table(("field", "type", "default", "meaning"), rows)


def rulebook() -> str:
    """Return every section of a rulebook with its fields, from the registered models."""
    if importlib.util.find_spec("bihuan.foundation.rulebooks") is None:
        return HEAD + "# Rulebook\n\nNot there yet.\n"
    registry = importlib.import_module("bihuan.foundation.rulebooks.registry")
    durations = "Durations: `5wd` working days, `4wh` working hours, `15d` days."
    parts = ["# Rulebook\n", f"One YAML file a place, merged over `default.yaml`. {durations}\n"]
    for name, model in sorted(registry.sections().items()):
        schema = model.model_json_schema()
        parts.append(f"## `{name}`\n\n{_first_line(model)}\n\n{_fields(schema)}")
        shown = {key: inner for key, inner in schema.get("$defs", {}).items() if key not in PLAIN}
        for inner, definition in sorted(shown.items()):
            parts.append(f"### {inner} (in `{name}`)\n\n{definition.get('description', '')}\n\n{_fields(definition)}")
    return HEAD + "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "states.md": states,
    "events.md": events,
    "openapi.json": openapi,
    "cli.md": cli,
    "rulebook.md": rulebook,
}


def main() -> int:
    """Write the pages, or compare them with what is kept and show the first differences."""
    _prepare()
    behind = 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        try:
            fresh = make().rstrip() + "\n"
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith("bihuan."):
                raise
            behind += 1
            print(f"docs/reference/{name} has to wait for {missing.name}")
            continue
        path = FOLDER / name
        kept = path.read_text() if path.exists() else ""
        if "--check" not in sys.argv:
            path.write_text(fresh)
        elif fresh != kept:
            behind += 1
            print(f"docs/reference/{name} is behind the code; run: make reference")
            changed = difflib.unified_diff(kept.splitlines(), fresh.splitlines(), "kept", "fresh", n=0, lineterm="")
            print("\n".join(itertools.islice(changed, 20)))
    return int(behind > 0)


if __name__ == "__main__":
    sys.exit(main())
