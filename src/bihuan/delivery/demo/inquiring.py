"""模拟问责 in the demonstration: signs are answered, some become an inquiry, each inquiry takes one of five courses.

Nobody plans this: it follows what the matters show, at office hours, from dice of each thing's own. A step comes only
some hours after the last fact of its thing, so that a window played twice after an interruption changes nothing.
"""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.accountability import selectors, services

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

COURSES = ("sent_back", "turned_away", "cleared", "tolerated", "referred")
"""The first five inquiries take one each, so that every action is shown; later ones by chance."""
TURN = rhythm.NOON
APPLIED_FOR = 0.12
"""Share of later signs that become an inquiry, as long as no more than `AT_ONCE` are running."""
AT_ONCE = 8
ROUND_EVERY = dt.timedelta(days=85)
_KINDS = ("slow", "silent", "ignoring", "template", "not_helping", "not_explaining")
_SECTIONS = ("综合科", "窗口", "监管科")
_POSTS = ("handler", "section_head")
_TREATMENTS = ("reminder_talk", "criticism", "self_examination")
_POINTS = (
    ("澜川企业综合服务中心", "centre"), ("澜川纪法咨询分中心", "advice"), ("澜川电气行业协会", "association"),
    ("澜川鞋革商会", "association"), ("澜川精密制造园", "enterprise"),
)  # fmt: skip


