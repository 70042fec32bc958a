"""Codes on the walls and people on the road: windows are scanned and rated, visits registered, reported and rated.

Nobody plans this: it happens in the afternoon of each working day of the last weeks, from dice of that day. A window
that is played twice after an interruption changes nothing: what happened at its end is there already. No visit brings a
matter here, since the plan counts the matters.
"""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

from django.conf import settings

from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.outreach import exports, selectors, services
from bihuan.mechanisms.outreach.rules import codes
from bihuan.mechanisms.outreach.services import Drive, Said, Wanted, Wish, Written

from . import rhythm
from .place import DEPARTMENTS, DISTRICT
from .playing import Player
from .words import phrases
from .world import World

WEEKS = 8
TURN = rhythm.CLOSE
LEVELS = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
WINDOWS = 2
OFFICE = "discipline1"


class Walker:
    """Acts in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player
        self._said = phrases()["visiting"]

    def act(self, end: dt.datetime) -> None:
        """Let happen what happens at codes and on visits until the end of a window."""
        local = end.astimezone(rhythm.ZONE)
        begins = self._world.now - dt.timedelta(weeks=WEEKS)
        if end < begins or not self._world.is_turn(end, TURN):
            return
        with clock.at(end):
            with database.writing():
                if Fact.objects.filter(kind__startswith="outreach.", at=end).exists():
                    return
                found, _more = selectors.codes_page(actor=self._player.actor(OFFICE), limit=200)
                if not found:
                    found = self._put_up(end)
            dice = self._world.dice(f"visiting:{local.date()}")
            self._scan(found, dice, end)
            with database.writing():
                self._answer(dice, end)
                self._go(dice, end)
                self._drive(dice, end)

    def _put_up(self, now: dt.datetime) -> list[Any]:
        """设码、发卡、组队、定计划: once."""
        office = self._player.actor(OFFICE)
        windows = [
            Wanted(place=f"政务服务中心 {10 * place + number} 号窗口", department=code)
            for place, code in enumerate(DEPARTMENTS, 1)
            for number in range(1, WINDOWS + 1)
        ]
        firms = [Wanted(enterprise=one.uscc) for one in self._world.firms if one.login][:12]
        cards = [Wanted(place="营商环境监督卡", cards=300)]
        made = []
        for kind, wanted in (("window", windows), ("enterprise", firms), ("card", cards)):
            made += services.issue(kind=kind, region=DISTRICT, wanted=wanted, actor=office, now=now)
        body = {"count": 99, "text": "走访企业时发放"}
        services.take_code(code_id=made[-1].id, action="hand_out", actor=office, now=now, body=body)
        given: dict[str, Any] = {"region": DISTRICT, "kind": "team", "actor": office, "now": now}
        members = [f"liaison-{code}" for code in list(DEPARTMENTS)[:2]]
        team = services.make_team(name="走访一组", members=members, experts=["special1"], **given)
        day = day_of(now)
        wish = Wish(
            name="访百企、设百点", kind="visit", purpose=self._said["purposes"][0], since=day,
            until=day + dt.timedelta(days=27), enterprises=[one.uscc for one in self._world.firms[:20]],
            teams=[team.id], announced=False,
        )  # fmt: skip
        drive = Drive(
            name="助企解难题百日攻坚", purpose=self._said["drive"], since=day, until=day + dt.timedelta(days=99),
            goals={"visits": 40, "firms": 20, "done": 3}, teams=[team.id],
        )  # fmt: skip
        campaign = services.make_campaign(region=DISTRICT, drive=drive, actor=office, now=now)
        services.make_plan(region=DISTRICT, wish=replace(wish, campaign=campaign.id), actor=office, now=now)
        for code, name in zip(DEPARTMENTS, self._said["chart"], strict=False):
            due = (day + dt.timedelta(days=30)).isoformat()
            body = {"name": name, "department": code, "measure": self._said["measure"], "due_on": due}
            services.add_matter(campaign_id=campaign.id, actor=office, now=now, body=body)
        return made

    def _drive(self, dice: random.Random, now: dt.datetime) -> None:
        """挂图作战: a unit tells how far its matter is, or that it is done; the office looks."""
        office = self._player.actor(OFFICE)
        for campaign in selectors.campaigns_page(actor=office):
            shown = selectors.chart(campaign=campaign, actor=office, now=now)
            for matter, _met in shown.matters:
                unit = self._player.actor(f"liaison-{matter.department.code}")
                if matter.state == "reported":
                    action, who = dice.choice(("write_off_matter", "write_off_matter", "not_done")), office
                elif matter.state == "open" and dice.random() < 0.3:
                    action, who = dice.choice(("tell_progress", "tell_progress", "tell_done")), unit
                else:
                    continue
                body = {"text": dice.choice(self._said[action]), "blocked": dice.random() < 0.2}
                services.take_matter(matter_id=matter.id, action=action, actor=who, now=now, body=body)
            services.count_days(campaign_id=campaign.id, now=now)

    def _scan(self, found: list[Any], dice: random.Random, now: dt.datetime) -> None:
        live = [one for one in found if one.state == "active"]
        for code in dice.sample(live, 6):
            for _one in range(dice.randint(1, 5)):
                services.scan(code_id=code.id, region=code.region, now=now)
        for code in dice.sample(live, 2):
            self._rate(exports.token_of(code), dice, now)
        window = dice.choice([one for one in live if one.kind == "window"])
        firm = dice.choice([one for one in self._world.firms if one.login])
        assert window.department is not None
        who = self._player.actor(f"liaison-{window.department.code}")
        service = dice.choice(self._said["services"])
        asked = services.prompt(code_id=window.id, enterprise=firm.uscc, service=service, actor=who, now=now)
        if dice.random() < 0.6:
            token = codes.sign(key=settings.SECRET_KEY, what=codes.PROMPT, ident=asked.ident)
            self._rate(token, dice, now)

    def _rate(self, token: str, dice: random.Random, now: dt.datetime) -> None:
        level = dice.choice(LEVELS)
        words = dice.choice(self._said["bad"]) if level <= 2 else ""
        reasons = [dice.choice(("slow", "sent_around", "attitude"))] if level <= 2 else []
        said = Said(level=level, reasons=reasons, words=words)
        services.rate(token=token, said=said, address="demonstration", now=now)

    def _answer(self, dice: random.Random, now: dt.datetime) -> None:
        """不满意评价: one step with each that has waited a day; some of the newest still wait."""
        office = self._player.actor(OFFICE)
        for one in selectors.follow_ups(actor=office, state="open", limit=100)[0]:
            if now - (one.sent_at or one.opened_at) < dt.timedelta(hours=20):
                continue
            unit = one.department
            if one.state == "opened":
                action = "call" if one.kind == "callback" else "send_letter"
                action = "set_aside" if action == "send_letter" and unit is None else action
            else:
                action = "answer_letter" if one.state == "sent" else "write_off"
            speaks = unit if action == "answer_letter" else None
            actor = self._player.actor(f"liaison-{speaks.code}") if speaks is not None else office
            body = {"text": dice.choice(self._said[action])}
            services.take_follow_up(follow_up_id=one.id, action=action, actor=actor, now=now, body=body)

    def _go(self, dice: random.Random, now: dt.datetime) -> None:
        """去的写记录, 被访的评; then somebody registers the next visit, if the enterprise is not visited enough."""
        day = day_of(now)
        office = self._player.actor(OFFICE)
        for visit in selectors.visits_page(actor=office, state="planned", limit=200)[0]:
            if visit.on <= day:
                self._report(visit, dice, now)
        code = dice.choice(list(DEPARTMENTS))
        firm = dice.choice(self._world.firms)
        given = {"region": DISTRICT, "enterprise": firm.uscc, "purpose": dice.choice(self._said["purposes"])}
        who = self._player.actor(f"{dice.choice(('liaison', 'head'))}-{code}")
        announced = dice.random() < 0.8
        try:
            with database.writing():
                load = selectors.load(enterprise=selectors.firm(uscc=firm.uscc, actor=who), region=DISTRICT, now=now)
                if load.free == day:
                    services.register_visit(**given, on=day, announced=announced, actor=who, now=now)
        except errors.Conflict as problem:
            if problem.code != "visits_enough":
                raise

    def _report(self, visit: Any, dice: random.Random, now: dt.datetime) -> None:
        who = dice.choice(visit.officials)
        name = next(one.username for one in self._world.accounts if self._player.actor(one.username).person_id == who)
        found = dice.choice(self._said["findings"]) if dice.random() < 0.25 else ""
        about = dice.choice(list(DEPARTMENTS)) if found else ""
        text = dice.choice(self._said["reports"])
        written = Written(key=str(visit.id), text=text, finding=found, department=about, taken_at=now)
        services.report(visit_id=visit.id, written=written, actor=self._player.actor(name), now=now)
        firm = next((one for one in self._world.firms if one.uscc == visit.enterprise.uscc and one.login), None)
        if firm is not None and dice.random() < 0.6:
            said = Said(level=dice.choice(LEVELS[:9]))
            services.rate_visit(visit_id=visit.id, said=said, actor=self._player.actor(firm.login), now=now)


def day_of(now: dt.datetime) -> dt.date:
    """Return the day of an instant in the district."""
    return now.astimezone(rhythm.ZONE).date()
