"""The whole demonstration as one list of steps in time: decided in advance, from the seed and the calendar alone."""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator

from bihuan.foundation.accounts.roles import Role

from . import rhythm, scenarios, scripts, stories
from .firms import Firm
from .place import DEPARTMENTS
from .scripts import Script, Showcase
from .story import Subject
from .world import Step, World

TWINS = 0.025
"""Share of matters that are raised a second time by the same enterprise and merged."""
CASES_PER_COPY = 600
"""One more copy of every standing matter for so many cases."""

_WITH_LOGIN = (("web", 42), ("mobile", 36), ("hotline", 10), ("visit", 7), ("api", 3), ("talk", 2))
_WITHOUT = (
    ("web", 20), ("mobile", 19), ("hotline", 22), ("enterprise_code", 11), ("window_code", 6), ("window", 5),
    ("talk", 5), ("visit", 4), ("observation_point", 3), ("questionnaire", 2), ("supervision_card", 1.5),
    ("superior", 1),
    ("open311", 0.6), ("media", 0.4),
)  # fmt: skip
_ANONYMOUS = (("web", 30), ("mobile", 30), ("enterprise_code", 25), ("hotline", 15))
_ENTERED_BY = {
    "hotline": Role.SEAT,
    "window": Role.SEAT,
    "visit": Role.COORDINATOR,
    "talk": Role.COORDINATOR,
    "observation_point": Role.OBSERVER,
    "superior": Role.SUPERVISION_OFFICE,
    "media": Role.SUPERVISION_OFFICE,
}
"""Channels that are not for the public, and who writes the matter down."""


