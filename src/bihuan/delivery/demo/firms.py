"""Invented enterprises with valid credit codes of a region that does not exist: they can never be real ones."""

import csv
import io
import random
from dataclasses import dataclass

from bihuan.foundation.directory import rules as directory

from .place import DISTRICT, ROADS, TOWN_WEIGHTS, TOWNS

COUNT = 320
LOGINS = 24
"""How many of them have a login; these are also the most active."""

_FIRST = "云 明 禾 远 恒 田 锐 青 栖 朗 景 澄 砺 嘉 启 泽 岚 汀 竹 晟 沐 衡 屿 柏 谷 曜 霁 溯 映 拓".split()
_SECOND = "汀 汐 原 屿 砺 沐 舟 陌 川 润 洲 帆 和 石 远 岭 溪 禾 宸 望 港 桥 浦 阳 序 航 峰 澜 野 源".split()


@dataclass(frozen=True)
class _Trade:
    code: str
    word: str
    product: str
    weight: int
    form: str = "有限公司"


_TRADES = (
    _Trade("C1713", "印染", "坯布", 9),
    _Trade("C1819", "服饰", "外套", 6),
    _Trade("C3484", "机械", "齿轮箱", 10),
    _Trade("C3391", "铸造", "铸件", 8),
    _Trade("C2659", "新材料", "改性塑料", 8),
    _Trade("C3971", "光电", "灯珠", 7),
    _Trade("C3421", "机床", "数控机床", 6),
    _Trade("C1439", "食品", "糕点", 7),
    _Trade("C3670", "汽配", "制动片", 7),
    _Trade("C2927", "塑业", "日用塑料件", 6),
    _Trade("C2110", "家居", "实木家具", 5),
    _Trade("C3824", "电气", "配电箱", 6),
    _Trade("C2780", "医疗器械", "康复器材", 4),
    _Trade("G5430", "物流", "集装箱货", 10),
    _Trade("G5990", "仓储", "冻品", 4),
    _Trade("F5176", "贸易", "五金件", 10),
    _Trade("F5292", "电子商务", "小家电", 7),
    _Trade("I6510", "软件", "工业软件", 8),
    _Trade("I6450", "信息技术", "云服务", 5),
    _Trade("H6210", "餐饮管理", "团餐", 5),
    _Trade("H6110", "酒店", "客房", 2),
    _Trade("M7452", "检测技术", "检测服务", 4),
    _Trade("M7320", "生物科技", "试剂", 4),
    _Trade("E4813", "市政建设", "道路工程", 6),
    _Trade("E5011", "装饰工程", "装修工程", 4),
    _Trade("A0141", "果蔬", "蔬菜", 4, "专业合作社"),
    _Trade("A0411", "水产", "南美白对虾", 3, "有限公司"),
)


@dataclass(frozen=True, kw_only=True)
class Firm:
    """An enterprise; `pull` says how often it raises something, `login` is its user name where it has one."""

    uscc: str
    name: str
    short: str
    industry: str
    product: str
    size: str
    town: str
    address: str
    pull: float
    login: str = ""


def invent(seed: int) -> tuple[Firm, ...]:
    """Return COUNT enterprises; the first LOGINS have logins `enterprise1` …"""
    dice = random.Random(f"{seed}:firms")  # noqa: S311
    taken: set[str] = set()
    firms = []
    for serial in range(1, COUNT + 1):
        trade = dice.choices(_TRADES, [one.weight for one in _TRADES])[0]
        brand = ""
        while not brand or brand in taken:
            brand = dice.choice(_FIRST) + dice.choice(_SECOND)
            brand = "" if brand[0] == brand[1] else brand
        taken.add(brand)
        short = brand + trade.word
        town = dice.choices(list(TOWNS), TOWN_WEIGHTS)[0]
        form = "股份有限公司" if trade.form == "有限公司" and dice.random() < 0.06 else trade.form
        firms.append(
            Firm(
                uscc=directory.compose_uscc(region=DISTRICT, serial=70_000 + serial * 37),
                name=f"澜川{short}{form}",
                short=short,
                industry=trade.code,
                product=trade.product,
                size=dice.choices(("large", "medium", "small", "micro"), (4, 14, 52, 30))[0],
                town=town,
                address=f"{town}{dice.choice(ROADS)}{dice.randint(1, 299)}号",
                pull=min(dice.paretovariate(1.6), 9.0) * (3 if serial <= LOGINS else 1),
                login=f"enterprise{serial}" if serial <= LOGINS else "",
            )
        )
    return tuple(firms)


def as_csv(firms: tuple[Firm, ...]) -> bytes:
    """Return the file that `directory.services.import_enterprises` takes."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("uscc", "name", "region", "town", "address", "industry", "size"))
    for firm in firms:
        writer.writerow((firm.uscc, firm.name, DISTRICT, firm.town, firm.address, firm.industry, firm.size))
    return text.getvalue().encode()
