"""How a matter goes: decided before it is told. Skill of the department and tier of the matter weigh the dice."""

import random
from dataclasses import dataclass, replace

from .place import CITY
from .rhythm import pick


@dataclass(frozen=True, kw_only=True)
class Script:
    """The course of one matter.

    ending      handled, declined, withdrawn, or unanswered (the supplement asked for never comes)
    share       of the allotted working time that is used up at the reply; above 1 it comes late
    objections  whether each objection on the way was upheld, at most two
    extension, suspension   "" (none), granted, refused
    kind        what the reply comes to; word: what the enterprise says (confirmed, denied, silent), `early`: already
                before the closing; call: what the callback brought (none, unreached, solved, unsolved)
    halt        the action before which the story stops, and its occurrence: for matters that stand there now
    """

    tier: str = "ordinary"
    ending: str = "handled"
    delay: float = 1.0
    pace: float = 1.0
    supplement: bool = False
    objections: tuple[bool, ...] = ()
    plan: bool = False
    progress: int = 1
    asks: bool = False
    extension: str = ""
    suspension: str = ""
    escalated: str = ""
    share: float = 0.6
    kind: str = "resolved"
    reworks: int = 0
    takes: bool = False
    call: str = "none"
    word: str = "silent"
    early: bool = False
    rated: bool = False
    mood: float = 4.0
    reopened: bool = False
    archived: bool = True
    halt: tuple[str, int] | None = None


def draw(*, dice: random.Random, skill: float, tier: str, has_instead: bool, anonymous: bool) -> Script:
    """Return how a matter goes at a department of this skill (0 to 1)."""
    if dice.random() < 0.08:
        tier = {"ordinary": "complex", "complex": dice.choice(("ordinary", "hard")), "hard": "complex"}[tier]
    heavy = {"ordinary": 0, "complex": 1, "hard": 2}[tier]
    wish = [("resolved", 0.52 + 0.3 * skill - 0.06 * heavy), ("explained", 0.24 - 0.1 * skill)]
    wish += [("alternative", 0.09 if has_instead else 0.0), ("tracked", (0.02, 0.08, 0.16)[heavy])]
    kind = pick(dice, wish)
    reworks = sum(dice.random() < 0.13 - 0.11 * skill for _ in range(2))
    call = pick(dice, [("none", 42), ("unreached", 16), ("solved", 34), ("unsolved", 8)])
    if kind == "resolved" and call == "unsolved":
        call, reworks = "solved", max(1, reworks)
    doubt = 0.05 + 0.13 * (1 - skill) + (0.08 if kind != "resolved" else 0)
    word = pick(dice, [("denied", doubt), ("confirmed", 0.46 if not anonymous else 0.2), ("silent", 0.4)])
    return Script(
        tier=tier,
        ending=pick(dice, [("handled", 91.0), ("declined", 5.0), ("withdrawn", 2.4), ("unanswered", 1.6)]),
        delay=dice.lognormvariate(0.25, 0.75),
        pace=1.5 - skill,
        supplement=dice.random() < 0.07,
        objections=tuple(dice.random() < 0.75 for _ in range(pick_count(dice, (93.5, 5.8, 0.7)))),
        plan=dice.random() < (0.06, 0.6, 0.95)[heavy],
        progress=pick_count(dice, ((58, 35, 7), (25, 50, 25), (0, 45, 55))[heavy]),
        asks=dice.random() < 0.08,
        extension=pick(dice, [("", 91 - 4 * heavy), ("granted", 6.5 + 4 * heavy), ("refused", 1.6)]),
        suspension=pick(dice, [("", 99 - 4 * heavy), ("granted", 0.8 + 3 * heavy), ("refused", 0.3)]),
        escalated=pick(
            dice,
            [
                ("", 98 - 6 * heavy),
                ("catch_all", 1 + 2 * heavy),
                ("leader", heavy),
                ("conference", heavy),
                (CITY, heavy),
            ],
        ),
        share=(0.82 - 0.36 * skill) * dice.lognormvariate(0, 0.34),
        kind=kind,
        reworks=reworks,
        takes=dice.random() < 0.15,
        call=call,
        word=word,
        early=dice.random() < 0.15,
        rated=dice.random() < (0.42 if word != "silent" else 0.12),
        mood=2.9 + 1.7 * skill - (1.1 if kind != "resolved" else 0) - (1.2 if word == "denied" else 0),
        reopened=word == "denied" and dice.random() < 0.55,
        archived=dice.random() < 0.65,
    )


