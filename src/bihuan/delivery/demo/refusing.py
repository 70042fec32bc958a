"""说“不”评议 in the demonstration: the pool fills by itself, some of it is reviewed, and each review takes a course.

Nobody plans this: it follows what departments answered, at office hours, from dice of each thing's own. A step comes
only some hours after the last fact of its thing, so that a window played twice after an interruption changes nothing.
"""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Max

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.refusals import selectors, services

from . import rhythm, scenarios
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

COURSES = (
    "can", "cannot", "conceded", "should", "set_aside", "recused", "counted", "again", "annulled",
)  # fmt: skip
"""The first candidates that can be reviewed take one each, so that every action is shown; later ones by chance."""
_LATER = (("set_aside", 55), ("conceded", 12), ("can", 12), ("cannot", 11), ("should", 10))
_VERDICTS = {"recused": "can", "counted": "cannot", "again": "should", "annulled": "can"}
"""Course → what its panel says in the end; the others are named for it."""
_RETIRED_AFTER = dt.timedelta(days=90)
_COMMON = 3
_AT_ONCE = 12
"""So many reviews the office has under way at a time; the others wait in the pool."""
_RESTS = {
    "pooled": 20, "researched": 20, "selected": 3, "drawn": 3, "convened": 20, "voting": 3, "decided": 3,
    "followed": 40,
}  # fmt: skip
"""State → for how many natural hours a review stays there at least."""
_AGAIN = {
    "submitted": ("accept", 2), "accepted": ("dispatch", 2), "reopened": ("dispatch", 2), "dispatched": ("sign", 2),
    "signed": ("submit_plan", 18), "handling": ("reply", 40), "replied": ("verify_close", 4),
    "verifying": ("verify_close", 4),
}  # fmt: skip
"""State of a matter that is worked on again → what comes next, so many hours after its last fact."""


