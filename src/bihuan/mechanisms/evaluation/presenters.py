"""What pages of evaluation show. No rule is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases import presenters as cases
from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import answers
from bihuan.foundation.ui import wording as words
from bihuan.foundation.ui.components import TimelineEntry

from . import wording
from .models import Invitation
from .rulebook import Evaluation
from .rules import measured
from .selectors import SeenMark, SeenQuestion

CHECK = r"""import hashlib, json, math
sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
d = json.load(open("draw.json"))
assert sha(d["seed"]) == d["commitment"]
drawn = []
for name, tickets in d["strata"].items():
    ranked = sorted(tickets, key=lambda one: (sha(d["seed"] + ":" + one), one))
    size = len(ranked) if name in d["whole"] else math.ceil(round(d["share"] * len(ranked), 9))
    drawn += ranked[:size]
print(sorted(drawn) == d["sample"], *sorted(drawn), sep="\n")"""
"""What anybody runs to draw again; shown on the page of a draw, and run by a test."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One action with its button, the label of its text, and a yes-or-no question it asks (name, label), if any."""

    name: str
    label: Any
    ask: Any
    flag: tuple[str, Any] | None = None
    key: str = ""
    is_only: bool = False


FLAGS: dict[str, tuple[str, Any]] = {
    "contact": ("named", wording.NAMED),
    "revisit": ("content", wording.CONTENT),
    "decide_appeal": ("upheld", wording.UPHELD),
    "finish": ("solved", wording.SOLVED),
}
KEYS = {"take": "c", "miss": "m"}


def acts(names: Iterable[str]) -> list[Act]:
    """Return the actions offered, each as its form needs it; what ends the matter stands first."""
    offered = sorted(names, key=lambda name: name == "miss")
    return [
        Act(
            name=name,
            label=wording.ACTIONS[name][0],
            ask=wording.ACTIONS[name][1],
            flag=FLAGS.get(name),
            key=KEYS.get(name, ""),
            is_only=len(offered) == 1,
        )
        for name in offered
    ]


def reasons(rule: Evaluation, given: Iterable[str]) -> list[str]:
    """Return reasons in words; what the rulebook no longer lists stands as it was given."""
    language = get_language() or "zh-hans"
    known = {one.id: one.name.in_language(language) for one in rule.reasons}
    return [known.get(one, one) for one in given]


def parts(mark: SeenMark) -> list[tuple[Any, int, Any]]:
    """Return the parts that were rated badly: name, level, and the level in words."""
    return [(wording.PARTS[name], level, case_words.LEVELS[str(level)]) for name, level in mark.parts.items()]


def choices(rule: Evaluation) -> list[tuple[str, str]]:
    """Return the reasons a raiser can choose from."""
    language = get_language() or "zh-hans"
    return [(one.id, one.name.in_language(language)) for one in rule.reasons]


def evidence(seen: SeenQuestion) -> list[tuple[Any, Any]]:
    """Return the evidence as name and value."""
    found = seen.question.evidence.items()
    return [
        (wording.EVIDENCE.get(key, key), _(", ").join(value) if isinstance(value, list) else value)
        for key, value in found
    ]


def alarms(kind: str) -> str:
    """Say how often the detector of `kind` asks about departments that are honest, as measured on simulated ones."""
    rate = measured.FALSE_ALARMS.get(kind)
    if rate is None:
        return _("This is what happened, not an estimate. An honest cause: staff helped at a counter.")
    share = words.percent(rate, digits=2) if rate else _("none")
    facts = {"share": share, "units": measured.UNITS, "windows": measured.WINDOWS}
    return (
        _("False alarms: %(share)s of honest departments a quarter (%(units)s simulated over %(windows)s quarters).")
        % facts
    )


def entries(trace: list[dict[str, Any]], case: Case) -> list[TimelineEntry]:
    """Return facts as a timeline, with their number alone below: no raiser reads them."""
    return [replace(one, notes=one.notes[:1]) for one in cases.entries(trace, case=case)]


def asked(invitation: Invitation) -> str:
    """Return until which day a link rates."""
    return words.date(answers.local_date(invitation.expires_at), today=answers.local_date(invitation.sent_at))
