"""Forms of intake. They look at the shape of what was typed; what is right is decided by the services."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Categories
from bihuan.casework.cases.services import Contact, Matter
from bihuan.casework.cases.services.raising import DESCRIPTION_MAX, TITLE_MAX
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise, Region
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import selectors
from .services import Link, sending
from .services.links import PLACE_MAX

Choices = list[tuple[str, Any]]
PHOTO_SIDE = 1600
"""Longest side (pixels) to which a phone makes photos smaller before it sends them: a page of A4 stays readable."""


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; `clean` returns a list."""

    widget = ManyFiles

    def limit(self, limits: selectors.Limits) -> None:
        """Tell the browser what the rulebook accepts, so that it offers nothing else; the service judges anyway."""
        self.widget.attrs |= {
            "class": "vh",
            "accept": limits.accept,
            "data-max": limits.most_bytes,
            "data-endings": " ".join(limits.endings),
            "data-shrink": PHOTO_SIDE,
        }

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files that came, each checked for a name; emptiness and kind are the service's to judge."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [one for one in given if one]


def _line(label: Any, most: int, *, required: bool = False, help_text: Any = "", **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, widget=widget)


def _text(
    label: Any, *, rows: int = 5, required: bool = True, most: int = DESCRIPTION_MAX, help_text: Any = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, widget=widget)


def places(counties: Sequence[Region], on: dt.date) -> Choices:
    """Return the choices for where a matter lies: each county, then its towns."""
    found: Choices = []
    for county in counties:
        towns: Choices = [(town.code, town.name) for town in directory.towns(county.code, on)]
        found.append(
            (county.name, [(county.code, _("%(county)s, not sure which town") % {"county": county.name}), *towns])
        )
    return found


def categories(region: str, at: dt.datetime, language: str) -> Choices:
    """Return the categories of the rulebook in force."""
    return [(row.id, row.name.in_language(language)) for row in rulebooks.in_force(region, at).section(Categories).root]


_MISSING = {
    "title": _("Please say in one line what it is about."),
    "description": _("Please describe what happened."),
    "enterprise": _("Please give the credit code, or choose “Without a name”."),
    "text": _("Please write something."),
    "reason": _("Please say why."),
    "process": _("Please choose a face."),
    "result": _("Please choose a face."),
    "level": _("Please choose a face."),
    "done": _("Please say yes or no."),
    "number": _("The number stands on your receipt."),
    "code": _("The code stands on your receipt."),
    "place": _("Please say where."),
}
"""Field → what is said when it was left empty."""


def _ask(fields: dict[str, forms.Field]) -> None:
    """Let every empty field say what is wanted."""
    for name in fields.keys() & _MISSING.keys():
        fields[name].error_messages["required"] = _MISSING[name]


class ProblemForm(forms.Form):
    """A form that can show the problem a service found, at its field if it has that field."""

    def full_clean(self) -> None:
        """Check the shape, with words of our own for what is missing."""
        _ask(self.fields)
        super().full_clean()

    def show(self, problem: errors.Problem) -> None:
        """Put the sentence of a problem where the reader looks for it."""
        self.add_error(problem.field if problem.field in self.fields else None, str(problem.detail))


class FirmForm(ProblemForm):
    """Whose matter it is."""

    enterprise = _line(
        _("Credit code of the enterprise"), 64, required=True, autocomplete="off", autocapitalize="characters",
        spellcheck="false", help_text=_("18 characters, on the business licence."),
    )  # fmt: skip
    enterprise_name = _line(_("Name of the enterprise"), 120, autocomplete="organization")


def _once() -> forms.CharField:
    """Return the field by which a form that is sent twice is known; a draft on the device keeps it with its words."""
    widget = forms.HiddenInput(attrs={"data-draft-keep": True})
    return forms.CharField(max_length=64, required=False, initial=sending.new_key, widget=widget)


