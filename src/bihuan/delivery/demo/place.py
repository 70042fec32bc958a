"""The fictional 澜川区: its departments with how good they really are, its boards, towns and roads. All invented."""

from dataclasses import dataclass

DISTRICT = "999901"
ABOVE = ("999900", "990000")


@dataclass(frozen=True, kw_only=True)
class Department:
    """A department of the district. `skill` (0 to 1) is how good it really is at handling cases.

    From it follow speed, really solved matters, replies sent back and false closings, so that statistics which claim
    to tell good from bad can be compared with the truth. `sections` are units that plans name.
    """

    code: str
    name: str
    short: str
    skill: float
    kind: str = "bureau"
    sections: tuple[str, ...] = ("综合科", "业务科")


def _d(code: str, name: str, short: str, skill: float, sections: str = "", kind: str = "bureau") -> Department:
    units = tuple(sections.split()) or ("综合科", "业务科")
    return Department(code=code, name=name, short=short, skill=skill, kind=kind, sections=units)


DEPARTMENTS: dict[str, Department] = {
    department.code: department
    for department in (
        _d("development", "澜川区发展和改革局", "区发改局", 0.62, "投资科 能源科 价格科"),
        _d("industry", "澜川区经济和信息化局", "区经信局", 0.74, "投资技改科 企业服务科 数字经济科"),
        _d("education", "澜川区教育局", "区教育局", 0.38, "基教科 招生办"),
        _d("science", "澜川区科学技术局", "区科技局", 0.7, "高新科 成果科 引智科"),
        _d("police", "澜川区公安分局", "区公安分局", 0.55, "交警大队 治安大队 经侦大队"),
        _d("justice", "澜川区司法局", "区司法局", 0.68, "执法监督科 公共法律服务科"),
        _d("treasury", "澜川区财政局", "区财政局", 0.58, "企业科 国库科"),
        _d("hr", "澜川区人力资源和社会保障局", "区人社局", 0.66, "就业科 社保中心 仲裁院"),
        _d("planning", "澜川区自然资源和规划局", "区资规局", 0.57, "用地科 规划科 登记中心"),
        _d("environment", "澜川区生态环境分局", "区生态环境分局", 0.6, "审批科 执法队 固废科"),
        _d("housing", "澜川区住房和城乡建设局", "区住建局", 0.3, "建设工程科 质安站 房管科"),
        _d("transport", "澜川区交通运输局", "区交通局", 0.56, "运管科 公路中心 公交科"),
        _d("water", "澜川区水利局", "区水利局", 0.64, "水资源科 河湖科"),
        _d("agriculture", "澜川区农业农村局", "区农业农村局", 0.6, "产业科 耕地科"),
        _d("commerce", "澜川区商务局", "区商务局", 0.65, "外贸科 招商科 商贸科"),
        _d("health", "澜川区卫生健康局", "区卫健局", 0.63, "监督所 职业健康科"),
        _d("emergency", "澜川区应急管理局", "区应急局", 0.54, "危化科 综合执法队"),
        _d("market", "澜川区市场监督管理局", "区市监局", 0.92, "登记科 食品科 知识产权科"),
        _d("urban", "澜川区综合行政执法局", "区城管局", 0.42, "市政科 市容科 执法队"),
        _d("finance", "澜川区金融工作办公室", "区金融办", 0.82, "银企科 风险科"),
        _d("tax", "澜川区税务局", "区税务局", 0.88, "货劳科 进出口科 征管科"),
        _d("fire", "澜川区消防救援大队", "区消防救援大队", 0.5, "防火科 验收组"),
        _d("talent", "澜川区委人才工作办公室", "区人才办", 0.72, "引才科 服务科"),
        _d("customs", "澜川海关", "澜川海关", 0.76, "查验科 综合科"),
        _d("power", "澜川供电公司", "供电公司", 0.64, "报装科 运检部", "utility"),
        _d("waterworks", "澜川水务公司", "水务公司", 0.52, "管网部 营业厅", "utility"),
        _d("gas", "澜川燃气公司", "燃气公司", 0.58, "工程部 客服部", "utility"),
        _d("centre", "澜川区企业综合服务中心", "区企服中心", 0.8, "综合科 协调科", "centre"),
        _d("zone", "临港新区管理委员会", "临港新区管委会", 0.6, "企服办 物业办", "town"),
    )
}


