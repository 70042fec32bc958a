"""Lists of choices look as Django draws them, and what stands in them is text."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from bihuan.foundation.ui.forms import Renderer

CHOICES = [("", "—"), ("Flowers & more", [("a", "<b>Aster</b>"), ("b", 'Begonia "big"')]), (3, "Third")]


def test_a_list_of_choices_is_what_django_draws():
    for widget, value in (
        (forms.Select(attrs={"id": "x", "class": "form-select", "required": True, "disabled": False}), "a"),
        (forms.SelectMultiple(attrs={"data-n": 3}), ["a", "3"]),
    ):
        widget.choices = CHOICES
        ours, theirs = (widget.render("plant", value, renderer=one()) for one in (Renderer, DjangoTemplates))
        assert parse_html(ours) == parse_html(theirs)
        assert "&lt;b&gt;Aster" in ours
