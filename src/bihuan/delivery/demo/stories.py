"""Tells one matter from the first word to the archive: who does what when."""

import datetime as dt
from typing import Any

from bihuan.casework.cases.states import TIERS
from bihuan.foundation.accounts.roles import Role

from . import endings, rhythm
from .place import CITY, DEPARTMENTS, DISTRICT, TOWNS
from .scripts import Script
from .story import HaltedError, Story, Subject, level_of
from .words import phrases
from .world import Step, World


def tell(*, world: World, subject: Subject, script: Script, raised_at: dt.datetime) -> list[Step]:
    """Return the steps of one matter, in order, however far into the future they go."""
    story = Story(world=world, subject=subject, script=script, raised_at=raised_at)
    try:
        _raise(story)
        if _take_in(story):
            _handle(story)
            endings.verify(story)
    except HaltedError:
        pass
    return story.steps


def repeat(*, world: World, subject: Subject, first: list[Step], raised_at: dt.datetime) -> list[Step]:
    """Return the steps of the same matter raised again in nearly the same words, and merged into the first one."""
    story = Story(world=world, subject=subject, script=Script(), raised_at=raised_at)
    _raise(story)
    again = story.dice.choice(("再反映一次：", "前几天提过，没动静。", "还是那件事。", ""))
    said = first[0].body
    story.steps[0].body.update(title=said["title"], description=again + said["description"], place=said["place"])
    story.work(story.dice.uniform(0.4, 4))
    story.do("merge", story.dice.choice((story.seat, story.coordinator)), into=first[0].case)
    return story.steps


def _raise(story: Story) -> None:
    """提出: the words of the enterprise, entered by itself or by staff on its behalf."""
    subject, dice, words = story.subject, story.dice, story.words
    contact = {}
    if not subject.anonymous or dice.random() < 0.3:
        contact = {"name": f"{words.slots['surname']}经理", "phone": f"0199-555{dice.randint(0, 9999):04d}"}
    staff = subject.author not in ("", subject.firm.login)
    matter = {
        "title": words.title(),
        "description": words.story(),
        "channel": subject.channel,
        "region": TOWNS[story.town] if dice.random() < 0.8 else DISTRICT,
        "place": words.place() if dice.random() < 0.45 else "",
        "category": subject.scenario.category if dice.random() < 0.5 else "",
        "contact": contact,
    }
    named: dict[str, Any] = {"anonymous": True} if subject.anonymous else {"enterprise": subject.firm.uscc}
    matter |= named
    story.do("raise", subject.author, subject.firm.uscc if staff and not subject.anonymous else "", **matter)
    if subject.key % 53 in (7, 19) and not staff:
        story.now += dt.timedelta(minutes=2)
        story.do("attach", story.raiser, kind=dice.choice(("photo", "photo", "letter", "list")))


def _take_in(story: Story) -> bool:
    """受理到签收. Returns whether the matter is now being handled."""
    script, dice, words = story.script, story.dice, story.words
    story.work(0.8 * script.delay)
    if script.ending == "declined":
        _decline(story)
        return False
    if script.supplement or script.ending == "unanswered":
        story.do("request_supplement", story.seat, what=words.phrase("supplement_whats"))
        if script.ending == "unanswered":
            story.work(46)
            story.do("supplement", story.seat, text="两次联系未取得补充材料，按现有内容处理。")
            story.work(0.5)
            _decline(story, reason="insufficient")
            return False
        story.live(2, 60)
        story.do("supplement", story.raiser, text=words.phrase("supplements"))
        story.work(1.2)
    if script.ending == "withdrawn" and dice.random() < 0.4:
        story.do("withdraw", story.raiser)
        return False
    urgent = dice.random() < 0.06
    accepted = {"tier": script.tier, "board": story.scenario.board, "category": story.scenario.category}
    story.do("accept", story.seat if dice.random() < 0.85 else story.coordinator, urgent=urgent, **accepted)
    _dispatch(story)
    if script.ending == "withdrawn":
        story.live(3, 40)
        story.do("withdraw", story.raiser)
        return False
    return True


