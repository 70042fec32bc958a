"""Words of one matter: slots drawn once, so that title, story, questions and answers speak of the same things."""

import datetime as dt
import functools
import random
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from .firms import Firm
from .place import DEPARTMENTS, ROADS
from .scenarios import Scenario

_SURNAMES = "沈陆唐许高韩梁周方叶苏顾贺程江林宋秦温柏夏"


@functools.cache
def phrases() -> dict[str, Any]:
    """Return the sentences that fit any matter."""
    return tomllib.loads((resources.files(__package__) / "phrases.toml").read_text("utf-8"))


def day(instant: dt.datetime) -> str:
    """Return a date as enterprises write it: 9月12日."""
    return f"{instant.month}月{instant.day}日"


class Words:
    """Fills templates for one matter of one firm. Drawing from `dice` in a fixed order keeps it the same for a seed."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        firm: Firm,
        town: str,
        raised_at: dt.datetime,
        anonymous: bool,
        dice: random.Random,
    ) -> None:
        self._dice = dice
        self.scenario = scenario
        self._anonymous = anonymous
        self._about = dice.randrange(max(len(scenario.titles), len(scenario.stories)))
        road, road2 = dice.sample(ROADS, 2)
        lead = DEPARTMENTS[scenario.lead]
        self.slots: dict[str, Any] = {
            "firm": firm.short,
            "product": firm.product,
            "town": town,
            "road": road,
            "road2": road2,
            "n": dice.randint(2, 5),
            "m": dice.randint(6, 30),
            "big": dice.choice((40, 60, 80, 120, 160, 200, 315, 400, 630, 800)),
            "days": dice.choice((10, 15, 20, 23, 30, 40, 45, 60, 75, 90)),
            "pct": dice.choice((10, 15, 20, 30, 40, 50, 60)),
            "amount": dice.choice((8, 12, 18.6, 25, 36, 47.5, 60, 86, 110, 150, 230, 380)),
            "weekday": dice.choice("一二三四五"),
            "surname": dice.choice(_SURNAMES),
            "month": f"{(raised_at.month - 2) % 12 + 1}月",
            "date": day(raised_at - dt.timedelta(days=dice.randint(5, 40))),
            "deadline": day(raised_at + dt.timedelta(days=dice.randint(15, 45))),
            "later": day(raised_at + dt.timedelta(days=dice.randint(60, 120))),
            "today": day(raised_at),
            "dept": lead.short,
            "section": dice.choice(lead.sections),
            "question": "",
            "why_not": scenario.why_not,
            "instead": scenario.instead,
        }
        self.slots |= {f"step{number}": step for number, step in enumerate(scenario.steps, start=1)}
        self.slots |= {name: dice.choice(values) for name, values in scenario.slots.items()}

    def fill(self, template: str, **more: Any) -> str:
        """Return the template with its slots filled, twice: a slot's text may have slots of its own."""
        slots = self.slots | more
        return template.format_map(slots).format_map(slots)

    def pick(self, templates: Sequence[str], **more: Any) -> str:
        """Return one of the templates, filled."""
        return self.fill(self._dice.choice(templates), **more)

    def phrase(self, kind: str, **more: Any) -> str:
        """Return one of the sentences of this kind that fit any matter."""
        return self.pick(phrases()[kind], **more)

    def title(self) -> str:
        """Return a title as the enterprise writes it."""
        return self.fill(self._own(self.scenario.titles))

    def story(self) -> str:
        """Return what happened: short from the phone, plain, or at length with what it costs them."""
        dice, stories = self._dice, self.scenario.stories
        if self._about < len(stories):
            story = self.fill(stories[self._about])
        else:
            story = f"{self.title()}。" + self.phrase("impacts")
        style = dice.random()
        if style < 0.22:
            sentences = story.split("。")
            return "。".join(sentences[: dice.choice((1, 1, 2))]).rstrip("。") + "。"
        who = "_unnamed" if self._anonymous else ""
        opener, closer = self.phrase(f"openers{who}"), self.phrase(f"closers{who}")
        if style < 0.7:
            return opener + story + closer
        impacts = [self.fill(one) for one in dice.sample(phrases()["impacts"], dice.randint(2, 4))]
        joint = "\n" if dice.random() < 0.5 else ""
        return joint.join([opener + story, "".join(impacts), closer]).strip()

    def place(self) -> str:
        """Return where it is."""
        return self.phrase("places_unnamed" if self._anonymous else "places")

    def reply(self, kind: str, at: dt.datetime) -> str:
        """Return the department's answer of a kind (resolved, explained, alternative, tracked)."""
        today = {"today": day(at)}
        contact = "" if self._anonymous else self.phrase("contacts", **today)
        if kind == "resolved":
            return contact + self.fill(self._own(self.scenario.fix), **today) + self.phrase("after_fix", **today)
        return contact + self.phrase(kind, **today)

    def _own(self, templates: Sequence[str]) -> str:
        """Return the template that belongs to what this matter is about; titles, stories and answers go together."""
        return templates[self._about] if self._about < len(templates) else self._dice.choice(templates)
