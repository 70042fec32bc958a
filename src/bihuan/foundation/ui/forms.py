"""How forms are drawn, and one that comes back with what was typed and what a service found wrong with it."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bihuan.foundation.kernel import errors


class Renderer(DjangoTemplates):
    """Django's renderer, but for lists of choices: three templates for each choice are most of the time of a page."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return a widget as markup."""
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    groups = []
    for name, options, _index in widget["optgroups"]:
        parts = ((one["value"], flatatt(one["attrs"]), one["label"]) for one in options)
        shown = format_html_join("", '<option value="{}"{}>{}</option>', parts)
        groups.append(format_html('<optgroup label="{}">{}</optgroup>', name, shown) if name else shown)
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), SafeString("".join(groups))
    )


class ProblemForm(forms.Form):
    """A form that can show the problem a service found, at its field if it has that field."""

    def show(self, problem: errors.Problem) -> None:
        """Put the sentence of a problem where the reader looks for it."""
        self.add_error(problem.field if problem.field in self.fields else None, str(problem.detail))
