"""What is heard of the enterprises: bad marks are answered, raisers called back, questions answered, as time passes.

Nobody plans this: it answers what the matters bring, at office hours, from dice of each matter's own. A step comes only
some hours after the one before, so that a window that is played twice after an interruption changes nothing.
"""

import bisect
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.evaluation import selectors as desks
from bihuan.mechanisms.evaluation import services as evaluation

from . import rhythm
from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import Step, World

WORD_STEPS = frozenset({"confirm", "deny", "reopen", "withdraw"})
"""Steps of a plan before which a call would say what the raiser is yet to say."""
SUPERVISOR = "supervision1"


class Ear:
    """Hears, in one place, at the end of windows. steps: the whole plan, to know what a raiser is yet to say."""

    def __init__(self, *, world: World, player: Player, steps: Sequence[Step]) -> None:
        self._world, self._player = world, player
        self._later: dict[int, list[tuple[dt.datetime, str]]] = defaultdict(list)
        self._raisers: dict[int, str] = {}
        for step in steps:
            self._later[step.case].append((step.at, step.action))
        firms = {firm.uscc: firm.login for firm in world.firms}
        for step in steps:
            if step.action == "raise":
                self._raisers[step.case] = firms.get(step.body.get("enterprise", ""), "")
        self._signs_at: dt.date | None = None

    def hear(self, end: dt.datetime) -> None:
        """Do what is to be done at the end of a window."""
        if not self._world.at_work(end):
            return
        with clock.at(end), database.writing():
            evaluation.keep_drawing(now=end, seeds=self._seed)
            self._marks(end)
            self._calls(end)
            self._go_on(end)
            if end.astimezone(rhythm.ZONE).day == 5 or end >= self._world.now:
                self._signs(end)

    def _seed(self, name: str) -> str:
        """Demonstrations come out alike; everywhere else seeds come from the machine's own source of chance."""
        return self._world.dice(f"draw:{name}").randbytes(32).hex()

    def _marks(self, now: dt.datetime) -> None:
        for mark in desks.waiting_marks(region=DISTRICT):
            dice = self._world.dice(f"mark:{mark.case.number}")
            step = self._next_for(mark, dice, now)
            if step is not None:
                action, who, body = step
                evaluation.take_mark(mark_id=mark.id, action=action, actor=self._player.actor(who), now=now, body=body)
                if action == "revisit" and body["content"] == "yes":
                    self._improve(mark, dice, now)

    def _next_for(self, mark: Any, dice: random.Random, now: dt.datetime) -> tuple[str, str, dict[str, str]] | None:
        said, centre = phrases()["hearing"], dice.choice(self._world.staff(Role.COORDINATOR))
        slow, named = dice.random() < 0.08, dice.random() < 0.7
        appeals, upheld, again = dice.random() < 0.1, dice.random() < 0.5, dice.random() < 0.12
        department = mark.department.code if mark.department else ""
        unit = f"liaison-{department}" if mark.shared in ("matter", "kind") else centre
        text = {"text": dice.choice(said.get(mark.state, said["opened"]))}
        if mark.appeal == "pending" and mark.contacted_at:
            body = {"text": dice.choice(said["decisions"]), "upheld": "yes" if upheld else "no"}
            return _after(mark.contacted_at, 26, now, "decide_appeal", SUPERVISOR, body)
        if mark.state == "opened":
            return _after(mark.opened_at, 60 if slow else 2, now, "verify", centre, text)
        if mark.state == "verified":
            body = text | {"named": "yes" if named else "no"}
            return _after(mark.opened_at, 64 if slow else 5, now, "contact", centre, body)
        if mark.state == "contacted":
            if appeals and not mark.appeal and unit != centre:
                body = {"text": dice.choice(said["appeals"])}
                return _after(mark.contacted_at, 6, now, "appeal", f"head-{department}", body)
            since = mark.revisited_at or mark.contacted_at
            return _after(since, dice.uniform(20, 80), now, "correct", unit, text)
        if mark.state == "corrected":
            return _after(mark.corrected_at, 3, now, "answer", centre, text)
        if mark.state == "answered":
            content = "no" if again and mark.corrections == 1 else "yes"
            return _after(mark.corrected_at, 26, now, "revisit", centre, text | {"content": content})
        return _after(mark.revisited_at, 3, now, "close", centre, text)

    def _improve(self, mark: Any, dice: random.Random, now: dt.datetime) -> None:
        """Some change their rating when it was put right; most leave it as it was."""
        case = Case.objects.defer("search").get(pk=mark.case_id)
        if dice.random() < 0.4 and case.rating_changes == 0 and case.state in ("closed", "archived"):
            levels = {"process": 4, "result": dice.choice((3, 4, 5))}
            levels |= {"plan": 4} if case.rating_plan is not None else {}
            cases.take(number=case.number, action="rate", actor=Actor(holds=case.id), now=now, body=levels)

    def _calls(self, now: dt.datetime) -> None:
        for call in desks.waiting_calls(region=DISTRICT):
            dice = self._world.dice(f"call:{call.case.number}:{call.attempts}")
            waits = dt.timedelta(hours=dice.uniform(3, 60) + 26 * call.attempts)
            if now - call.opened_at >= waits:
                self._call(call, dice, now)

    def _call(self, call: Any, dice: random.Random, now: dt.datetime) -> None:
        case, said = call.case, phrases()["hearing"]
        callers = [*self._world.staff(Role.CATCH_ALL), SUPERVISOR]
        able = [one for one in callers if self._player.actor(one).person_id not in case.verifier_ids]
        caller = self._player.actor(dice.choice(able))

        def take(action: str, **body: str) -> None:
            evaluation.take_call(call_id=call.id, action=action, actor=caller, now=now, body=body)

        solved = self._says(case, dice, now)
        take("take")
        if solved is None:
            take("miss", text=dice.choice(said["missed"]))
        else:
            level = {"level": str(dice.choice((4, 5, 5) if solved else (1, 2, 3)))} if dice.random() < 0.6 else {}
            words = dice.choice(said["solved" if solved else "unsolved"])
            take("finish", text=words, solved="yes" if solved else "no", **level)

    def _says(self, case: Case, dice: random.Random, now: dt.datetime) -> bool | None:
        """Return what the raiser says on the telephone: really done or not; None: nobody answers.

        Whoever keeps silent elsewhere is not always reached, nobody says on the telephone what they are yet to say, and
        what is tracked is not judged before its last report.
        """
        later = self.still_to_come(case, now)
        if later & WORD_STEPS or (later and case.closed_kind == "tracked"):
            return None
        if case.word in ("pending", "no_response") and dice.random() < 0.4:
            return None
        if case.word in ("confirmed", "denied"):
            # A denied closing as resolved would be opened again by the call; that is for the raiser to ask.
            return None if case.word == "denied" and case.closed_kind == "resolved" else case.word == "confirmed"
        if case.closed_kind == "resolved" and case.state == "closed":
            # What was opened again is really done the next time, or it would go round for ever.
            return bool(later) or case.reopenings > 0 or dice.random() < 0.75
        return case.closed_kind == "resolved" or dice.random() < 0.5

    def still_to_come(self, case: Case, now: dt.datetime) -> set[str]:
        """Return the actions that the plan still has for a matter."""
        key = self._player.key_of(case.number)
        steps = self._later.get(key, []) if key is not None else []
        return {action for _at, action in steps[bisect.bisect_right(steps, (now, "~")) :]}

    def _go_on(self, now: dt.datetime) -> None:
        """Matters that a call opened again go round once more: less time, the same department, another verifier."""
        going = Case.objects.filter(id__in=desks.overturned(region=DISTRICT), state__in=tuple(_AGAIN)).defer("search")
        for case in going.select_related("lead_department").order_by("number"):
            action, since, hours = _AGAIN[case.state]
            begun = getattr(case, since) or case.raised_at
            dice = self._world.dice(f"again:{case.number}:{case.state}")
            assert case.lead_department is not None
            code = case.lead_department.code
            if self.still_to_come(case, now) or now - begun < dt.timedelta(hours=hours):
                continue
            unit, others = f"liaison-{code}", [*self._world.staff(Role.CATCH_ALL), *self._world.staff(Role.COORDINATOR)]
            free = [one for one in others if self._player.actor(one).person_id not in case.verifier_ids]
            who = unit if action in ("sign", "reply") else dice.choice(free)
            body = {
                "dispatch": {"lead": code, "co": []},
                "reply": {"text": dice.choice(phrases()["hearing"]["again"]), "kind": "resolved"},
            }.get(action, {})
            cases.take(number=case.number, action=action, actor=self._player.actor(who), now=now, body=body)

    def _signs(self, now: dt.datetime) -> None:
        """The detectors run; the supervisor answers what has waited for some days."""
        evaluation.look_for_signs(now=now)
        said = phrases()["hearing"]["notes"]
        for question in desks.waiting_questions(region=DISTRICT, since=now - dt.timedelta(days=6)):
            body = {"text": self._world.dice(f"note:{question.kind}:{now:%Y%m}").choice(said)}
            actor = self._player.actor(SUPERVISOR)
            evaluation.answer_question(question_id=question.id, actor=actor, now=now, body=body)


def _after(
    since: dt.datetime | None, hours: float, now: dt.datetime, action: str, who: str, body: Mapping[str, Any]
) -> tuple[str, str, dict[str, str]] | None:
    """Return the step if it is time for it."""
    due = since is not None and now - since >= dt.timedelta(hours=hours)
    return (action, who, dict(body)) if due else None


_AGAIN = {
    "reopened": ("dispatch", "replied_at", 5),
    "dispatched": ("sign", "dispatched_at", 2),
    "signed": ("reply", "signed_at", 20),
    "handling": ("reply", "signed_at", 20),
    "replied": ("verify_close", "replied_at", 4),
}
"""State of a matter that was opened again → what comes next, and so many hours after which instant."""
