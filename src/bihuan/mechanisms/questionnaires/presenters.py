"""What pages of questionnaires show."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import presenters as timelines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Figure, Option

from . import permissions, selectors, wording
from .forms import AnswerForm
from .models import Problem, Questionnaire
from .rulebook import Questionnaires
from .rules import branching
from .rules.branching import Question
from .selectors import Page


def views_of(current: str) -> list[Option]:
    """Return the views of the register."""
    base = reverse("questionnaires:register")
    rows = [("", _("All"), base), *((name, word, f"{base}?state={name}") for name, word in wording.STATES.items())]
    return [Option(label=label, url=url, current=name == current) for name, label, url in rows]


def tabs(found: Questionnaire, current: str, actor: Actor) -> list[Option]:
    """Return the pages of one questionnaire that the reader may open."""
    pages = [("sheet", _("Questionnaire"), reverse("questionnaires:questionnaire", args=[found.id]))]
    if found.state in ("open", "closed") and not permissions.rated(actor, found):
        pages.append(("results", _("Results"), reverse("questionnaires:results", args=[found.id])))
        if permissions.runs(actor, found):
            pages.append(("statements", _("What was stated"), reverse("questionnaires:statements", args=[found.id])))
            pages.append(("problems", _("Problems"), reverse("questionnaires:problems", args=[found.id])))
    return [Option(label=label, url=url, current=name == current) for name, label, url in pages]


def rows(found: Sequence[Questionnaire]) -> list[tuple[Questionnaire, Any, int]]:
    """Return questionnaires with the word for their state and how many have answered."""
    counts = selectors.progress(found)
    return [(one, wording.STATES[one.state], counts[one.id]) for one in found]


def fact_names(book: Questionnaires) -> dict[str, str]:
    """Return the facts that a place may ask for, in the reader's language."""
    language = get_language() or "zh-hans"
    return {key: str(name) for key, name in wording.FACTS.items()} | {
        one.id: one.name.in_language(language) for one in book.facts
    }


def condition_words(one: Question, questions: Mapping[str, Question]) -> list[str]:
    """Return the conditions of a question as sentences."""
    said = []
    for each in one.when:
        other = questions.get(each.question)
        names = option_names(other) if other else {}
        chosen = "、".join(names.get(option, option) for option in each.options)
        asked = other.text if other else each.question
        said.append(_("only if “%(question)s”: %(answers)s") % {"question": asked, "answers": chosen})
    return said


def option_names(one: Question) -> dict[str, str]:
    """Return the answers to choose from: id → text."""
    return {key: str(word) for key, word in wording.SCALE.items()} if one.kind == "scale" else dict(one.options)