def _decline(story: Story, reason: str = "") -> None:
    said, dice = phrases(), story.dice
    usual = ("not_in_scope", "not_in_scope", "other_channel", "no_legal_basis", "policy_changed")
    reason = reason or dice.choice(usual)
    channels = said["decline_channels"].get(reason)
    where = {"channel": dice.choice(channels)} if channels else {}
    story.do("decline", story.seat, reason=reason, basis=dice.choice(said["declines"][reason]), **where)
    if story.script.archived:
        story.work(dice.uniform(60, 100))
        story.do("archive", story.coordinator)


def _dispatch(story: Story) -> None:
    """派单到签收, with the objections on the way."""
    script, dice = story.script, story.dice
    story.accepted_at = story.now
    right = story.lead
    wrong = dice.sample([code for code in DEPARTMENTS if code not in (right, *story.scenario.co)], 2)
    story.work(dice.uniform(0.2, 1.6) * min(script.delay, 2.5))
    by = f"board-{story.scenario.board.replace('_', '-')}" if dice.random() < 0.2 else story.coordinator
    # An upheld objection means that the first guess was wrong.
    stops = [wrong[number] for number, upheld in enumerate(script.objections) if upheld]
    story.lead = (stops or [right])[0]
    story.do("dispatch", by, lead=story.lead, co=list(story.scenario.co))
    for number, upheld in enumerate(script.objections):
        story.work(dice.uniform(0.8, 4.5))
        reason = story.words.phrase("objections", right=DEPARTMENTS[right if upheld else wrong[number]].short)
        story.do("object", story.liaison, reason=reason, basis=story.words.phrase("objection_bases"))
        story.work(dice.uniform(0.6, 6))
        if not upheld:
            story.do("rule_objection", story.coordinator, upheld=False)
            return
        story.lead = stops[number + 1] if number + 1 < len(stops) else right
        by = dice.choice(story.world.staff(Role.CATCH_ALL)) if number else story.coordinator
        story.do("rule_objection", by, upheld=True, lead=story.lead)
    story.work(dice.lognormvariate(0.2, 0.6) * script.pace)
    story.do("sign", story.liaison)


def _handle(story: Story) -> None:
    """办理: plan, progress, questions and what stops or prolongs the clock, until the answer."""
    script, dice, calendar = story.script, story.dice, story.world.calendar
    deadline = calendar.add(story.accepted_at, story.world.limits.due[script.tier])
    whole = rhythm.hours_between(calendar, deadline.counts_from, deadline.at)
    goal = rhythm.office(calendar, deadline.counts_from, script.share * whole)
    middle = ["progress"] * script.progress + ["co"] * len(story.scenario.co) + ["asks"] * script.asks
    middle += ["escalate"] * bool(script.escalated) + ["inside"] * (script.progress > 1 and dice.random() < 0.3)
    dice.shuffle(middle)
    first = ["plan"] if script.plan else []
    helpers = [code for code in story.scenario.co if code != story.lead]
    gap = max(rhythm.hours_between(calendar, story.now, goal), 1.0) / (len(middle) + len(first) + 1)
    held = 0.0
    for place, event in enumerate(first + middle):
        story.work(min(gap, 3.0) if place == 0 else gap * dice.uniform(0.6, 1.1))
        before = story.now
        _event(story, event, helpers, place)
        held += rhythm.hours_between(calendar, before, story.now) if event == "asks" else 0.0
    if script.suspension:
        held += _suspend(story)
    goal = rhythm.office(calendar, goal, held)
    if script.extension:
        goal = max(goal, _extend(story, rhythm.office(calendar, deadline.at, held), whole))
    if script.share > 0.9 and dice.random() < 0.5:
        story.work(1)
        story.do("remind", dice.choice((story.coordinator, "supervision1")), text=story.words.phrase("reminders"))
    elif script.share > 0.9:
        story.live(1, 20)
        story.do("urge", story.raiser)
    story.wait_until(goal)
    story.do("reply", story.liaison, text=story.words.reply(script.kind, story.now), kind=script.kind)
    for code in helpers:
        story.work(dice.uniform(0.2, 2))
        story.do("co_reply", f"liaison-{code}", text=story.words.phrase("co_replies"))


