"""Lists of conduct are drafted, published, and used: once, some weeks before the end, at the end of a window."""

import datetime as dt

from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.conduct import selectors, services

from .place import DISTRICT
from .playing import Player
from .words import phrases
from .world import World

BEFORE = dt.timedelta(weeks=6)
OFFICE, SECOND = "discipline1", "leader1"


class Lister:
    """Acts in one place, once."""

    def __init__(self, *, world: World, player: Player) -> None:
        self._world, self._player = world, player

    def act(self, end: dt.datetime) -> None:
        """Draft and publish the lists, and examine one enterprise by the second of them."""
        if end < self._world.now - BEFORE:
            return
        office, leader = self._player.actor(OFFICE), self._player.actor(SECOND)
        day = end.date().isoformat()
        with clock.at(end), database.writing():
            if selectors.in_force(actor=office, on=dt.date.max, region=DISTRICT):
                return
            for said in phrases()["conduct"]:
                body = {**said, "effective_on": day, "basis": "征求企业和窗口人员意见后印发"}
                made = services.draft(region=DISTRICT, body=body, actor=office, now=end)
                services.take(sheet_id=made.id, action="publish", actor=leader, now=end, body={"text": "印发施行"})
            firm = next(one for one in self._world.firms if one.login)
            advice = {"enterprise": firm.uscc, "advice": "建议把礼品登记公示出来。", "P1": "broken", "P2": "kept"}
            found = services.examine(sheet_id=made.id, body=advice, actor=office, now=end)
            owner, word = self._player.actor(firm.login), {"text": "已经建了登记簿，下月公示。"}
            services.comment(examination_id=found.id, actor=owner, now=end, body=word)
