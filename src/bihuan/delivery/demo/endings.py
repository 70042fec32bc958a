"""The end of a matter: verification, the enterprise's word, rating, reopening, archive."""

import datetime as dt
from typing import Any

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.workdays import Duration

from . import rhythm
from .story import Story, level_of
from .words import phrases


def verify(story: Story, verifiers: tuple[str, ...] = ()) -> None:
    """核验与办结, then the enterprise's word. `verifiers` closed it before and are out (L10)."""
    script, dice = story.script, story.dice
    centre = story.world.staff(Role.COORDINATOR) + story.world.staff(Role.CATCH_ALL)
    verifier = dice.choice([person for person in centre if person not in verifiers])
    rounds = 0 if verifiers else script.reworks
    if script.early and not verifiers and story.word != "silent":
        story.live(0.5, 6)
        rounds = _say_early(story)
    for _round in range(rounds):
        story.work(dice.uniform(1, 9))
        story.do("verify_return", verifier, reason=story.words.phrase("returns"))
        _work_again(story, story.world.limits.rework)
    story.work(dice.uniform(1, 8))
    if script.takes:
        story.do("verify_start", verifier)
        story.work(dice.uniform(0.5, 5))
    story.do("verify_close", verifier, **_callback(story, first=not verifiers))
    _after_closing(story, (*verifiers, verifier))


def _say_early(story: Story) -> int:
    """The enterprise speaks before the closing. Returns how often the answer must go back for that."""
    _say(story)
    if story.word == "denied" and story.script.kind == "resolved":
        story.word = "confirmed"
        return max(1, story.script.reworks)
    story.word = "spoken"
    return 0


def _callback(story: Story, *, first: bool) -> dict[str, Any]:
    """What the call to the enterprise brought, if there was one."""
    script, dice = story.script, story.dice
    if script.call == "none":
        return {}
    if script.call == "unreached":
        return {"callback": {"reached": False}}
    told = {"reached": True, "level": level_of(dice, script.mood)}
    if script.call == "solved" and first and script.kind == "resolved":
        story.called_solved = True
        told["solved"] = True
    elif script.call == "unsolved" and script.kind != "resolved":
        told["solved"] = False
    return {"callback": told}


def _work_again(story: Story, limit: Duration) -> None:
    """Handling after a return or a reopening, with the shorter limit."""
    script, calendar = story.script, story.world.calendar
    deadline = calendar.add(story.now, limit)
    hours = rhythm.hours_between(calendar, story.now, deadline.at)
    story.work(min(2.5 * script.pace, 0.3 * hours))
    story.do("report_progress", story.liaison, text=story.words.phrase("progress_next"))
    story.work(min(script.share, 1.15) * hours * 0.6)
    story.do("reply", story.liaison, text=story.words.reply(script.kind, story.now), kind=script.kind)


def _say(story: Story) -> None:
    """办成没有: the enterprise says it."""
    if story.word == "confirmed":
        story.do("confirm", story.raiser)
    else:
        story.do("deny", story.raiser, reason=story.words.phrase("denials"))


def _after_closing(story: Story, verifiers: tuple[str, ...]) -> None:
    """评价 and 归档, or once more round the loop."""
    script, dice, calendar = story.script, story.dice, story.world.calendar
    closed_at, again = story.now, len(verifiers) > 1
    tracked = script.kind == "tracked" and not again
    if not tracked and (story.word == "denied" or (story.word == "confirmed" and not story.called_solved)):
        story.live(1, 70)
        _say(story)
    if script.rated and not again:
        story.live(0.1, 20)
        _rate(story)
    if script.reopened and not again:
        _reopen(story)
        verify(story, verifiers)
        return
    if tracked:
        _follow(story)
    if script.archived:
        silence_over = calendar.add(closed_at, story.world.limits.silence).at + dt.timedelta(hours=20)
        story.now = max(story.now, silence_over, closed_at + dt.timedelta(days=dice.randint(16, 26)))
        story.work(dice.uniform(0.3, 6))
        story.do("archive", story.coordinator)


def _follow(story: Story) -> None:
    """跟踪: the department tells every half month how far it is; some forget it once; in the end it is really done."""
    dice = story.dice
    forgets = dice.randint(0, 5)
    for update in range(dice.randint(3, 9)):
        story.now += dt.timedelta(days=21 if update == forgets else dice.uniform(10, 13.5))
        story.work(dice.uniform(0.2, 5))
        story.do("report", story.liaison, text=story.words.phrase("progress_next"))
    if story.word not in ("denied", "spoken"):
        story.live(5, 60)
        story.do("confirm", story.raiser)


def _reopen(story: Story) -> None:
    """重办: less time, no helpers, another verifier; perhaps it is really done this time."""
    dice, pace = story.dice, story.script.pace
    story.live(2, 50)
    by = story.raiser if dice.random() < 0.75 else dice.choice(story.world.staff(Role.SUPERVISION_OFFICE))
    story.do("reopen", by, reason=story.words.phrase("reopenings"))
    story.work(dice.uniform(0.4, 3))
    story.do("dispatch", story.coordinator, lead=story.lead, co=[])
    story.work(dice.uniform(0.3, 2.5) * pace)
    story.do("sign", story.liaison)
    _work_again(story, story.world.limits.reopened)
    story.word, story.called_solved = dice.choice(("confirmed", "confirmed", "silent")), False


def _rate(story: Story) -> None:
    script, dice = story.script, story.dice
    body: dict[str, Any] = {"process": level_of(dice, script.mood + 0.2), "result": level_of(dice, script.mood)}
    if any(step.action == "submit_plan" for step in story.steps):
        body["plan"] = level_of(dice, script.mood + 0.3)
    if min(body.values()) <= 2:
        body["reasons"] = sorted(dice.sample(phrases()["rate_reasons"], dice.randint(1, 2)))
    story.do("rate", story.raiser, **body)
