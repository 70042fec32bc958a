"""Forms of dispatch: what a person decides at the triage desk, and the file of a catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases import wording as cases_wording
from bihuan.casework.cases.rulebook import Categories
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import selectors, services

AS_RECOGNIZED, NO_MATTER = "=", ""


class DecisionForm(forms.Form):
    """Everything that is decided about a new matter, filled in with what is proposed."""

    matter = forms.ChoiceField(label=_("Matter of the dispatch catalogue"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), widget=forms.RadioSelect())
    board = forms.ChoiceField(label=_("Board"))
    urgent = forms.BooleanField(label=_("Urgent and worrying"), required=False)
    lead = forms.ChoiceField(label=_("Lead department"), required=False)
    co = forms.MultipleChoiceField(label=_("Co-departments"), required=False)

    def __init__(self, *args: Any, waiting: selectors.Waiting, language: str, now: Any, **kwargs: Any) -> None:
        case = waiting.case
        super().__init__(*args, **{"initial": _proposed(waiting), **kwargs})
        today = answers.local_date(now)
        none = [("", "—")]
        departments = [(one.code, one.name) for one in directory.departments(case.region, on=today)]
        categories = rulebooks.version(case.rulebook_version).section(Categories).root
        matters = selectors.catalogue.current(case.region).matters
        choices = {
            "matter": [(NO_MATTER, _("None of them")), *((one.entry.key, one.entry.matter) for one in matters)],
            "category": none + [(row.id, row.name.in_language(language)) for row in categories],
            "tier": list(cases_wording.TIERS.items()),
            "board": none + [(one.code, one.name) for one in directory.boards(case.region, on=today)],
            "lead": none + departments,
            "co": departments,
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        if not matters:
            del self.fields["matter"]
        if not waiting.dispatches:
            del self.fields["lead"], self.fields["co"]
        if case.state == "accepted":
            for name in ("category", "tier", "board", "urgent"):
                del self.fields[name]
            self.fields["lead"].required = True
        self._case = case

    def decision(self) -> services.Decision:
        """Return what was decided. Call after `is_valid()`."""
        given = self.cleaned_data
        return services.Decision(
            tier=given.get("tier", self._case.tier),
            board=given.get("board", self._case.board),
            category=given.get("category", ""),
            urgent=given.get("urgent", False),
            lead=given.get("lead", ""),
            co=given.get("co", []),
            matter=given.get("matter"),
        )


def _proposed(waiting: selectors.Waiting) -> dict[str, Any]:
    case, row = waiting.case, waiting.proposal
    known = {"category": case.category, "urgent": case.urgent, "tier": "ordinary"}
    if row is None:
        return known
    said = {name: part["value"] for name, part in row.parts.items()}
    return {**known, **said, "matter": row.key, "urgent": row.urgent or case.urgent}


class CatalogueForm(forms.Form):
    """The file of a new edition."""

    file = forms.FileField(
        label=_("Spreadsheet of the catalogue"),
        help_text=_("Excel or CSV, one matter a row. Nothing holds before you have looked at it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
