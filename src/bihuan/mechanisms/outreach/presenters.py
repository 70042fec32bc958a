"""What pages of outreach show."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.kernel import answers
from bihuan.foundation.ledger import facts
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Figure, Option, TimelineEntry

from . import permissions, selectors, wording
from .models import Campaign, CampaignMatter, Code, FollowUp, Visit
from .rulebook import Outreach
from .rules.campaigns import FIGURES


def tabs(current: str, actor: Actor) -> list[Option]:
    """Return the views of codes and ratings that the reader may open."""
    base = reverse("outreach:codes")
    roles = set(actor.reader.roles) if actor.reader else set()
    pages = [(kind, name, f"{base}?kind={kind}") for kind, name in wording.KINDS.items()]
    pages.append(("all", _("All"), base))
    if roles & set(permissions.FOLLOWING):
        pages.append(("followups", _("Bad ratings"), reverse("outreach:follow_ups")))
    if roles & set(permissions.ISSUING):
        pages.append(("issue", _("Put up codes"), reverse("outreach:issue")))
    return [Option(label=label, url=url, current=name == current) for name, label, url in pages]


def figures(actor: Actor) -> list[Figure]:
    """Return the key figures for those who read ratings, each with the list behind it; none for others."""
    if not selectors.reader_regions(actor):
        return []
    found, base, follow = selectors.figures(actor=actor), reverse("outreach:codes"), reverse("outreach:follow_ups")
    rows = [
        (_("Window codes"), found["window"], f"{base}?kind=window", _("put up, in any state")),
        (_("Enterprise codes"), found["enterprise"], f"{base}?kind=enterprise", _("put up, in any state")),
        (_("Cards handed out"), found["cards"], f"{base}?kind=card", ""),
        (_("Scans"), found["scans"], base, _("one device counts once in ten minutes")),
        (_("Ratings"), found["ratings"], base, ""),
        (_("Prompts sent"), found["prompts"], f"{base}?kind=window", _("persons told")),
        (_("Letters sent"), found["letters"], f"{follow}?kind=letter", _("of %(n)d bad ratings") % {"n": found["bad"]}),
        (_("Callbacks made"), found["callbacks"], f"{follow}?kind=callback", ""),
    ]
    return [Figure(name=name, value=value, url=url, note=note) for name, value, url, note in rows]


def rows(found: Sequence[Code], actor: Actor, now: dt.datetime) -> list[tuple[Code, Any, Any, selectors.Counted]]:
    """Return codes with the words for kind and state and with their counts."""
    counts = selectors.code_counts(codes=found, actor=actor, now=now)
    return [(one, wording.KINDS[one.kind], wording.STATES[one.state], counts[one.id]) for one in found]


def reasons(region: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the reasons for a bad rating that a place knows, in the reader's language."""
    known = rulebooks.in_force(region, now).section(Outreach).codes.reasons
    return [(one.id, one.name.in_language(get_language() or "zh-hans")) for one in known]


