"""How often the detectors of evaluation ask about honest departments, measured on simulated ones.

    python -m tools.false_alarms            print the rates
    python -m tools.false_alarms --write    also keep them where the pages read them

The departments are honest: nobody is pressed, everybody answers in their own words, some are late by nature. They
differ in size, speed, quality and in how many of their raisers rate. A false alarm is a finding about such a one; the
rate is the share of departments asked about in a quarter. What is assumed is written beside each number.
"""

import argparse
import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bihuan.mechanisms.evaluation.rulebook import Formalism
from bihuan.mechanisms.evaluation.rules import detecting
from bihuan.mechanisms.evaluation.rules.detecting import Finding, Rating

SEED, UNITS, WINDOWS = 51, 40, 250
KEPT = Path("src/bihuan/mechanisms/evaluation/rules/measured.py")
START = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
DAYS = 91
CLASSES = 60
"""Classes of devices, the commonest with about one in five of all: telephones of a few makers, one messenger."""
KINDS = ("burst", "template", "last_minute", "reopened_after_praise", "disagreement")
WORDS = (
    "水压 阀门 图纸 许可 窗口 验收 消防 开口 道路 合同 贷款 补贴 名录 材料 复测 现场 科室 电话 周三 下午"
    " 联系人 设备 税票 系统 证照 变更 地块 红线 排污 监测 岗位 社保 班车 专利 报关 仓库 用电 增容 变压器"
    " 施工 围挡 管线 回执 原件 盖章 网签 公示 复函"
).split()


PAGE = '''"""How often each detector asks about honest departments; made by `python -m tools.false_alarms --write`."""

UNITS = {units}
WINDOWS = {windows}
FALSE_ALARMS: dict[str, float] = {{
{listed}}}
"""Kind → share of honest departments asked about in a quarter, with the thresholds of the default rulebook."""
'''


class Unit:
    """One honest department: how many matters a quarter, how good, how fast, and who of its raisers speaks."""

    def __init__(self, dice: random.Random, ident: str) -> None:
        self.ident = ident
        self.matters = max(4, round(dice.lognormvariate(3.6, 0.8)))
        self.quality = dice.gauss(4.1, 0.35)
        self.pace = dice.gauss(0.62, 0.08)
        self.rates = dice.uniform(0.35, 0.7)
        self.standards = [phrase(dice, 30) for _question in range(8)]


def quarter(dice: random.Random, units: Sequence[Unit], rule: Formalism) -> list[Finding]:
    """Return what the detectors find in one quarter of these departments."""
    ratings: list[Rating] = []
    replies: list[tuple[str, str, str]] = []
    shares: list[tuple[str, float]] = []
    praised: list[tuple[str, bool]] = []
    words: list[tuple[str, bool, bool]] = []
    for unit in units:
        for number in range(unit.matters):
            case = f"{unit.ident}-{number}"
            level = max(1, min(5, round(dice.gauss(unit.quality, 0.85))))
            shares.append((unit.ident, max(0.02, dice.gauss(unit.pace, 0.22))))
            replies.append((case, unit.ident, answer(dice, unit)))
            if dice.random() < unit.rates:
                ratings.append(
                    Rating(
                        case=case, unit=unit.ident, at=moment(dice), result=level, firm=firm(dice), device=device(dice)
                    )
                )
                words.append((unit.ident, False, level > 2))
                if level >= detecting.GOOD:
                    # Of those content one in forty finds afterwards that it is not done after all.
                    praised.append((unit.ident, dice.random() < 0.025))
            if dice.random() < 0.2:
                # Whoever is called is a little less content than whoever rates by itself.
                words.append((unit.ident, True, level > 2 and dice.random() < 0.93))
    return look(rule, ratings, replies, shares, praised, words)


def look(
    rule: Formalism,
    ratings: list[Rating],
    replies: list[tuple[str, str, str]],
    shares: list[tuple[str, float]],
    praised: list[tuple[str, bool]],
    words: list[tuple[str, bool, bool]],
) -> list[Finding]:
    """Run every detector with the thresholds of a rulebook."""
    burst, text = rule.burst, rule.template
    wide, narrow = dt.timedelta(minutes=burst.minutes), dt.timedelta(minutes=burst.minutes_one_device)
    return [
        *detecting.own_device(ratings),
        *detecting.bursts(ratings, least=burst.firms, within=wide, same_device=False),
        *detecting.bursts(ratings, least=burst.firms_one_device, within=narrow, same_device=True),
        *detecting.templates(replies, least=text.replies, likeness=text.likeness, shortest=text.shortest),
        *detecting.last_minute(shares, from_=rule.last_from, least=rule.least, chance=rule.chance),
        *detecting.reopened_after_praise(praised, least=rule.least, chance=rule.chance),
        *detecting.disagreement(words, least=rule.least, gap=rule.gap, chance=rule.chance),
    ]


def moment(dice: random.Random) -> dt.datetime:
    """Return when somebody rates: by day, most just after lunch and at the end of work."""
    hour = dice.choices(range(8, 23), (6, 9, 9, 7, 10, 9, 6, 8, 9, 9, 5, 4, 4, 3, 2))[0]
    day, minute = dice.randrange(DAYS), dice.randrange(60)
    return START + dt.timedelta(days=day, hours=hour, minutes=minute)


def firm(dice: random.Random) -> str:
    """Return one of two thousand enterprises; some raise much."""
    return f"f{int(2000 * dice.random() ** 2)}"


def device(dice: random.Random) -> str:
    """Return the class of a device: one in five has the commonest."""
    return f"d{min(int(dice.paretovariate(0.32)) - 1, CLASSES)}"


def phrase(dice: random.Random, length: int) -> str:
    """Return so many words of the trade."""
    return "".join(dice.choice(WORDS) for _word in range(length))


def answer(dice: random.Random, unit: Unit) -> str:
    """Return a reply between the polite phrases that everybody uses.

    One in seven is one of eight questions that are asked again and again, to which an honest department too has a
    standard text; half of those go out as they are, half with a few words of one's own.
    """
    if dice.random() < 1 / 7:
        own = phrase(dice, dice.randint(4, 10)) if dice.random() < 0.5 else ""
        middle = dice.choice(unit.standards) + own
    else:
        middle = phrase(dice, dice.randint(12, 40))
    return f"您反映的问题收悉。{middle}。感谢您的理解与支持。"


def measure(*, units: int = UNITS, windows: int = WINDOWS, seed: int = SEED) -> dict[str, float]:
    """Return kind → share of honest departments that are asked about in a quarter."""
    dice, rule = random.Random(seed), Formalism()
    asked: Counter[str] = Counter()
    for _window in range(windows):
        made = [Unit(dice, f"u{number}") for number in range(units)]
        asked.update(kind for kind, _unit in {(one.kind, one.unit) for one in quarter(dice, made, rule)})
    return {kind: asked[kind] / (units * windows) for kind in KINDS}


def main() -> None:
    """Measure, print, and keep the rates where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    rates = measure()
    for kind, rate in rates.items():
        print(f"{kind:24} {rate:8.4%} of {UNITS * WINDOWS} honest departments a quarter")
    if write:
        listed = "".join(f'    "{kind}": {rate},\n' for kind, rate in rates.items())
        KEPT.write_text(PAGE.format(units=UNITS, windows=WINDOWS, listed=listed))


if __name__ == "__main__":
    main()