def sheet(found: Questionnaire, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one questionnaire shows."""
    questions, book = selectors.questions_of(found), selectors.section(found)
    known, names = {one.key: one for one in questions}, fact_names(book)
    flaws: dict[str, list[Any]] = {}
    for flaw in branching.flaws(questions, facts=list(names)):
        flaws.setdefault(flaw.question, []).append(wording.FLAWS[flaw.code])
    runs = permissions.runs(actor, found)
    return {
        "found": found,
        "state": wording.STATES[found.state],
        "views": tabs(found, "sheet", actor),
        "questions": [
            (
                one,
                wording.KINDS.get(one.kind, one.kind),
                list(option_names(one).values()) if one.kind != "scale" else [],
                condition_words(one, known),
                names.get(one.fact, one.fact),
                flaws.get(one.key, []),
            )
            for one in questions
        ],
        "flawed": flaws,
        "actions": [(one, *wording.ACTIONS[one]) for one in selectors.actions(found, actor)],
        "writes": found.state == "draft" and permissions.can(actor, "send", found),
        "answered": selectors.progress([found])[found.id],
        "about": "、".join(directory.names_of_departments(found.about).values()),
        "runs": runs,
        "entries": timelines.entries(selectors.trace(found, actor)),
        "today": answers.local_date(now),
    }


def question_form(found: Questionnaire, key: str) -> dict[str, Any]:
    """Return what the form of one question shows; key "": of a new one."""
    questions = selectors.questions_of(found)
    one = next((each for each in questions if each.key == key), Question(key="", kind="one", text=""))
    place = next((at for at, each in enumerate(questions) if each.key == key), len(questions))
    when = one.when[0] if one.when else None
    return {
        "found": found,
        "one": one,
        "kinds": wording.KINDS.items(),
        "facts": fact_names(selectors.section(found)).items(),
        "options": "\n".join(text for _id, text in one.options),
        "earlier": [
            (each, [(option, text, when is not None and when.question == each.key and option in when.options)
                    for option, text in option_names(each).items()])
            for each in questions[:place]
            if branching.choices(each)
        ],
    }  # fmt: skip


def page(shown: Page, given: Mapping[str, Any] | None, now: dt.datetime) -> dict[str, Any]:
    """Return what the page behind a link shows; given: what was typed and came back."""
    names = fact_names(selectors.section(shown.recipient.questionnaire))
    asked = [one for one in shown.questions if one.fact not in shown.known]
    passed = {one.key for one in shown.questions} - {one.key for one in asked}
    initial: dict[str, Any] = dict(shown.given)
    for one in selectors.stated_by(shown.recipient):
        initial[f"{one.question}-name"] = one.take_up
    form = AnswerForm(asked, initial, given)
    return {
        "shown": shown,
        "found": shown.recipient.questionnaire,
        "form": form,
        "fields": [(one, form[one.key], _extra(form, one), _reveal(one, passed)) for one in asked],
        "known": [(fact, names.get(fact, fact), shown.known[fact]) for fact in shown.asked_facts],
    }


def _extra(form: AnswerForm, one: Question) -> Any:
    return form[f"{one.key}-name"] if one.kind == "problem" else None


def _reveal(one: Question, passed: set[str]) -> str:
    """Return when the page shows a question, as `typing.js` reads it; the server decides again."""
    return "&".join(f"{each.question}={','.join(each.options)}" for each in one.when if each.question not in passed)


def figures(found: Questionnaire, actor: Actor) -> list[Figure]:
    """Return 参与 → 问题 → 急难 with the list behind each, for those who ask."""
    counted = selectors.figures(questionnaire=found, actor=actor)
    runs = permissions.runs(actor, found)
    stated = reverse("questionnaires:statements", args=[found.id]) if runs else ""
    problems = reverse("questionnaires:problems", args=[found.id]) if runs else ""
    share = f"{100 * counted.answered / counted.asked:.0f} %" if counted.asked else "—"
    return [
        Figure(name=_("Asked"), value=counted.asked, note=_("%(n)d of them by a message") % {"n": counted.reached}),
        Figure(name=_("Answered"), value=counted.answered, note=_("%(share)s of those asked") % {"share": share}),
        Figure(
            name=_("Statements"),
            value=counted.statements,
            url=stated,
            note=_("%(n)d set aside, %(m)d to be sorted") % {"n": counted.set_aside, "m": counted.to_sort},
        ),
        Figure(name=_("Problems"), value=counted.problems, url=problems, note=_("alike statements are one problem")),
        Figure(name=_("Urgent"), value=counted.urgent, url=f"{problems}?urgent=1" if problems else ""),
        Figure(
            name=_("With task forces"),
            value=counted.raised,
            url=f"{problems}?state=raised" if problems else "",
            note=_("as %(n)d matters") % {"n": counted.cases},
        ),
    ]


def results(found: Questionnaire, actor: Actor) -> dict[str, Any]:
    """Return what the page of results shows."""
    answered, counted = selectors.results(questionnaire=found, actor=actor)
    lines = []
    for tally, shown in counted:
        names = option_names(tally.question)
        cells = [
            (names[key], n, round(100 * n / tally.answered) if n and tally.answered else 0) for key, n in shown.items()
        ]
        lines.append((tally, cells, bool(shown)))
    return {
        "found": found,
        "state": wording.STATES[found.state],
        "views": tabs(found, "results", actor),
        "figures": figures(found, actor),
        "answered": answered,
        "least": selectors.section(found).least,
        "lines": lines,
        "by": wording.BY.items(),
    }


def breakdown(found: Questionnaire, actor: Actor, key: str, by: str) -> dict[str, Any]:
    """Return what the page of one question by place, trade or size shows."""
    parts = selectors.breakdown(questionnaire=found, actor=actor, key=key, by=by)
    names = option_names(parts.question)
    return {
        "found": found,
        "views": tabs(found, "results", actor),
        "parts": parts,
        "by": wording.BY[by],
        "others": [(name, word) for name, word in wording.BY.items() if name != by],
        "heads": list(names.values()),
        "rows": [(row, [cells[key] for key in names]) for row, cells in parts.rows.items()],
        "least": selectors.section(found).least,
    }


def problem_rows(found: Sequence[Problem]) -> list[tuple[Problem, Any]]:
    """Return problems with the word for their state."""
    return [(one, wording.PROBLEM_STATES[one.state]) for one in found]


def problem(found: Problem, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one problem shows."""
    language = get_language() or "zh-hans"
    book = rulebooks.in_force(found.region, now).section(Questionnaires)
    return {
        "problem": found,
        "state": wording.PROBLEM_STATES[found.state],
        "fates": selectors.statements_of(problem=found, actor=actor),
        "forces": {one.id: one.name.in_language(language) for one in book.task_forces},
        "actions": [(one, *wording.ACTIONS[one]) for one in selectors.problem_actions(found, actor)],
        "entries": timelines.entries(selectors.problem_trace(found, actor)),
        "views": tabs(found.questionnaire, "problems", actor),
    }