def plan(*, world: World, cases: int) -> list[Step]:
    """Return all steps until `world.now`, in order of time. From about 50 cases on every state and light is there."""
    shows = [*scripts.STANDING, *scripts.PAST, *scripts.STANDING * (cases // CASES_PER_COPY)][:cases]
    standing = [show for show in shows if not show.twin]
    twins = len(shows) - len(standing) + round(TWINS * (cases - len(shows)))
    told = list(_ordinary(world, cases - len(standing) - twins))
    originals = [steps for steps in told if _may_have_twin(steps, world)]
    told += [_placed(world, len(told) + number, show) for number, show in enumerate(standing)]
    told += _repeated(world, originals, cases - len(told), len(told)) if originals else ()
    steps = [step for one in told for step in one if step.at <= world.now]
    return sorted(steps, key=lambda step: step.order)


def _ordinary(world: World, count: int) -> Iterator[list[Step]]:
    dice = world.dice("arrivals")
    instants = rhythm.arrivals(count=count, first=world.first, now=world.now, calendar=world.calendar, dice=dice)
    whole = world.now - instants[0] if instants else dt.timedelta(1)
    for key, instant in enumerate(instants):
        dice = world.dice(f"subject:{key}")
        share = (instant - instants[0]) / whole
        subject, script = _subject(world, key, dice, instant, share)
        if subject.author and subject.author != subject.firm.login and subject.channel != "hotline":
            instant = rhythm.office(world.calendar, instant, dice.uniform(0.1, 2))
            if instant >= world.now:
                instant = instants[key]
        yield stories.tell(world=world, subject=subject, script=script, raised_at=instant)


def _subject(
    world: World, key: int, dice: random.Random, at: dt.datetime, share: float, fixed: Script | None = None
) -> tuple[Subject, Script]:
    """Draw what is raised, by whom and through which channel, and how it will go (or take `fixed`)."""
    known = scenarios.everything()
    weights = [one.weight * rhythm.lean(months=one.months, trend=one.trend, at=at, share=share) for one in known]
    scenario = dice.choices(known, weights)[0]
    firm = _firm(world, scenario, dice)
    anonymous = dice.random() < 0.06
    options = _ANONYMOUS if anonymous else _WITH_LOGIN if firm.login else _WITHOUT
    channel = rhythm.pick(dice, options)
    author = "" if anonymous else firm.login
    if channel in _ENTERED_BY:
        author = dice.choice(world.staff(_ENTERED_BY[channel]))
    subject = Subject(key=key, firm=firm, scenario=scenario, channel=channel, author=author, anonymous=anonymous)
    skill = DEPARTMENTS[scenario.lead].skill
    drawn = scripts.draw(
        dice=dice, skill=skill, tier=scenario.tier, has_instead=bool(scenario.instead), anonymous=anonymous
    )
    return subject, fixed or drawn


def _firm(world: World, scenario: scenarios.Scenario, dice: random.Random) -> Firm:
    """Draw an enterprise of a fitting trade, mostly from the towns where the matter is at home."""
    fitting = [firm for firm in world.firms if firm.industry[0] in scenario.industries]
    if scenario.towns and dice.random() < 0.8:
        fitting = [firm for firm in fitting if firm.town in scenario.towns] or fitting
    return dice.choices(fitting, [firm.pull for firm in fitting])[0]


def _placed(world: World, key: int, show: Showcase) -> list[Step]:
    """Tell a matter so that it stands where it should at the end."""
    dice = world.dice(f"standing:{key}")
    calendar = world.calendar
    about = rhythm.office(calendar, world.now, -show.hours) - dt.timedelta(days=10)
    subject, script = _subject(world, key, dice, about, 0.9, show.script)
    while (script.kind == "alternative" and not subject.scenario.instead) or (
        script.halt and script.halt[0] == "answer" and subject.anonymous
    ):
        subject, script = _subject(world, key, dice, about, 0.9, show.script)
    subject = dataclasses.replace(subject, key=key)

    def told(raised_at: dt.datetime) -> list[Step]:
        return stories.tell(world=world, subject=subject, script=script, raised_at=raised_at)

    if show.band:
        return told(_in_band(world, show, script))
    steps = told(rhythm.office(calendar, world.now, -400))
    length = rhythm.hours_between(calendar, steps[0].at, steps[-1].at)
    for more in range(0, 400, 4):
        steps = told(rhythm.office(calendar, world.now, -show.hours - length - more))
        if steps[-1].at <= world.now:
            break
    return steps


def _in_band(world: World, show: Showcase, script: Script) -> dt.datetime:
    """Return a morning on which a matter must be raised so that its elapsed share is in the band now."""
    assert show.band is not None
    low, high = show.band
    calendar = world.calendar
    today = world.now.astimezone(rhythm.ZONE).date()
    for back in range(1, 120):
        date = today - dt.timedelta(days=back)
        if not calendar.is_workday(date):
            continue
        opening = rhythm.office(calendar, calendar.opening(date), 0.8)
        deadline = calendar.add(opening, world.limits.due[script.tier])
        if low <= calendar.share(deadline.counts_from, deadline.at, world.now) < high:
            return opening
    raise LookupError(f"no day on which a matter would be at {low} to {high} of its time now")


def _may_have_twin(steps: list[Step], world: World) -> bool:
    """Tell whether the matter may be raised again: it is handled, and there is time left for a second one."""
    actions = {step.action for step in steps}
    return not actions & {"decline", "withdraw"} and steps[0].at < world.now - dt.timedelta(days=8)


def _repeated(world: World, originals: list[list[Step]], count: int, key: int) -> Iterator[list[Step]]:
    dice = world.dice("twins")
    by_uscc = {firm.uscc: firm for firm in world.firms}
    for number, steps in enumerate(dice.choices(originals, k=count)):
        first = steps[0]
        firm = by_uscc.get(first.body.get("enterprise", ""), world.firms[number])
        scenario = dice.choice(scenarios.everything())
        anonymous = bool(first.body.get("anonymous"))
        channel = rhythm.pick(dice, _WITH_LOGIN[:2])
        author = "" if anonymous else firm.login
        subject = Subject(
            key=key + number, firm=firm, scenario=scenario, channel=channel, author=author, anonymous=anonymous
        )
        at = rhythm.awake(first.at, dice.uniform(18, 120))
        yield stories.repeat(world=world, subject=subject, first=steps, raised_at=at)
