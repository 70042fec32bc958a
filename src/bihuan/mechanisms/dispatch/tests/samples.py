"""Invented matters with labels, for tests."""

import random

from bihuan.mechanisms.dispatch.rules import learning

TOPICS = {
    "transport": ("公交线路太少", "司机拒载", "网约车乱收费", "地铁口没有站台"),
    "labour": ("拖欠工资", "社保断缴", "加班没有加班费", "劳动合同不签"),
    "health": ("医院挂号难", "疫苗打不到", "医生态度差", "药店乱卖药"),
}


def rows_of(count: int, seed: int = 1) -> tuple[list[learning.Row], list[str]]:
    """Return so many (title, body) and their labels."""
    chance = random.Random(seed)
    labels = [chance.choice(list(TOPICS)) for _ in range(count)]
    rows = [
        (chance.choice(TOPICS[label]), f"{chance.choice(TOPICS[label])}，请处理{chance.randrange(99)}号")
        for label in labels
    ]
    return rows, labels
