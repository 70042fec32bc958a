"""钱塘的一件事: Qiantang's article as one story, day by day, with the sweep running twice a day."""

import datetime as dt

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.tracking import selectors, services
from bihuan.mechanisms.tracking.models import Bulletin

DAY = dt.timedelta(days=1)


class Days:
    """The district's days, one after the other; nothing is swept twice with another result."""

    def __init__(self, store) -> None:
        self.store, self.now = store, NOW

    def until(self, day: int) -> None:
        """Let time pass up to a day after the beginning, by half days, with sweep and bulletins."""
        while self.now < NOW + day * DAY:
            self.now += DAY / 2
            for _again in (1, 2):
                cases.sweep(now=self.now)
                services.publish_bulletins(now=self.now)

    def lights(self, case) -> list[str]:
        """Return the lights on record for a case."""
        with database.writing():
            facts = [ledger.content(fact) for fact in ledger.history(case.id) if fact.kind == "case.light_changed"]
        return [fact["data"]["light"] for fact in facts]


def test_qiantang_story(store):
    days, liaison, owner = Days(store), store.liaison(), store.owner
    case = store.case("accept", "dispatch", "sign")
    measures = [
        {"what": "召开专题协调会", "unit": "公安分局", "due": "2026-11-27"},
        {"what": "开设货运出入口", "unit": "住建局", "due": "2027-01-15"},
    ]
    store.act(case.number, "submit_plan", now=NOW + dt.timedelta(hours=1), measures=measures[1:])
    # 方案满意: a bad mark sends the plan back, the revised one is accepted.
    store.act(case.number, "rate_plan", now=NOW + dt.timedelta(hours=2), level=2)
    track = services.open_track(
        number=case.number, actor=store.staff("catch_all"), now=NOW + dt.timedelta(hours=3), reason="流转环节多，周期长"
    )
    store.act(case.number, "rate_plan", now=NOW + dt.timedelta(hours=4), level=1)
    assert store.track(track.id).revising
    store.act(case.number, "submit_plan", now=NOW + dt.timedelta(hours=5), measures=measures)
    store.act(case.number, "rate_plan", now=NOW + dt.timedelta(hours=6), level=5)
    assert not store.track(track.id).revising

    # 三色: 60 % yellow and a reminder, 80 % orange and the list, 100 % red and the supervision procedure.
    days.until(4)
    assert days.lights(case) == ["yellow"]
    assert store.told(liaison, "case.follows.remind") == 1
    days.until(5)
    assert days.lights(case)[:2] == ["yellow", "orange"]
    assert store.told(store.staff("coordinator"), "case.follows.list") == 1
    days.until(9)
    assert days.lights(case) == ["yellow", "orange", "red"]
    assert store.told(store.staff("catch_all"), "case.follows.supervision_order") == 1
    store.act(case.number, "reply", now=days.now, kind="tracked", text="方案已定，分步推进")
    store.act(case.number, "verify_close", now=days.now + dt.timedelta(minutes=5))
    assert store.facts(track).count("entered") == 1

    # 节点: the first step is reached late, the second in time.
    days.until(13)
    with clock.at(days.now):
        seen = selectors.detail(track_id=track.id, actor=liaison, now=days.now)
    assert (seen.light, [node.light for node in seen.nodes]) == ("red", ["red", "green"])
    assert store.told(store.staff("catch_all"), "tracking.node_overdue") == 1
    store.take(track, "meet_node", actor=liaison, now=days.now, node=1, text="协调会已开")
    with clock.at(days.now):
        assert selectors.detail(track_id=track.id, actor=liaison, now=days.now).light == "green"

    # 半月一更新, 一月一通报: told in time twice, then forgotten once.
    for day in (14, 28):
        days.until(day)
        store.take(track, "report", actor=liaison, now=days.now, text=f"第 {day} 天的进展")
    days.until(46)
    assert store.track(track.id).missed == 1
    assert store.told(store.liaison(role="department_head"), "tracking.update_missed") == 1
    store.take(track, "report", actor=liaison, now=days.now, text="出入口已开设")
    store.take(track, "meet_node", actor=liaison, now=days.now, node=2, text="出入口已开设")
    with database.writing():
        texts = list(Bulletin.objects.order_by("number").values_list("text", flat=True))
    assert len(texts) == 1
    assert "第 14 天的进展" in texts[0]
    assert "召开专题协调会" in texts[0]
    assert store.told(owner, "tracking.bulletin_published.raiser") == 1

    # 办成终结: only the enterprise's word ends it.
    days.until(62)
    store.act(case.number, "confirm", now=days.now)
    track = store.track(track.id)
    assert (track.state, track.bulletins) == ("achieved", 2)
    days.until(120)
    assert (store.track(track.id).missed, store.track(track.id).bulletins) == (track.missed, 2)
    assert store.facts(track)[-1] == "achieved"
