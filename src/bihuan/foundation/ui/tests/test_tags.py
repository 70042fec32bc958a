import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from bihuan.foundation.ui import components, toasts
from bihuan.foundation.ui.templatetags import ui_parts

NOW = dt.datetime(2026, 11, 19, 2, 20, tzinfo=dt.UTC)
HOSTILE = '"><img src=x onerror=alert(1)>'


def render(source: str, **values) -> str:
    with translation.override("en"):
        frame = SimpleNamespace(now=NOW)
        return Template("{% load ui ui_parts %}" + source).render(Context({"frame": frame, **values}))


def test_a_light_is_shape_and_word():
    markup = render('{% light "red" %}')
    assert "shapes.svg#octagon" in markup
    assert "Overdue" in markup
    assert 'aria-hidden="true"' in markup


def test_an_instant_says_itself_in_full_too():
    markup = render("{% moment at %}", at=NOW - dt.timedelta(days=1))
    assert "yesterday 10:20" in markup
    assert 'title="2026-11-18 10:20"' in markup
    assert render("{% moment at %}{% day at %}", at=None) == ""


def test_only_an_unbroken_countdown_counts_by_itself():
    until, length = NOW + dt.timedelta(hours=6, minutes=40), dt.timedelta(hours=6, minutes=40)
    assert "data-until" in render("{% countdown until length %}", until=until, length=length)
    assert "data-until" not in render(
        "{% countdown until length %}", until=until + dt.timedelta(hours=15), length=length
    )
    assert "data-until" not in render("{% countdown until length %}", until=NOW, length=-length)
    assert "<small>h</small>40" in render("{% countdown until length big=True %}", until=until, length=length)


def test_words_are_escaped_everywhere():
    entry = components.TimelineEntry(at=NOW, who=HOSTILE, text=HOSTILE, quote=HOSTILE, notes=(HOSTILE,), icon=HOSTILE)
    option = components.Option(label=HOSTILE, url=HOSTILE, count=1)
    figure = components.Figure(name=HOSTILE, value=HOSTILE, change=components.Change(amount=HOSTILE))
    markup = render(
        "{% timeline entries %}{% chips options %}{% tabs options %}{% kpi figure %}"
        '{% stamp "solid" word %}{% tag word %}'
        '{% light "red" "" word %}{% empty word word %}{% kv pairs %}{% panel word %}{{ word }}{% endpanel %}'
        '{% dialog "d" word url="/" yes=word %}{{ word }}{% enddialog %}{% alert "bad" %}{{ word }}{% endalert %}',
        entries=[entry],
        options=[option],
        figure=figure,
        word=HOSTILE,
        pairs=[(HOSTILE, HOSTILE)],
    )
    assert "<img" not in markup


class Sample(forms.Form):
    name = forms.CharField(max_length=20, help_text="Only for us.")
    notes = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("1", "one"), ("2", "two")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False)


def test_a_field_ties_label_help_and_error_together():
    form = Sample({"name": "x" * 30, "kind": "1"})
    markup = render("{% field form.name counter=True %}", form=form)
    for part in (
        'for="id_name"',
        'aria-invalid="true"',
        'aria-describedby="id_name_helptext id_name_error"',
        'id="id_name_error"',
    ):
        assert part in markup
    assert 'value="xxxxxx' in markup
    assert 'data-count="#id_name_count"' in markup
    assert "optional" in render("{% field form.notes %}", form=form)


def test_groups_have_a_legend_and_boxes_their_label_behind():
    form = Sample()
    assert "<legend" in render("{% field form.kind %}", form=form)
    markup = render("{% field form.agree switch=True %}", form=form)
    assert markup.index("<input") < markup.index("<label")
    assert "form-switch" in markup


def test_the_summary_counts_and_links_what_is_wrong():
    markup = render("{% error_summary form %}", form=Sample({"name": "x" * 30}))
    assert "2 things to mend" in markup
    assert 'href="#id_name"' in markup
    assert render("{% error_summary form %}", form=Sample()).strip() == ""


def test_hidden_columns_come_from_the_readers_own_cookie():
    factory = RequestFactory()
    factory.cookies["bh-cols-queue"] = "5.3.x.<b>"
    assert render('{% hidden_columns "queue" %}', request=factory.get("/")) == "3 5"
    columns = [components.Column(position=3, label="A"), components.Column(position=4, label="B")]
    shown = ui_parts.columns_menu({"request": factory.get("/")}, "queue", columns)["columns"]
    assert [is_shown for _column, is_shown in shown] == [False, True]


def test_paging_keeps_the_filters():
    markup = render('{% pager "c2" %}', request=RequestFactory().get("/?light=red&cursor=c1"))
    assert "light=red&amp;cursor=c2" in markup


def test_the_stepper_says_where_it_stands():
    steps = [
        components.Step(name="A", state="done"),
        components.Step(name="B", state="current"),
        components.Step(name="C"),
    ]
    markup = render('{% stepper steps "orange" %}', steps=steps)
    assert 'aria-label="Step 2 of 3"' in markup
    assert 'aria-current="step"' in markup


def test_a_batch_dialog_names_the_rows_input_and_carries_the_token():
    markup = render('{% dialog "d" "T" url="/x/" yes="Go" batch="case" %}{% enddialog %}', csrf_token="t0ken")
    assert 'data-batch="case"' in markup
    assert 'value="t0ken"' in markup


def test_a_toast_travels_in_ascii():
    from django.http import HttpResponse

    response = toasts.attach(HttpResponse(), "已催办 3 件", undo_url="/undo/", close=True)
    assert response["HX-Trigger"].isascii()
    assert '"undo": "/undo/"' in response["HX-Trigger"]
    assert "bh:close" in response["HX-Trigger"]


@pytest.mark.parametrize("share", [None, 0, 0.5])
def test_an_unknown_share_is_a_dash(share):
    assert render("{{ share|percent }}", share=share) == {None: "–", 0: "0%", 0.5: "50%"}[share]