def code(found: Code, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one code shows."""
    names = dict(reasons(found.region, now))
    given = selectors.ratings_of(code=found, actor=actor)
    return {
        "code": found,
        "kind": wording.KINDS[found.kind],
        "state": wording.STATES[found.state],
        "counted": selectors.code_counts(codes=[found], actor=actor, now=now)[found.id],
        "least": rulebooks.in_force(found.region, now).section(Outreach).codes.least,
        "actions": [(one, *wording.ACTIONS[one]) for one in selectors.code_actions(found, actor)],
        "may_prompt": found.state == "active" and permissions.may_prompt(actor, found),
        "prompts": selectors.prompts_of(code=found, actor=actor),
        "ratings": [(one, wording.LEVELS[one.level], [names.get(key, key) for key in one.reasons]) for one in given],
        "entries": entries(selectors.trace(code=found, actor=actor)),
    }


def entries(trace: Sequence[dict[str, Any]]) -> list[TimelineEntry]:
    """Return the facts of a code as a timeline, newest first; one query for all names."""
    people = {str(key): name for key, name in accounts.names(one["actor"] for one in trace if one["actor"]).items()}
    # Who did it stands before the sentence, so the sentence does not name them again.
    quiet = dict.fromkeys(people, "")
    return [
        TimelineEntry(
            at=dt.datetime.fromisoformat(one["at"]),
            who=people.get(one["actor"] or "", ""),
            text=facts.wording(one, quiet).strip(),
            icon="star" if one["kind"].endswith("rated") else "point",
            system=not one["actor"],
            notes=[f"#{one['seq']}"],
        )
        for one in reversed(trace)
    ]


def follow_up(found: FollowUp, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one follow-up shows; the rating only to supervisors."""
    rating, names = selectors.rating_of(found, actor), dict(reasons(found.region, now))
    return {
        "follow_up": found,
        "kind": wording.FOLLOW_KINDS[found.kind],
        "state": wording.FOLLOW_STATES[found.state],
        "overdue": found.due_at is not None and found.due_at < now,
        "rating": rating,
        "level": wording.LEVELS[rating.level] if rating else "",
        "reasons": [names.get(key, key) for key in rating.reasons] if rating else [],
        "actions": [(one, *wording.ACTIONS[one]) for one in selectors.follow_up_actions(found, actor)],
    }


def visit_tabs(current: str, actor: Actor) -> list[Option]:
    """Return the views of visits that the reader may open."""
    base, roles = reverse("outreach:visits"), set(actor.reader.roles) if actor.reader else set()
    pages = [("mine", _("My visits"), f"{base}?mine=1")]
    if roles & permissions.VISITING:
        pages += [("all", _("All"), base), ("firm", _("One enterprise"), reverse("outreach:firm"))]
        pages += [("new", _("Register a visit"), reverse("outreach:register_visit"))]
        pages += [("plans", _("Plans"), reverse("outreach:plans")), ("teams", _("Teams"), reverse("outreach:teams"))]
    return [Option(label=label, url=url, current=name == current) for name, label, url in pages]


def visit_rows(found: Sequence[Visit]) -> list[tuple[Visit, Any, Any]]:
    """Return visits with the words for kind and state."""
    return [(one, wording.VISIT_KINDS[one.kind], wording.VISIT_STATES[one.state]) for one in found]


def visit(found: Visit, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of one visit shows: what was reported, never how it was rated."""
    names = accounts.names(found.officials)
    return {
        "visit": found,
        "kind": wording.VISIT_KINDS[found.kind],
        "state": wording.VISIT_STATES[found.state],
        "officials": [names.get(one, "") for one in found.officials],
        "actions": selectors.visit_actions(found, actor, now),
        "reports": selectors.reports_of(visit=found, actor=actor),
        "inside": selectors.inside(found, actor),
        "visited": permissions.visited(actor, found),
    }


def team_kinds(region: str, now: dt.datetime) -> list[tuple[str, str, int | None]]:
    """Return the kinds of teams a place knows: id, name in the reader's language, how many there may be."""
    language = get_language() or "zh-hans"
    known = rulebooks.in_force(region, now).section(Outreach).visits.teams
    return [(one.id, one.name.in_language(language), one.count) for one in known]


def fixed_days(region: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the customary days of a place: id and name in the reader's language."""
    language = get_language() or "zh-hans"
    known = rulebooks.in_force(region, now).section(Outreach).visits.fixed_days
    return [(one.id, one.name.in_language(language)) for one in known]


def campaign_rows(found: Sequence[Campaign]) -> list[tuple[Campaign, Any]]:
    """Return campaigns with the word for their state."""
    return [(one, wording.CAMPAIGN_STATES[one.state]) for one in found]


def figure_names() -> list[tuple[str, Any, Any]]:
    """Return the figures of a campaign: id, name, how it is counted."""
    return [(one, wording.FIGURES[one], wording.DEFINED[one]) for one in FIGURES]


def chart(found: Campaign, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what the wall chart shows."""
    shown = selectors.chart(campaign=found, actor=actor, now=now)
    goals = [(wording.FIGURES[one.figure], one, round(100 * one.share)) for one in shown.goals]
    days = sorted({day for counts in shown.days.values() for day in counts}, reverse=True)
    return {
        "campaign": found,
        "state": wording.CAMPAIGN_STATES[found.state],
        "goals": goals,
        "matters": [_matter(one, met, shown, actor) for one, met in shown.matters],
        "criteria": criteria(shown),
        "days": [(day, [shown.days.get(figure, {}).get(day, 0) for figure in FIGURES]) for day in days],
        "heads": figure_names(),
        "totals": [shown.totals[figure] for figure in FIGURES],
        "teams": shown.teams,
        "plans": shown.plans,
        "actions": [(one, *wording.CAMPAIGN_ACTIONS[one]) for one in selectors.campaign_actions(found, actor)],
        "adds": found.state == "running" and permissions.plans(actor, found.region),
        "today": answers.local_date(now),
    }


def _matter(one: CampaignMatter, met: Sequence[str], shown: selectors.Chart, actor: Actor) -> tuple[Any, ...]:
    one.campaign = shown.campaign
    actions = [(name, *wording.CAMPAIGN_ACTIONS[name]) for name in selectors.matter_actions(one, actor)]
    missing = [str(word) for name, word in criteria(shown) if name not in met]
    return one, wording.MATTER_STATES[one.state], len(met), missing, actions


def criteria(shown: selectors.Chart) -> list[tuple[str, Any]]:
    """Return what gives a star, in words."""
    return [(name, wording.CRITERIA[name] % {"days": shown.lively}) for name in shown.criteria]
