"""Larger components for templates: `{% load ui_parts %}`. Each has its own template in templates/ui/components/."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.foundation.ui import charts, components, drawing

register = template.Library()


def _part(name: str) -> str:
    return f"ui/components/{name}.html"


@register.inclusion_tag(_part("stepper"))
def stepper(steps: Sequence[components.Step], light: Any = "green", label: str = "", css: str = "") -> dict[str, Any]:
    """Show steps in a row; the current one in the tone of the light. css "flow" explains instead of reporting."""
    current = next((index for index, step in enumerate(steps, start=1) if step.state == "current"), 0)
    if not label and current:
        label = _("Step %(current)s of %(total)s") % {"current": current, "total": len(steps)}
    return {"steps": steps, "light": light, "label": label, "css": css}


@register.inclusion_tag(_part("timeline"), takes_context=True)
def timeline(context: Context, entries: Iterable[components.TimelineEntry]) -> dict[str, Any]:
    """Show facts, newest first."""
    return {"entries": entries, "frame": context.get("frame")}


@register.inclusion_tag(_part("ladder"))
def ladder(rungs: Iterable[components.Rung]) -> dict[str, Any]:
    """Show which consequences came and which will."""
    return {"rungs": rungs}


@register.inclusion_tag(_part("kv"))
def kv(pairs: Iterable[tuple[Any, Any]], css: str = "") -> dict[str, Any]:
    """Show terms and values; css "cols" puts them side by side."""
    return {"pairs": pairs, "css": css}


@register.inclusion_tag(_part("kpi"))
def kpi(figure: components.Figure) -> dict[str, Any]:
    """Show one key figure; the number opens the list behind it."""
    return {"figure": figure}


@register.inclusion_tag(_part("strip"))
def light_strip(options: Sequence[components.Option], label: str = "") -> dict[str, Any]:
    """Show the filter by light: a link with a count each."""
    return {"options": options, "label": label}


@register.inclusion_tag(_part("tabs"))
def tabs(options: Sequence[components.Option], label: str = "", css: str = "") -> dict[str, Any]:
    """Show links as tabs."""
    return {"options": options, "label": label, "css": css}


@register.inclusion_tag(_part("chips"))
def chips(options: Sequence[components.Option], clear_url: str = "") -> dict[str, Any]:
    """Show the filters that are set, each with a link that takes it away, and one that clears all."""
    return {"options": options, "clear_url": clear_url}


@register.inclusion_tag(_part("crumbs"))
def crumbs(options: Sequence[components.Option]) -> dict[str, Any]:
    """Show the way to this page; the last one is the page itself."""
    return {"options": options}


@register.inclusion_tag(_part("pager"), takes_context=True)
def pager(
    context: Context, following: str | None, previous: str | None = None, summary: str = "", target: str = ""
) -> dict[str, Any]:
    """Show links to the next and previous page by cursor; other parameters of the address stay.

    target: id of the part that htmx replaces in place; without one the links load the page.
    """
    request = context.get("request")
    query = request.GET if request else {}
    return {"query": query, "following": following, "previous": previous, "summary": summary, "target": target}


@register.inclusion_tag(_part("empty"))
def empty(
    title: Any, text: Any = "", mark: str = "", ring: str = "", url: str = "", action: Any = "", action_icon: str = ""
) -> dict[str, Any]:
    """Say that nothing is here: what it means and what comes next. ring: text in a closed ring when all is done."""
    return {
        "title": title,
        "text": text,
        "mark": mark,
        "ring": ring,
        "url": url,
        "action": action,
        "action_icon": action_icon,
    }


@register.inclusion_tag(_part("skeleton"))
def skeleton(rows: int = 4) -> dict[str, Any]:
    """Hold the place of rows that are on their way."""
    return {"rows": range(int(rows))}


@register.inclusion_tag(_part("funnel"))
def funnel(steps: Sequence[tuple[Any, float, Any]]) -> dict[str, Any]:
    """Show how many are left at each of (name, value, note)."""
    first = steps[0][1] if steps else 1
    rows = []
    for index, (name, value, note) in enumerate(steps):
        following = steps[index + 1][1] if index + 1 < len(steps) else value
        rows.append((name, value, note, drawing.funnel_step(value, following, first=first)))
    return {"rows": rows}


@register.inclusion_tag(_part("trend"))
def trend(
    points: Sequence[str],
    lines: Sequence[charts.Series],
    columns: charts.Series | None = None,
    label: str = "",
    unit: str = "",
) -> dict[str, Any]:
    """Show a time series with its key and its table."""
    drawn = charts.trend(points, lines, columns=columns, label=label)
    series = [*lines, *([columns] if columns else [])]
    rows = [(point, [one.values[index] for one in series]) for index, point in enumerate(points)]
    return {
        "drawn": drawn,
        "lines": lines,
        "columns": columns,
        "series": series,
        "rows": rows,
        "label": label,
        "unit": unit,
    }


@register.inclusion_tag(_part("fishbone"))
def fishbone(bones: Sequence[charts.Bone], head: Sequence[str], label: str) -> dict[str, Any]:
    """Show causes as a fishbone; on a phone as a list; always with its table."""
    return {"bones": bones, "drawn": charts.fishbone(bones, head=head, label=label), "label": label}


@register.inclusion_tag(_part("faces"))
def faces(field: BoundField, hint: str = "") -> dict[str, Any]:
    """Ask for a level on a choice field: one face with its word for each choice, from best to worst (five at most)."""
    marks = ("mood-happy", "mood-smile", "mood-empty", "mood-sad", "mood-angry")
    return {"field": field, "hint": hint or field.help_text, "choices": list(zip(field, marks, strict=False))}


@register.inclusion_tag(_part("picks"))
def picks(field: BoundField, hint: str = "") -> dict[str, Any]:
    """Ask for one or several of a few choices as large pills."""
    return {"field": field, "hint": hint or field.help_text}


def _css(field: BoundField) -> str:
    kind = getattr(field.field.widget, "input_type", "")
    if kind in {"checkbox", "radio"}:
        return "form-check-input"
    return "form-select" if kind == "select" else "form-control"


@register.inclusion_tag(_part("field"))
def field(bound: BoundField, css: str = "", switch: bool = False, counter: bool = False) -> dict[str, Any]:
    """Show one form field with label, help and error, all tied together for screen readers.

    A choice among radios or boxes becomes pills; a single box stands before its label (`switch` draws a switch);
    `counter` shows how much of max_length is used.
    """
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    group = bool(getattr(widget, "use_fieldset", False))
    classes = f"{_css(bound)} {css} {'is-invalid' if bound.errors else ''}".split()
    attrs: dict[str, Any] = {"class": " ".join(classes)}
    if counter and getattr(bound.field, "max_length", None):
        attrs["data-count"] = f"#{bound.auto_id}_count"
    control = "" if group else bound.as_widget(attrs=attrs)
    return {
        "field": bound,
        "control": control,
        "kind": kind,
        "group": group,
        "switch": switch,
        "counter": "data-count" in attrs,
    }


@register.inclusion_tag(_part("error_summary"))
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Say at the top of a form what is wrong, with a link to each field."""
    wrong = [bound for bound in form if bound.errors]
    return {"form": form, "wrong": wrong, "count": len(wrong) + len(form.non_field_errors())}