@dataclass(frozen=True, kw_only=True)
class Board:
    """A board of the centre, with the code of its lead department."""

    code: str
    name: str
    lead: str
    kind: str = "service"


BOARDS: dict[str, Board] = {
    board.code: board
    for board in (
        Board(code="general", name="综合板块", lead="centre", kind="general"),
        Board(code="project", name="项目审批板块", lead="development"),
        Board(code="policy", name="政策板块", lead="industry"),
        Board(code="finance", name="金融板块", lead="finance"),
        Board(code="talent", name="人才板块", lead="talent"),
        Board(code="law", name="法律板块", lead="justice"),
        Board(code="innovation", name="科创板块", lead="science"),
        Board(code="opening", name="开放板块", lead="commerce"),
        Board(code="resources", name="用地用能专区", lead="planning", kind="zone"),
        Board(code="facilities", name="公共设施专区", lead="urban", kind="zone"),
        Board(code="catch_all", name="兜底板块", lead="centre", kind="catch_all"),
    )
}
"""Nine boards with a lead department each, the general board that collects, and the catch-all board: "9+1"."""

CITY = ABOVE[0]
"""The city above the district: some matters go up to it."""
CITY_DEPARTMENTS: dict[str, Department] = {
    department.code: department
    for department in (
        _d("development", "澜州市发展和改革委员会", "市发改委", 0.7),
        _d("planning", "澜州市自然资源和规划局", "市资规局", 0.6),
        _d("housing", "澜州市住房和城乡建设局", "市住建局", 0.65),
        _d("centre", "澜州市企业综合服务中心", "市企服中心", 0.8, "综合科 协调科", "centre"),
    )
}
CITY_BOARDS = (
    Board(code="general", name="综合板块", lead="centre", kind="general"),
    Board(code="catch_all", name="兜底板块", lead="centre", kind="catch_all"),
)

TOWNS = {
    "望湖街道": "999901001",
    "东渚街道": "999901002",
    "青陌街道": "999901003",
    "云台街道": "999901004",
    "临港新区": "999901005",
    "石渚镇": "999901101",
    "南埠镇": "999901102",
    "沙浦镇": "999901103",
    "青麓镇": "999901104",
}
TOWN_WEIGHTS = (10, 13, 7, 8, 17, 19, 13, 8, 5)
"""How many enterprises sit where, in the order of TOWNS."""

ROADS = "望澜路 石渚大道 渡口街 云台三路 南埠北路 临港一路 东渚巷 青麓支路 沙浦环路 砚桥路 栖霞街 合江路".split()

_BOARDS = "".join(
    f"  - {{code: {board.code}, name: {{zh: {board.name}, en: {board.code.replace('_', '-').capitalize()} board}},"
    f" kind: {board.kind}}}\n"
    for board in BOARDS.values()
)
RULEBOOK = f"""
name: {{zh: 澜川区（演示）, en: "Lanchuan (demonstration)"}}
region: "{DISTRICT}"
evaluation: {{callbacks: {{strata: tier}}}}
boards:
{_BOARDS}
conference:
  dialogues:
    - {{id: weekly, name: {{zh: 周恳谈, en: Weekly talk}}, weekday: 3, at: "14:30", place: 企服中心会客厅, guests: 8}}
    - {{id: monthly, name: {{zh: 月例会, en: Monthly meeting}}, day: 15, at: "09:30", place: 区政府 302, guests: 10}}
retrospectives:
  must_when:
    - {{id: superior, name: {{zh: 市级以上交办问题必复盘, en: Assigned from above}}, channels: [superior]}}
    - {{id: hard, name: {{zh: 疑难问题必复盘, en: Hard matter}}, tiers: [hard]}}
    - {{id: institution, name: {{zh: 涉及制度性问题必复盘, en: Touches institutions}}, institution: true}}
"""
"""The district's own rulebook; the rest is the default's.

Its boards, its talks, few strata, since it is small, and no report on every matter that is merely complex: that would
be four in ten.
"""
CHANGE = "tiers: {ordinary: {first_contact_within: 6wh}}\n"
WHY_CHANGED = "企业座谈反映首次联系偏慢，改为 6 个办公小时内，在办事项一并执行。"
"""The rule that the district changes on the way, and why."""