class Inquirer:
    """Acts for the centre, the accountability office and the units, in one place, at the end of windows."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player

    def act(self, end: dt.datetime) -> None:
        """Look for signs, and take one step with each thing whose time has come."""
        if not self._world.is_turn(end, TURN):
            return
        with clock.at(end), database.writing():
            while services.look(now=end):
                pass
            found = selectors.waiting(region=DISTRICT)
            self._network(found, end)
            self._rounds(found, end)
            self._signs(found, end)
            self._inquiries(found, end)
            self._reliefs(found, end)

    def _who(self, role: Role, dice: random.Random) -> str:
        return dice.choice(self._world.staff(role))

    def _text(self, name: str, dice: random.Random) -> dict[str, str]:
        return {"text": dice.choice(phrases()["inquiring"][name])}

    def _network(self, found: selectors.Waiting, now: dt.datetime) -> None:
        """Points and observers from the beginning; later one observer is released and one point closed."""
        centre = self._player.actor(self._world.staff(Role.COORDINATOR)[0])
        if not found.points:
            observers = self._world.staff(Role.OBSERVER)
            for place, (name, kind) in enumerate(_POINTS):
                body = {"name": name, "kind": kind, "advice": "on" if kind in ("centre", "advice") else ""}
                point = services.open_point(region=DISTRICT, actor=centre, now=now, body=body)
                body = {"username": observers[place % len(observers)]}
                services.take_point(point_id=point.id, action="appoint", actor=centre, now=now, body=body)
            return
        for point, seats in found.points:
            if point.name != _POINTS[-1][0]:
                continue
            age = now - point.opened_at
            act: dict[str, Any] = {"point_id": point.id, "actor": centre, "now": now}
            if seats and age > dt.timedelta(days=60):
                services.take_point(action="release", body={"observer": str(seats[0].id)}, **act)
            elif age > dt.timedelta(days=90):
                services.take_point(action="close_point", body={"text": phrases()["inquiring"]["close"][0]}, **act)

    def _rounds(self, found: selectors.Waiting, now: dt.datetime) -> None:
        centre = self._player.actor(self._world.staff(Role.COORDINATOR)[0])
        newest = found.rounds[-1][0] if found.rounds else None
        if newest is None or now - newest.opened_at >= ROUND_EVERY:
            title = f"{now.astimezone(rhythm.ZONE):%Y年%-m月}自查自纠"
            services.open_round(region=DISTRICT, title=title, actor=centre, now=now)
            return
        if newest.state == "closed":
            return
        take: dict[str, Any] = {"check_id": newest.id, "now": now}
        for entry in found.rounds[-1][1]:
            dice = self._world.dice(f"entry:{newest.title}:{entry.name}:{entry.board}")
            if now - newest.opened_at >= dt.timedelta(days=dice.uniform(1, 12)):
                said: dict[str, Any] = {"text": dice.choice(phrases()["inquiring"]["nothing"]), "found": []}
                if dice.random() < 0.4:
                    own, fix = (dice.choice(phrases()["inquiring"][name]) for name in ("own", "fix"))
                    said["found"] = [{"kind": dice.choice(_KINDS), "text": own, "fix": fix}]
                actor = self._player.actor(f"liaison-{entry.department.code}")
                body = {"entry": str(entry.id)} | said
                services.take_check(action="check_self", actor=actor, body=body, **take)
        if now - newest.opened_at >= dt.timedelta(days=21):
            services.take_check(action="close_round", actor=centre, body={}, **take)

    def _signs(self, found: selectors.Waiting, now: dt.datetime) -> None:
        running = {one.case_id for one, _duties in found.inquiries if one.ended_at is None}
        applied = len(found.inquiries)
        for sign in found.signs:
            dice, age = self._world.dice(f"sign:{sign.case.number}:{sign.kind}:{sign.mark}"), now - sign.found_at
            explains, further = dice.random() < 0.7, dice.random() < APPLIED_FOR
            if age < dt.timedelta(hours=18):
                continue
            if explains and not sign.unit_says:
                self._answer(sign, "explain", f"liaison-{sign.department.code}", dice, now)
            elif age < dt.timedelta(hours=42):
                continue
            elif (further or applied < len(COURSES)) and sign.case_id not in running and len(running) < AT_ONCE:
                actor = self._player.actor(self._who(Role.COORDINATOR, dice))
                body = self._text("apply", dice) | {"unit": sign.department.code}
                services.apply(number=sign.case.number, actor=actor, now=now, body=body)
                running.add(sign.case_id)
                applied += 1
                return
            else:
                self._answer(sign, "dismiss", self._who(Role.CATCH_ALL, dice), dice, now)

    def _answer(self, sign: Any, action: str, who: str, dice: random.Random, now: dt.datetime) -> None:
        actor = self._player.actor(who)
        services.take_sign(sign_id=sign.id, action=action, actor=actor, now=now, body=self._text(action, dice))

    def _inquiries(self, found: selectors.Waiting, now: dt.datetime) -> None:
        streams = [one.id for one, _duties in found.inquiries if one.ended_at is None or one.state == "written_off"]
        said: dict[uuid.UUID, list[tuple[str, dt.datetime]]] = defaultdict(list)
        facts = Fact.objects.filter(stream__in=streams).order_by("stream", "seq")
        for stream, kind, at in facts.values_list("stream", "kind", "at"):
            said[stream].append((kind.removeprefix("accountability."), at))
        for place, (one, duties) in enumerate(found.inquiries):
            dice = self._world.dice(f"inquiry:{one.number}:{one.state}:{len(said[one.id])}")
            if one.ended_at is not None or not said[one.id]:
                continue
            if now - said[one.id][-1][1] < dt.timedelta(hours=dice.uniform(15, 30)):
                continue
            by_chance = self._world.dice(f"course:{one.number}").choices(COURSES, weights=(5, 1, 1, 2, 1))[0]
            course = COURSES[place] if place < len(COURSES) else by_chance
            self._step(one, duties, course, [name for name, _at in said[one.id]], dice, now)

    def _step(
        self, one: Any, duties: Sequence[Any], course: str, said: list[str], dice: random.Random, now: dt.datetime
    ) -> None:
        action, body = next_of(one.state, course, said)
        text = self._text(action if action in phrases()["inquiring"] else "in_general", dice)
        unit, office = f"liaison-{one.unit.code}", self._who(Role.DISCIPLINE, dice)
        if action == "split":
            body = {
                "kind": _KINDS[said.count("split") % len(_KINDS)],
                "section": dice.choice(("综合科", "窗口", "监管科")),
            }
            body |= {"post": dice.choice(_POSTS), "treatment": dice.choice(_TREATMENTS)}
        elif action == "strike":
            body = {"duty": str(duties[-1].id)}
        who = {"state_side": unit, "rectify": unit, "visit": self._who(Role.COORDINATOR, dice)}.get(action, office)
        if action == "relieve" and body["kind"] == "tolerance":
            who = unit
        actor = self._player.actor(who)
        services.take(inquiry_id=one.id, action=action, actor=actor, now=now, body=text | body)

    def _reliefs(self, found: selectors.Waiting, now: dt.datetime) -> None:
        for relief in found.reliefs:
            dice = self._world.dice(f"relief:{relief.number}")
            if now - relief.proposed_at >= dt.timedelta(hours=dice.uniform(15, 30)):
                action = "refuse" if relief.kind == "no_effect" and dice.random() < 0.2 else "grant"
                actor = self._player.actor(self._who(Role.LEADER, dice))
                body = self._text(action, dice)
                services.take_relief(relief_id=relief.id, action=action, actor=actor, now=now, body=body)


def next_of(state: str, course: str, said: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the next action of an inquiry on its course, and what it needs besides a text. said: its facts so far."""
    if state == "applied":
        return ("turn_away" if course == "turned_away" else "take_on"), {}
    if state == "investigating":
        if "split" not in said or (course == "sent_back" and said.count("split") < 2):
            return "split", {}
        if course == "sent_back" and "strike" not in said:
            return "strike", {}
        if "state_side" not in said:
            return "state_side", {}
        return "find", {"outcome": course if course in ("cleared", "tolerated") else "warned"}
    if state == "found":
        return ("refer" if course == "referred" and "visit" in said else "rectify"), {}
    if course == "sent_back" and "return_report" not in said:
        return "return_report", {}
    if course in ("tolerated", "referred") and "visit" not in said:
        return "visit", {"done": "no"}
    if course in ("sent_back", "tolerated") and "relieve" not in said:
        kind = "tolerance" if course == "tolerated" else "no_effect"
        return "relieve", {"kind": kind, "section": "综合科", "post": "handler"}
    return ("write_off", {}) if said[-1] == "visit" else ("visit", {"done": "yes"})