def _columns(request: HttpRequest | None, table: str) -> set[str]:
    """Positions of the columns that the reader hid; anything else in the reader's own cookie is ignored."""
    kept = request.COOKIES.get(f"bh-cols-{table}", "") if request else ""
    return {position for position in kept.split(".") if position.isdigit()}


@register.simple_tag(takes_context=True)
def hidden_columns(context: Context, table: str) -> str:
    """Return the value of `data-hide` for a table: positions of its hidden columns, counted from 1."""
    return " ".join(sorted(_columns(context.get("request"), table), key=int))


@register.inclusion_tag(_part("columns_menu"), takes_context=True)
def columns_menu(context: Context, table: str, columns: Sequence[components.Column]) -> dict[str, Any]:
    """Let the reader choose the columns of the table whose `data-table` is `table`."""
    hidden = _columns(context.get("request"), table)
    return {"table": table, "columns": [(column, str(column.position) not in hidden) for column in columns]}


@register.inclusion_tag(_part("print_head"), takes_context=True)
def print_head(context: Context, title: Any, number: Any = "") -> dict[str, Any]:
    """Show what only paper shows: heading, number, time and who printed."""
    return {"title": title, "number": number, "frame": context.get("frame")}


@register.inclusion_tag(_part("sign_boxes"))
def sign_boxes(*roles: Any) -> dict[str, Any]:
    """Show boxes for signatures, on paper only."""
    return {"roles": roles}


@register.simple_block_tag
def alert(content: str, kind: str = "info", mark: str = "", light: str = "") -> SafeString:
    """Set a notice apart: kind "info", "ok", "warn" or "bad" (read out at once)."""
    icons = {"info": "info-circle", "ok": "circle-check", "warn": "alert-circle", "bad": "alert-triangle"}
    values = {"content": content, "kind": kind, "mark": mark or icons.get(kind, "info-circle"), "light": light}
    return render_to_string(_part("alert"), values)


@register.simple_block_tag
def panel(content: str, title: Any, note: Any = "", ident: str = "", css: str = "", end: Any = "") -> SafeString:
    """Put a part of a page on a surface with a heading. css: "flush" for tables, "g6" in a grid; end: at the right."""
    ident = ident or f"p-{zlib.crc32(str(title).encode()):x}"
    return render_to_string(
        _part("panel"), {"content": content, "title": title, "note": note, "ident": ident, "css": css, "end": end}
    )


@register.simple_block_tag(takes_context=True)
def dialog(
    context: Context,
    content: str,
    ident: str,
    title: Any,
    url: str = "",
    yes: Any = "",
    no: Any = "",
    batch: str = "",
    target: str = "",
    css: str = "",
    draft: str = "",
) -> SafeString:
    """Ask before something happens. The text says what will happen; `yes` repeats the verb, `no` says what stays.

    url: where the form is posted (by htmx into `target` when given). batch: name of the hidden input that carries the
    rows selected in the table. draft: key under which what is typed is kept on the device until it was sent. Opened by
    any button with data-dialog="#ident".
    """
    values = {
        "content": content,
        "ident": ident,
        "title": title,
        "url": url,
        "yes": yes,
        "no": no,
        "batch": batch,
        "target": target,
        "css": css,
        "draft": draft,
        "csrf_token": context.get("csrf_token"),
    }
    return render_to_string(_part("dialog"), values)