def pick_count(dice: random.Random, weights: tuple[float, ...]) -> int:
    """Return 0, 1, 2 … with these weights."""
    return dice.choices(range(len(weights)), weights)[0]


@dataclass(frozen=True, kw_only=True)
class Showcase:
    """A matter that stands somewhere on purpose, so that every state and light is there at any time of any day.

    `hours` are the office hours since its last step; `band` instead the share of its time that is used up now.
    """

    script: Script
    hours: float = 0.0
    band: tuple[float, float] | None = None
    twin: bool = False


_PLAIN = Script(delay=0.3, pace=0.3, share=0.5, progress=1)
_OLD = 160.0


def _at(action: str, occurrence: int = 1, *, hours: float = 1.0, **changes: object) -> Showcase:
    return Showcase(script=replace(_PLAIN, halt=(action, occurrence), **changes), hours=hours)  # type: ignore[arg-type]


def _lit(low: float, high: float, **changes: object) -> Showcase:
    script = replace(_PLAIN, halt=("reply", 1), **changes)  # type: ignore[arg-type]
    return Showcase(script=script, band=(low, high))


def _over(*, hours: float = _OLD, **changes: object) -> Showcase:
    return Showcase(script=replace(_PLAIN, **changes), hours=hours)  # type: ignore[arg-type]


STANDING = (
    _at("accept", hours=0.6),
    _at("accept", hours=22),
    _at("supplement", supplement=True, hours=9),
    _at("dispatch", hours=0.8),
    _at("sign", hours=0.7),
    _at("sign", hours=7),
    _at("rule_objection", objections=(True,), hours=1.2),
    _at("report_progress", hours=1.5),
    _lit(0.0, 0.6, escalated=CITY),
    _lit(0.6, 0.8),
    _lit(0.8, 1.0),
    _lit(1.0, 1.4),
    _lit(0.6, 1.0, tier="complex", plan=True, escalated="conference"),
    _at("answer", asks=True, hours=6),
    _at("decide_suspension", tier="complex", suspension="granted", hours=5),
    _at("resume", tier="hard", suspension="granted", hours=20),
    _at("decide_extension", extension="granted", hours=1.0),
    _at("reply", extension="granted", tier="complex", escalated=CITY, hours=9),
    _at("verify_start", takes=True, hours=1.5),
    _at("verify_close", takes=True, hours=2.5),
    _at("reply", 2, reworks=1, hours=5),
    _at("dispatch", 2, word="denied", reopened=True, hours=1.4),
    _at("sign", 2, word="denied", reopened=True, hours=1.0),
    _at("confirm", word="confirmed", hours=10),
)
"""Open matters and fresh closings; repeated in a bigger demonstration."""

PAST = (
    _over(word="confirmed", rated=True, call="solved"),
    _over(word="confirmed", rated=True, early=True, kind="resolved"),
    _over(word="silent", hours=70),
    _over(word="denied", rated=True, mood=1.6, hours=60),
    _over(word="denied", reopened=True),
    _over(kind="explained", tier="complex", plan=True),
    _over(kind="alternative", word="confirmed", rated=True),
    _over(kind="tracked", tier="hard", plan=True, escalated="leader"),
    _over(ending="withdrawn"),
    _over(ending="declined", archived=False, hours=20),
    _over(ending="declined"),
    _over(share=1.6, pace=1.2),
    _over(objections=(True,)),
    _over(objections=(False,)),
    _over(extension="granted", tier="complex", share=0.9, escalated=CITY),
    _over(extension="refused", share=1.1),
    _over(suspension="refused", tier="complex"),
    Showcase(script=_PLAIN, hours=60, twin=True),
)
"""Matters that are over, one of each kind."""