class RaiseForm(FirmForm):
    """A matter as an enterprise tells it, in three steps on one page."""

    once = _once()
    title = _line(_("In one line, what is the matter?"), TITLE_MAX, required=True, autocomplete="off")
    description = _text(
        _("What happened?"), help_text=_("Say three things: where it is stuck, how bad it is, what you want.")
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False, widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("Where?"))
    place = _line(_("Exact place"), 200, autocomplete="off")
    uploads = FilesField(label=_("Photos or files"), required=False)
    who = forms.ChoiceField(
        label=_("In whose name?"),
        widget=forms.RadioSelect,
        initial="named",
        choices=[("named", _("For an enterprise")), ("anonymous", _("Without a name"))],
    )
    contact_name = _line(_("Whom may we call?"), 120, autocomplete="name")
    contact_phone = _line(_("Telephone"), 40, autocomplete="tel", inputmode="tel", type="tel")
    field_order = (
        "title description category region place uploads"
        " who enterprise enterprise_name contact_name contact_phone".split()
    )  # fmt: skip

    def __init__(
        self, *args: Any, counties: Sequence[Region], firms: Sequence[Enterprise], link: Link | None,
        now: dt.datetime, language: str, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.link, self.firms = link, firms
        on = answers.local_date(now)
        first = link.region if link else next((one.region[:6] for one in firms), counties[0].code if counties else "")
        self._limit(first, now)
        self._choose("category", categories(first, now, language) if first else [])
        self._choose("region", places(counties, on))
        self.fields["region"].initial = first
        if len(counties) == 1 and not directory.towns(counties[0].code, on):
            self.fields["region"].widget = forms.HiddenInput()
        if link:
            del self.fields["region"], self.fields["place"]
        if firms:
            self.fields["region"].initial = firms[0].town or firms[0].region
            self._choose("who", [*((one.uscc, one.name) for one in firms), ("anonymous", _("Without a name"))])
            self.fields["who"].initial = firms[0].uscc
            del self.fields["enterprise"], self.fields["enterprise_name"]
        elif self.is_bound and self.data.get("who") == "anonymous":
            self.fields["enterprise"].required = False

    def _limit(self, region: str, now: dt.datetime) -> None:
        field = self.fields["uploads"]
        assert isinstance(field, FilesField)
        if region:
            field.limit(selectors.limits(rulebooks.in_force(region, now)))

    def _choose(self, name: str, options: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def matter(self, *, channel: str) -> Matter:
        """Return the matter from valid input."""
        given = self.cleaned_data
        anonymous = given["who"] == "anonymous"
        contact = Contact() if anonymous else Contact(name=given["contact_name"], phone=given["contact_phone"])
        uscc = given["enterprise"] if given["who"] == "named" else given["who"]
        return Matter(
            title=given["title"],
            description=given["description"],
            channel=self.link.channel if self.link else channel,
            region=self.link.region if self.link else given["region"],
            place=self.link.place if self.link else given["place"],
            enterprise=None if anonymous else uscc,
            enterprise_name="" if anonymous else given.get("enterprise_name", ""),
            anonymous=anonymous,
            category=given["category"],
            contact=contact,
        )

    def actor(self, actor: Actor) -> Actor:
        """Return who raises it: whoever wants to stay without a name is not written down, logged in or not."""
        return Actor() if self.cleaned_data["who"] == "anonymous" else actor


class TrackForm(ProblemForm):
    """Number and follow-up code."""

    number = _line(_("Number"), 64, required=True, autocomplete="off", autocapitalize="characters", spellcheck="false")
    code = _line(
        _("Follow-up code"), 64, required=True, autocomplete="off", autocapitalize="characters", spellcheck="false",
        help_text=_("Twelve characters, on your receipt."),
    )  # fmt: skip


class WordsForm(ProblemForm):
    """An answer, a supplement or a reason, with files where they help. `name` is the member of the action's body."""

    WORDS: dict[str, tuple[str, Any]] = {
        "answer": ("text", _("Your answer")),
        "supplement": ("text", _("What you add")),
        "reopen": ("reason", _("Why again?")),
    }

    def __init__(self, *args: Any, action: str, limits: selectors.Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = self.action = action
        if action in self.WORDS:
            name, label = self.WORDS[action]
            self.fields[name] = _text(label, rows=4)
        if action in ("answer", "supplement", "attach"):
            uploads = FilesField(label=_("Photos or files"), required=False)
            uploads.limit(limits)
            self.fields["uploads"] = uploads
        if action == "rate_plan":
            self.fields["level"] = _faces(_("Is the plan what you need?"))

    def body(self) -> dict[str, Any]:
        """Return the body of the action from valid input."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "uploads"}
        return {"level": int(given["level"])} if "level" in given else given


def _faces(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    choices = list(case_words.LEVELS.items())
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.RadioSelect, help_text=help_text
    )


class JudgeForm(ProblemForm):
    """Is it really done, and how was it handled. Nothing is chosen beforehand: silence is not praise."""

    def __init__(
        self,
        *args: Any,
        asks_word: bool,
        asks_rating: bool,
        has_plan: bool,
        said: str,
        reasons: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asks_rating = asks_rating
        self.said = {"confirmed": "yes", "denied": "no"}.get(said)
        if asks_word:
            options = [("yes", _("Yes, done")), ("no", _("No, not done"))]
            self.fields["done"] = forms.ChoiceField(
                label=_("Is it really done?"), choices=options, widget=forms.RadioSelect, initial=self.said
            )
        if asks_rating:
            if has_plan:
                self.fields["plan"] = _faces(_("Plan"), required=False, help_text=_("Did the plan fit the problem?"))
            self.fields["process"] = _faces(_("Process"), help_text=_("Were they quick, and did they tell you?"))
            self.fields["result"] = _faces(_("Result"), help_text=_("Are you content with what came out?"))
            self.fields["reasons"] = forms.MultipleChoiceField(
                label=_("What was not good?"), required=False, choices=list(reasons),
                widget=forms.CheckboxSelectMultiple, help_text=_("Several may be chosen."),
            )  # fmt: skip
        self.fields["say"] = _text(_("Anything else?"), rows=3, required=False, most=2_000)

    def clean(self) -> dict[str, Any]:
        """Whoever says that it is not done says what is missing."""
        given = super().clean() or {}
        if given.get("done") == "no" and not given.get("say"):
            self.add_error("say", _("Please say what is not done, so that it can be put right."))
        return given

    @property
    def word(self) -> bool | None:
        """What is said about the result; None when that is not asked, or was said before."""
        says = self.cleaned_data.get("done")
        return None if says in (None, self.said) else says == "yes"

    @property
    def rating(self) -> dict[str, Any] | None:
        """The body of `rate`, or None when no rating was asked for."""
        if not self.asks_rating:
            return None
        given = self.cleaned_data
        levels = {name: int(given[name]) for name in ("plan", "process", "result") if given.get(name)}
        return {**levels, "reasons": given["reasons"], "note": given["say"]}


class DeskForm(ProblemForm):
    """A matter as a seat writes it down while the telephone is at the ear."""

    once = _once()
    enterprise = _line(
        _("Credit code or name of the enterprise"), 120, autocomplete="off", spellcheck="false", autofocus=True
    )
    enterprise_name = _line(_("Name, if it is new here"), 120, autocomplete="off")
    anonymous = forms.BooleanField(label=_("Does not want to be named"), required=False)
    channel = forms.ChoiceField(label=_("Channel"))
    title = _line(_("In one line"), TITLE_MAX, required=True, autocomplete="off")
    description = _text(_("What happened"), rows=4)
    contact_name = _line(_("Who is speaking"), 120, autocomplete="off")
    contact_phone = _line(_("Telephone"), 40, autocomplete="off", inputmode="tel")
    region = forms.ChoiceField(label=_("Town"))
    place = _line(_("Exact place"), 200, autocomplete="off")
    category = forms.ChoiceField(label=_("Category"), required=False)
    board = forms.ChoiceField(label=_("Board"), required=False)
    urgent = forms.BooleanField(label=_("Urgent and worrying"), required=False)

    def __init__(self, *args: Any, county: Region, now: dt.datetime, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = answers.local_date(now)
        channels = selectors.staff_channels(region=county.code, at=now)
        towns = [(town.code, town.name) for town in directory.towns(county.code, on)]
        boards = [(row.code, row.name) for row in directory.boards(county.code, on=on)]
        options: dict[str, Iterable[tuple[str, Any]]] = {
            "channel": [(one.id, one.name.in_language(language)) for one in channels],
            "region": [(county.code, county.name), *towns],
            "category": [("", "—"), *categories(county.code, now, language)],
            "board": [("", "—"), *boards],
        }
        for name, values in options.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(values)

    def clean(self) -> dict[str, Any]:
        """A matter belongs to an enterprise, unless its raiser wants to stay without a name."""
        given = super().clean() or {}
        if not given.get("anonymous") and not given.get("enterprise") and "enterprise" not in self.errors:
            self.add_error("enterprise", _("Type the credit code or the name, or tick “Does not want to be named”."))
        return given

    def matter(self) -> Matter:
        """Return the matter from valid input."""
        given = dict(self.cleaned_data)
        anonymous = given["anonymous"]
        del given["once"]
        contact = Contact(name=given.pop("contact_name"), phone=given.pop("contact_phone"))
        given["enterprise"] = None if anonymous else given["enterprise"]
        return Matter(contact=contact, **given)


class LinkForm(ProblemForm):
    """What a printed code carries."""

    channel = forms.ChoiceField(label=_("Kind of code"), widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("Region"))
    place = _line(
        _("Where it will hang"), PLACE_MAX, required=True, autocomplete="off",
        help_text=_("As people know it: hall, window, counter, gate."),
    )  # fmt: skip

    def __init__(self, *args: Any, channels: Choices, regions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (("channel", channels), ("region", regions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
            field.initial = options[0][0] if options else None