def _event(story: Story, event: str, helpers: list[str], place: int) -> None:
    """One thing that happens while a department works on a matter."""
    words, dice = story.words, story.dice
    if event == "plan":
        _plan(story)
    elif event == "progress":
        kind = "progress_next" if place else "progress_first"
        story.do("report_progress", story.liaison, text=words.phrase(kind))
    elif event == "inside":
        story.do("report_progress", story.liaison, text=words.phrase("progress_inside"), visible_to_enterprise=False)
    elif event == "co" and helpers and dice.random() < 0.9:
        story.do("co_reply", f"liaison-{helpers.pop(0)}", text=words.phrase("co_replies"))
    elif event == "escalate":
        needed = {"catch_all": "complex", "conference": "hard"}.get(story.script.escalated, "ordinary")
        if TIERS.index(needed) > TIERS.index(story.script.tier):
            story.do("move_tier", story.coordinator, tier=needed, reason=words.phrase("escalations"))
            story.work(0.2)
        by = (
            story.coordinator
            if story.script.escalated == CITY
            else dice.choice((story.coordinator, f"head-{story.lead}"))
        )
        story.do("escalate", by, to=story.script.escalated, reason=words.phrase("escalations"))
        if story.script.escalated not in ("conference", CITY):
            story.work(dice.uniform(2, 8))
            story.do("come_down", dice.choice(story.world.staff(Role.LEADER)), reason=words.phrase("from_above"))
    elif event == "asks":
        question = words.phrase("question_frames", question=story.scenario.question)
        story.do("ask_enterprise", story.liaison, question=question)
        story.live(2, 70)
        story.do("answer", story.raiser, text=words.phrase("answers"))


def _plan(story: Story) -> None:
    """方案, and what the enterprise thinks of it; a bad mark brings a second version (T3)."""
    words, dice = story.words, story.dice
    department = DEPARTMENTS[story.lead]
    for version in (1, 2):
        day = story.now.astimezone(rhythm.ZONE).date()
        measures = [
            {
                "what": words.fill(step),
                "unit": f"{department.short}{dice.choice(department.sections)}",
                "due": (day + dt.timedelta(days=number * dice.randint(2, 5))).isoformat(),
            }
            for number, step in enumerate(story.scenario.steps[: dice.choice((2, 3, 3))], start=version)
        ]
        story.do("submit_plan", story.liaison, measures=measures)
        if dice.random() > 0.35:
            return
        story.live(1, 20)
        level = level_of(dice, story.script.mood + 0.3)
        story.do("rate_plan", story.raiser, level=level)
        if level > 2:
            return
        story.work(3)


def _suspend(story: Story) -> float:
    """挂账; returns for how many office hours the clock stood."""
    dice, calendar = story.dice, story.world.calendar
    before = story.now
    until = (story.now + dt.timedelta(days=dice.randint(14, 40))).astimezone(rhythm.ZONE).date()
    reason, evidence = story.words.phrase("suspensions"), story.words.phrase("evidence")
    story.do("suspend", story.liaison, reason=reason, evidence=evidence, until=until.isoformat())
    story.work(dice.uniform(1, 6))
    granted = story.script.suspension == "granted"
    story.do("decide_suspension", dice.choice(story.world.staff(Role.LEADER)), granted=granted)
    if not granted:
        return 0.0
    story.reach("resume")
    if dice.random() < 0.4:
        story.work(dice.uniform(20, 50))
        story.do("resume", story.liaison)
        return rhythm.hours_between(calendar, before, story.now)
    # The product resumes by itself at the close of that day.
    over = calendar.closing(until)
    story.now = rhythm.office(calendar, over, dice.uniform(1.5, 4))
    return rhythm.hours_between(calendar, before, over)


def _extend(story: Story, due: dt.datetime, whole: float) -> dt.datetime:
    """延期: asked for and decided on before the time is up. Returns when the answer may come at the earliest."""
    dice, calendar = story.dice, story.world.calendar
    story.wait_until(calendar.instant(calendar.position(due) - round(0.18 * whole * 3_600_000_000)))
    if rhythm.hours_between(calendar, story.now, due) < 3.5:
        return story.now
    days = dice.choice((3, 5, 5, 10))
    story.do("request_extension", story.liaison, reason=story.words.phrase("extensions"), days=days)
    story.work(dice.uniform(0.4, 1.8))
    granted = story.script.extension == "granted"
    story.do("decide_extension", story.coordinator, granted=granted)
    return rhythm.office(calendar, due, days * 7.5 * dice.uniform(0.1, 1.05)) if granted else story.now
