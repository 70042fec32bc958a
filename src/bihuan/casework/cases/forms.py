"""Forms of the case: the filter of lists, and one form for each action, shaped like the action's body."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import selectors, wording
from .models import Case
from .rulebook import Categories, Channels, Extension, Grounds, Suspension

Fields = dict[str, forms.Field]


class FilterForm(forms.Form):
    """What a list can be narrowed to. Unknown values narrow to nothing rather than break the page."""

    q = forms.CharField(required=False, max_length=100)
    light = forms.CharField(required=False, max_length=24)
    state = forms.ChoiceField(required=False, label=_("State"))
    tier = forms.ChoiceField(required=False, label=_("Tier"))
    board = forms.ChoiceField(required=False, label=_("Board"))
    department = forms.ChoiceField(required=False, label=_("Department"))
    channel = forms.ChoiceField(required=False, label=_("Channel"))
    category = forms.ChoiceField(required=False, label=_("Category"))
    region = forms.ChoiceField(required=False, label=_("Region"))
    figure = forms.ChoiceField(required=False, label=_("Counted as"))
    overdue = forms.BooleanField(required=False, label=_("Overdue only"))
    urgent = forms.BooleanField(required=False, label=_("Urgent only"))
    since = forms.DateField(required=False, label=_("Raised from"))
    until = forms.DateField(required=False, label=_("Raised until"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Order"),
        choices=[("-raised_at", _("Newest first")), ("due", _("Open ones, most urgent first"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, region: str, language: str, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = rulebooks.in_force(region, now)
        named = [(row.id, row.name.in_language(language)) for row in book.section(Channels).root]
        kinds = [(row.id, row.name.in_language(language)) for row in book.section(Categories).root]
        choices: dict[str, list[tuple[str, Any]]] = {
            "state": list(wording.STATES.items()),
            "tier": list(wording.TIERS.items()),
            "board": [(row.code, row.name) for row in directory.boards(region)],
            "department": [(row.code, row.short_name) for row in directory.departments(region)],
            "channel": named,
            "category": kinds,
            "region": [(region, place.name if (place := directory.region(region)) else region)],
            "figure": list(wording.FIGURES.items()),
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            given = str(self.data.get(name, ""))
            if given not in dict(options) and re.fullmatch(r"[a-z0-9_-]{1,64}", given):
                # A board of a place below, or `-` for none yet; what is nowhere narrows to nothing.
                options.append((given, wording.FIGURES_NONE if given == selectors.NONE_YET else given))
            field.choices = [("", field.label), *options]
            field.widget.attrs["class"] = "form-select"

    def filters(self, *, sort: str) -> selectors.Filters:
        """Return the filters that were given and are valid."""
        self.is_valid()
        given = self.cleaned_data
        several = {
            name: tuple(part for part in str(given.get(name) or "").split(",") if part)
            for name in ("light", "state", "tier", "board", "department", "channel", "category", "region", "figure")
        }
        start, end = given.get("since"), given.get("until")
        return selectors.Filters(
            light=several["light"],
            state=several["state"],
            tier=several["tier"],
            board=several["board"],
            department=several["department"],
            channel=several["channel"],
            category=several["category"],
            region=several["region"],
            figure=tuple(one for one in several["figure"] if one in selectors.FIGURES),
            q=given.get("q") or "",
            overdue=True if given.get("overdue") else None,
            urgent=True if given.get("urgent") else None,
            since=_begin(start) if start else None,
            until=_begin(end + dt.timedelta(days=1)) if end else None,
            sort=given.get("sort") or sort,
        )


def _begin(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()).astimezone()


def _text(label: Any, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.Field:
    return forms.CharField(
        label=label,
        required=required,
        max_length=20_000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _choice(label: Any, options: Any, required: bool = True, radio: bool = False) -> forms.Field:
    widget = forms.RadioSelect() if radio else forms.Select()
    return forms.ChoiceField(label=label, choices=list(options), required=required, widget=widget)


def _levels(label: Any, required: bool = True) -> forms.Field:
    return _choice(label, wording.LEVELS.items(), required=required, radio=True)


def _yes_no(label: Any, yes: Any, no: Any) -> forms.Field:
    return _choice(label, [("yes", yes), ("no", no)], radio=True)


def _departments(case: Case) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in directory.departments(case.region) if row.valid_to is None]


def _accept(case: Case, language: str) -> Fields:
    categories = rulebooks.version(case.rulebook_version).section(Categories).root
    return {
        "tier": _choice(_("Tier"), wording.TIERS.items(), radio=True),
        "board": _choice(_("Board"), [("", "—"), *((row.code, row.name) for row in directory.boards(case.region))]),
        "category": _choice(
            _("Category"),
            [("", "—"), *((row.id, row.name.in_language(language)) for row in categories)],
            required=False,
        ),
        "urgent": forms.BooleanField(label=_("Urgent and worrying"), required=False),
    }


def _grounds(case: Case, language: str, section: type[Grounds]) -> Fields:
    """A reason of the list and what proves it; a place may allow own words to programs, never without evidence here."""
    reasons = rulebooks.version(case.rulebook_version).section(section).reasons
    named = [(row.in_language(language), row.in_language(language)) for row in reasons]
    help_text = _("The document, its number and date. The enterprise reads the reason and the new date.")
    return {"reason": _choice(_("Reason"), named), "evidence": _text(_("Evidence"), help_text=help_text)}


def _suspend(case: Case, language: str) -> Fields:
    return {
        **_grounds(case, language, Suspension),
        "until": forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"})),
    }


def _reply(_case: Case, _language: str) -> Fields:
    kinds = [(kind, name) for kind, name in wording.KINDS.items() if kind != "withdrawn"]
    return {
        "kind": _choice(_("What it comes to"), kinds, radio=True),
        "text": _text(_("Reply to the enterprise"), rows=6),
    }


def _close(_case: Case, _language: str) -> Fields:
    reached = [
        ("", _("No callback")),
        ("solved", _("Reached: solved")),
        ("unsolved", _("Reached: not solved")),
        ("missed", _("Not reached")),
    ]
    return {
        "call": _choice(_("Callback"), reached, required=False),
        "level": _choice(_("What they said"), [("", "—"), *wording.LEVELS.items()], required=False),
    }


def _one(name: str, label: Any, **options: Any) -> Callable[[Case, str], Fields]:
    return lambda _case, _language: {name: _text(label, **options)}


_FIELDS: dict[str, Callable[[Case, str], Fields]] = {
    "accept": _accept,
    "decline": lambda case, language: {
        "reason": _choice(_("Reason"), wording.REASONS.items()),
        "basis": _text(_("Legal basis")),
        "channel": forms.CharField(label=_("Where to go instead"), required=False, max_length=400),
    },
    "request_supplement": _one("what", _("What is missing")),
    "supplement": _one("text", _("What you add")),
    "merge": lambda case, language: {
        "into": forms.CharField(label=_("Number of the case that goes on"), max_length=64)
    },
    "dispatch": lambda case, language: {
        "lead": _choice(_("Lead department"), [("", "—"), *_departments(case)]),
        "co": forms.MultipleChoiceField(label=_("Co-departments"), required=False, choices=_departments(case)),
    },
    "object": lambda case, language: {"reason": _text(_("Why it is not yours")), "basis": _text(_("Basis"))},
    "rule_objection": lambda case, language: {
        "upheld": _yes_no(
            _("Ruling"), _("The objection is right: another department"), _("It stays with this department")
        ),
        "lead": _choice(_("Lead department"), [("", "—"), *_departments(case)], required=False),
    },
    "submit_plan": _one(
        "measures", _("Measures"), rows=5, help_text=_("One a line: what | who | by when (2026-12-01)")
    ),
    "rate_plan": lambda case, language: {"level": _levels(_("How good is the plan?"))},
    "report_progress": lambda case, language: {
        "text": _text(_("Progress")),
        "visible_to_enterprise": forms.BooleanField(
            label=_("The enterprise may read it"), required=False, initial=True
        ),
    },
    "ask_enterprise": _one("question", _("Question")),
    "answer": _one("text", _("Answer")),
    "suspend": _suspend,
    "decide_suspension": lambda case, language: {"granted": _yes_no(_("Decision"), _("Granted"), _("Not granted"))},
    "request_extension": lambda case, language: {
        "days": forms.IntegerField(label=_("Working days"), min_value=1, max_value=60),
        **_grounds(case, language, Extension),
    },
    "decide_extension": lambda case, language: {"granted": _yes_no(_("Decision"), _("Granted"), _("Not granted"))},
    "co_reply": _one("text", _("Answer")),
    "reply": _reply,
    "verify_return": _one("reason", _("What is missing in the reply")),
    "verify_close": _close,
    "deny": _one("reason", _("What is not done?")),
    "rate": lambda case, language: {
        **({"plan": _levels(_("Plan"), required=False)} if case.rating_plan is not None else {}),
        "process": _levels(_("Process")),
        "result": _levels(_("Result")),
    },
    "reopen": _one("reason", _("Why again?")),
    "urge": _one("text", _("A word to go with it"), required=False, rows=2),
    "remind": _one("text", _("A word to go with it"), required=False, rows=2),
    "move_tier": lambda case, language: {
        "tier": _choice(_("To tier"), [row for row in wording.TIERS.items() if row[0] != case.tier], radio=True),
        "reason": _text(_("Why it needs another tier")),
    },
    "come_down": _one("reason", _("What was said above, and how it goes on")),
    "escalate": lambda case, language: {
        "to": _choice(
            _("To"),
            # To a region above it goes by the panel of what went up, which knows who receives it there.
            [(name, wording.ABOVE[name]) for name in ("catch_all", "conference", "leader")],
        ),
        "reason": _text(_("Reason")),
    },
}


class ActionForm(forms.Form):
    """The form of one action on one case; `body()` is what the service takes."""

    def __init__(self, *args: Any, action: str, case: Case, language: str, **kwargs: Any) -> None:
        # Many of these forms stand on one page: each field's id names its action.
        super().__init__(*args, **{"auto_id": f"{action}-%s", **kwargs})
        self.action = action
        if action in _FIELDS:
            self.fields.update(_FIELDS[action](case, language))

    def clean_measures(self) -> str:
        """Refuse a line of a plan without its three parts, in plain words and by its number."""
        given = str(self.cleaned_data["measures"])
        for number, line in enumerate((line for line in given.splitlines() if line.strip()), start=1):
            measure = _measure(line)
            try:
                dt.date.fromisoformat(measure["due"])
            except ValueError as error:
                said = _("Line %(n)s needs three parts with | between them: what | who | by when (2026-12-01)")
                raise forms.ValidationError(said, params={"n": number}) from error
            if not measure["what"] or not measure["unit"]:
                raise forms.ValidationError(
                    _("Line %(n)s does not say what is done and who does it"), params={"n": number}
                )
        return given

    def body(self) -> dict[str, Any]:
        """Return the body of the action from valid input. Call after `is_valid()`."""
        given: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if value in ("", None, []):
                continue
            given[name] = int(value) if name in _NUMBERS else value == "yes" if name in _DECISIONS else value
        if self.action == "submit_plan":
            given["measures"] = [_measure(line) for line in given["measures"].splitlines() if line.strip()]
        if self.action == "verify_close":
            given = _callback(given)
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in given.items()}


_NUMBERS = {"level", "plan", "process", "result", "days"}
_DECISIONS = {"granted", "upheld"}


def _measure(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    parts += [""] * (3 - len(parts))
    return {"what": parts[0], "unit": parts[1], "due": parts[2]}


def _callback(given: dict[str, Any]) -> dict[str, Any]:
    call = given.get("call")
    if not call:
        return {}
    callback: dict[str, Any] = {"reached": call != "missed"}
    if call != "missed":
        callback["solved"] = call == "solved"
        if "level" in given:
            callback["level"] = given["level"]
    return {"callback": callback}