class Organiser:
    """Runs the reviews of one place, at the end of windows. to_come: what the plan still has for a matter."""

    def __init__(self, *, world: World, player: Player, to_come: Callable[[Case, dt.datetime], set[str]]) -> None:
        self._world, self._player, self._to_come = world, player, to_come
        self._said = phrases()["refusing"]
        self._firms = {firm.uscc: firm.login for firm in world.firms}

    def act(self, end: dt.datetime) -> None:
        """Take the next step with each thing whose time has come."""
        if not self._world.at_work(end):
            return
        with clock.at(end), database.writing():
            self._pool_of_panels(end)
            found = selectors.waiting(region=DISTRICT, most=_AT_ONCE)
            known = selectors.taken_up(region=DISTRICT)
            places = {key: place for place, (key, _category) in enumerate(known)}
            last = _last(one.id for one in found)
            for one in found:
                if end - last[one.id] >= dt.timedelta(hours=_RESTS.get(one.state, 0)):
                    self._go_on(one, self._course(one, places.get(one.id, len(places))), end)
            self._work_again(end)
            self._proposals(known, end)

    # -- who does it ----------------------------------------------------------------------------------------------

    def _text(self, name: str, dice: random.Random) -> dict[str, str]:
        return {"text": dice.choice(self._said[name])}

    def _take(self, one: Any, action: str, who: str, now: dt.datetime, seed: str = "", **body: Any) -> None:
        """Demonstrations come out alike, so a draw gets its seed from their dice."""
        services.take(refusal_id=one.id, action=action, actor=self._player.actor(who), now=now, body=body, seed=seed)

    def _pool_of_panels(self, now: dt.datetime) -> None:
        """人选库 from the beginning; later one leaves it."""
        office = self._player.actor(self._world.staff(Role.SUPERVISION_OFFICE)[0])
        known = selectors.pool_of_panels(actor=office)
        groups = {
            "leader": self._world.staff(Role.LEADER),
            "deputy": self._world.staff(Role.DEPUTY),
            "enterprise": self._world.staff(Role.ENTERPRISE)[:4],
            "expert": self._world.staff(Role.SPECIAL_SUPERVISOR),
        }
        if not known:
            for group, people in groups.items():
                for name in people:
                    services.enrol(region=DISTRICT, username=name, group=group, actor=office, now=now)
        elif now.astimezone(rhythm.ZONE).date() >= self._world.first + _RETIRED_AFTER and all(
            one.active for one in known
        ):
            leaving = next(one for one in known if one.group == "deputy")
            services.retire(panelist_id=leaving.id, actor=office, now=now)

    # -- one review -----------------------------------------------------------------------------------------------

    def _course(self, one: Any, place: int) -> str:
        """Return the course of the candidate that was the `place`-th to leave the pool."""
        dice = self._world.dice(f"refusal:{one.number}:{one.pooled_at:%Y%m%d}")
        return COURSES[place] if place < len(COURSES) else rhythm.pick(dice, _LATER)

    def _go_on(self, one: Any, course: str, now: dt.datetime) -> None:
        step = getattr(self, f"_{one.state}", None)
        if step is not None:
            step(one, course, self._world.dice(f"refusal:{one.number}:{one.state}:{one.round}"), now)

    def _office(self, one: Any) -> str:
        staff = self._world.staff(Role.SUPERVISION_OFFICE)
        able = [name for name in staff if self._player.actor(name).person_id != one.refused_by]
        return self._world.dice(f"office:{one.number}").choice(able)

    def _unit(self, one: Any) -> str:
        return f"liaison-{one.unit.code}" if one.unit else self._world.staff(Role.SEAT)[0]

    def _pooled(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        deputy = dice.choice(self._world.staff(Role.DEPUTY))
        self._take(one, "research", deputy, now, visit=dice.random() < 0.7, **self._text("research", dice))

    def _researched(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        """What the plan still does with the matter comes first; only its archiving waits for the review."""
        if self._to_come(one.case, now) - {"archive"}:
            return
        office = self._office(one)
        if course == "set_aside":
            self._take(one, "set_aside", office, now, **self._text("set_aside", dice))
            return
        scores = {name: str(score) for name, score in one.proposed.items()}
        seed = self._world.dice(f"panel:{one.number}").randbytes(16).hex()
        self._take(one, "select", office, now, seed=seed, **scores, **self._text("select", dice))

    def _selected(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        if course == "conceded":
            self._take(one, "concede", self._unit(one), now, **self._text("concede", dice))
            return
        self._take(one, "draw", self._office(one), now)

    def _drawn(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        self._take(one, "convene", self._office(one), now, **self._text("convene", dice))

    def _convened(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        """面对面: the enterprise and the department, then the vote. A member turns out to be involved."""
        firm = self._firms.get(one.case.enterprise.uscc, "") if one.case.enterprise else ""
        if firm and not one.enterprise_says:
            self._take(one, "state_enterprise", firm, now, **self._text("state_enterprise", dice))
        if not one.unit_says:
            self._take(one, "state_unit", self._unit(one), now, **self._text("state_unit", dice))
        self._take(one, "open_vote", self._office(one), now, **self._text("open_vote", dice))

    def _voting(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        """All but the last vote in one half of the day; the last in the next, and the seals are opened."""
        seats = list(selectors.seated(one).select_related("person"))
        waiting = [seat for seat in seats if selectors.may_vote(one, self._player.actor(seat.person.username))]
        verdict = _VERDICTS.get(course, course)
        if course == "recused" and len(waiting) == 1:
            done = next(seat for seat in seats if seat not in waiting and seat.group == "deputy")
            body = {"member": str(done.person_id), **self._text("recuse", dice)}
            if not any(seat.left_at for seat in one.seats.all()):
                self._take(one, "recuse", self._office(one), now, **body)
                return
        if course == "counted" and len(waiting) == 1:
            self._take(one, "close_vote", self._office(one), now)
            return
        chosen = waiting[:-1] if len(waiting) == len(seats) else waiting
        for seat in chosen:
            split = ("can", "cannot", "should", "can", "cannot")[seats.index(seat) % 5]
            outcome = split if course == "again" and one.round == 1 else verdict
            reason = dice.choice(self._said[outcome])
            self._take(one, "vote", seat.person.username, now, outcome=outcome, text=reason)

    def _decided(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        if course == "annulled" and one.round == 1:
            member = selectors.seated(one).first()
            self._take(one, "annul", self._office(one), now, member=str(member.person_id), **self._text("annul", dice))
            return
        body = {"service": "substitute"} if one.outcome == "cannot" else {}
        self._take(one, "order", self._office(one), now, **body, **self._text(f"order_{one.outcome}", dice))

    def _followed(self, one: Any, course: str, dice: random.Random, now: dt.datetime) -> None:
        """The department reports on the service; the office writes it off. The rest follows its matter."""
        if one.outcome != "cannot":
            return
        if not one.progress:
            self._take(one, "report", self._unit(one), now, **self._text("report", dice))
        else:
            self._take(one, "complete", self._office(one), now, **self._text("complete", dice))

    # -- what follows ---------------------------------------------------------------------------------------------

    def _work_again(self, now: dt.datetime) -> None:
        """Matters that a verdict or the department's own word opened again go round once more."""
        going = selectors.worked_on_again(region=DISTRICT)
        last = _last(case.id for case in going)
        for case in going:
            action, hours = _AGAIN.get(case.state, ("", 0))
            if not action or now - last[case.id] < dt.timedelta(hours=hours):
                continue
            dice = self._world.dice(f"bound:{case.number}:{case.state}")
            lead = case.lead_department.code if case.lead_department else _lead_of(case.category)
            who, body = self._next(case, action, lead, dice, now)
            cases.take(number=case.number, action=action, actor=self._player.actor(who), now=now, body=body)

    def _next(
        self, case: Case, action: str, lead: str, dice: random.Random, now: dt.datetime
    ) -> tuple[str, dict[str, Any]]:
        centre = [*self._world.staff(Role.COORDINATOR), *self._world.staff(Role.CATCH_ALL)]
        free = [one for one in centre if self._player.actor(one).person_id not in case.verifier_ids]
        unit = f"liaison-{lead}"
        if action == "accept":
            scenario = next(one for one in scenarios.everything() if one.lead == lead)
            body = {"tier": case.tier or "ordinary", "board": scenario.board, "category": scenario.category}
            return self._world.staff(Role.SEAT)[0], body
        if action == "dispatch":
            return dice.choice(free), {"lead": lead, "co": []}
        if action == "submit_plan":
            due = rhythm.office(self._world.calendar, now, 24).astimezone(rhythm.ZONE).date()
            measure = {"what": dice.choice(self._said["measures"]), "unit": lead, "due": due.isoformat()}
            return unit, {"measures": [measure]}
        if action == "reply":
            return unit, {"text": dice.choice(self._said["reply"]), "kind": "resolved"}
        return (unit, {}) if action == "sign" else (dice.choice(free), {})

    def _proposals(self, known: Sequence[tuple[uuid.UUID, str]], now: dt.datetime) -> None:
        """A common problem is put before the government: one proposal becomes a change, the next is turned down."""
        made = selectors.proposals_of(region=DISTRICT)
        last = _last(one.id for one in made)
        office = self._player.actor(self._world.staff(Role.SUPERVISION_OFFICE)[0])
        leader = self._player.actor(self._world.staff(Role.LEADER)[0])
        for place, one in enumerate(made):
            if one.ended_at is None and now - last[one.id] >= dt.timedelta(days=4):
                action = "take_up" if one.state == "proposed" else ("register_change", "turn_down")[place % 2]
                text = self._said["proposals"][action][place % 2]
                services.take_proposal(proposal_id=one.id, action=action, text=text, actor=leader, now=now)
        used = {key for one in made for key in one.refusal_ids}
        by_category = Counter(category for key, category in known if key not in used)
        common = sorted(name for name, count in by_category.items() if name and count >= _COMMON)
        if common and len(made) < len(self._said["proposals"]["titles"]):
            services.propose(
                region=DISTRICT,
                title=self._said["proposals"]["titles"][len(made)],
                text=self._said["proposals"]["texts"][len(made)],
                refusal_ids=[key for key, category in known if category == common[0] and key not in used],
                actor=office,
                now=now,
            )


def _last(streams: Any) -> dict[uuid.UUID, dt.datetime]:
    rows = Fact.objects.filter(stream__in=list(streams)).values_list("stream")
    return dict(rows.annotate(last=Max("at")).order_by())


def _lead_of(category: str) -> str:
    """Return who usually handles matters of a category."""
    known = scenarios.everything()
    return next((one.lead for one in known if one.category == category), known[0].lead)
