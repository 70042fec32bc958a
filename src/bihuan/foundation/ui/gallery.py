"""Invented data for the gallery of components. Nothing here is real, and nothing of the product imports it."""

import datetime as dt
from functools import cached_property
from typing import Any, NamedTuple

from django import forms

from bihuan.foundation.ui import charts, context, gallery_words, navigation
from bihuan.foundation.ui.components import Change, Column, Figure, File, Option, Rung, Step, TimelineEntry

CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 11, 19, 10, 20, tzinfo=CHINA)
MARKS = (0.6, 0.8, 1.0)

PAGES = (
    ("kit", "样式表", "stethoscope"),
    ("queue", "我的待办", "inbox"),
    ("case", "办件页", "file-text"),
    ("figures", "驾驶舱", "gauge"),
    ("boards", "看板", "columns"),
    ("states", "各种状态", "alert-circle"),
    ("forms", "表单", "edit"),
    ("phone", "手机首页", "device-mobile"),
    ("phone-form", "手机表单", "device-mobile"),
)


class SampleFrame(context.Frame):
    """The frame of the gallery: an invented visitor and a fixed instant."""

    @cached_property
    def visitor(self) -> navigation.Visitor:
        """Somebody who does not exist."""
        return navigation.Visitor(name="贺川", office="兜底板块 · 督办", place="澜川区企服中心")

    @cached_property
    def now(self) -> dt.datetime:
        """Always the same instant, so that pictures compare."""
        return NOW

    @cached_property
    def unread(self) -> int:
        """A few."""
        return 3

    @cached_property
    def url(self) -> dict[str, str]:
        """Places that lead nowhere."""
        return dict.fromkeys(navigation.PLACES, "#main")

    @cached_property
    def nav(self) -> tuple[navigation.Section, ...]:
        """The pages of the gallery in three sections, as a real navigation looks."""
        here = self._request.path.rstrip("/").rsplit("/", 1)[-1]
        shown = [
            navigation.Shown(
                label=label,
                icon=icon,
                url=f"/gallery/{page}/",
                badge={"queue": 50, "boards": 5}.get(page),
                current=here == page,
                key="g q" if page == "queue" else "",
            )
            for page, label, icon in PAGES
        ]
        groups = (("daily", "日常", shown[1:4]), ("oversight", "监督", shown[4:7]), ("manage", "其他", [shown[0], *shown[7:]]))
        return tuple(navigation.Section(name=name, label=label, entries=tuple(entries)) for name, label, entries in groups)


class Row(NamedTuple):
    """One row of the sample queue."""

    light: str
    share: float
    left: str
    number: str
    title: str
    company: str
    town: str
    sector: str
    done: int
    stage: str
    department: str
    person: str
    others: int
    latest: str
    at: str
    flag: str
    action: str


STAGES = ("提出", "受理", "派单", "方案", "办理", "答复", "评价", "复盘")
_ROWS = """
red|1.12|超 1 天 1 小时|BH-2611-0098|污水接驳口被占，雨天倒灌车间|云汀印染|石渚镇|公共设施|4|区城管局|唐见山|1|已转政务督办|昨天 17:00|督办中|督办
red|1.03|超 2 小时|BH-2611-0104|稳岗返还到账金额比公示少 3.2 万元|明汐物流|临港新区|政策|5|区人社局|陆青禾|0|部门已起草答复，待审|今天 09:50||督办
orange|.92|剩 6 小时 40 分|BH-2611-0087|丙类仓库扩建，消防验收退回三次|禾原新材料|石渚镇|项目审批|4|区住建局|沈知遥|2|消防大队传了复验情况表|今天 09:55|标的物|催办
orange|.88|剩 1 天 2 小时|BH-2611-0093|出口退税函调两个月没有回音|远屿光电|临港新区|开放|4|区税务局|许闻溪|1|外地税务机关已回函|昨天 15:12||催办
orange|.83|剩 1 天 6 小时|BH-2611-0101|用电增容报装卡在现场勘察|恒砺铸件|南埠镇|用地用能|3|供电公司|高予宁|1|方案没按时报|周二 17:00|标的物|催办
yellow|.74|剩 2 天|BH-2611-0109|南门货车禁止右转，原料绕行 11 公里|田沐食品|望湖街道|公共设施|4|区公安分局|韩屿|2|企业催了一次|昨天 11:30||催办
yellow|.68|剩 2 天 5 小时|BH-2611-0112|首台套补贴要行业排名证明，协会不给非会员开|锐舟机床|东渚街道|科创|4|区经信局|梁叙|0|拟改为三种证明任选|昨天 14:05|类案|催办
yellow|.61|剩 3 天|BH-2611-0116|职工子女入学，同一份材料交了四遍|青陌软件|望湖街道|人才|3|区教育局|周见微|1|过六成，已自动催办|今天 10:00||催办
green|.45|剩 4 天|BH-2611-0120|取水许可延续，又要重做论证报告|云汀印染|石渚镇|项目审批|4|区水利局|方既白|0|企业看了方案：满意|昨天 16:40||查看
green|.22|剩 7 天|BH-2611-0127|专精特新贷抵押率太低，想用设备追加|锐舟机床|东渚街道|金融|2|区金融办|叶望舒|3|已派单，部门已签收|昨天 09:20||查看
blue|0|38 分钟内签收|BH-2611-0141|厂门口路灯坏了两盏，夜班下班不安全|明汐物流|临港新区|公共设施|0|未派|—|0|扫码提出，附照片 2 张|今天 09:00||签收
pause|.55|停表 4 天|BH-2610-0076|厂区用地早年定位偏差，没法办验收|恒砺铸件|南埠镇|用地用能|4|区资规局|苏远|2|停表已告知企业，企业同意|11-13 10:10|历史遗留|复表
"""


def _row(line: str) -> Row:
    light, share, left, number, title, company, town, sector, done, *rest = line.split("|")
    department, person, others, latest, at, flag, action = rest
    stage = STAGES[int(done)]
    return Row(
        light, float(share), left, number, title, company, town, sector, int(done), stage, department, person, int(others),
        latest, at, flag, action,
    )  # fmt: skip


def _strip() -> list[Option]:
    notes = {"red": "比昨天 +1", "orange": "用时过 80%", "yellow": "用时过 60%", "blue": "限 2 小时"}
    counts = {"red": 4, "orange": 7, "yellow": 9, "green": 21, "blue": 6, "pause": 3}
    lit = [Option(label=None, url="?", count=n, light=k, note=notes.get(k, "")) for k, n in counts.items()]
    return [Option(label="全部", url="?", count=50, current=True), *lit]


def _queue() -> dict[str, Any]:
    columns = ("板块", "环节", "责任部门", "最近动态")
    return {
        "rows": [_row(line) for line in _ROWS.strip().splitlines()],
        "strip": _strip(),
        "chips": [Option(label="只看跨部门", url="?")],
        "columns": [Column(position=position, label=label) for position, label in enumerate(columns, start=4)],
        "views": [Option(label="今天到期", url="?", count=3), Option(label="等我签收", url="?", count=6)],
    }


def _at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def _case() -> dict[str, Any]:
    notes = ("11-05 09:12", "09:40 · 28 分钟", "11:05 · 区住建局", "11-12 · 企业满意", "今天 17:00 前复验", "", "", "")
    states = ("done",) * 4 + ("current",) + ("todo",) * 3
    sheet, photos = File(name="复验情况表.pdf", url="#main", size=421888), File(name="现场照片 4 张", url="#main", icon="photo")
    return {
        "steps": [Step(name=n, state=s, note=x) for n, s, x in zip(STAGES, states, notes, strict=True)],
        "due_scale": ((0.6, "60%", "11-13"), (0.8, "80%", "11-17"), (1.0, "100%", "17:00")),
        "left": dt.timedelta(hours=6, minutes=40),
        "due": _at(19, 17),
        "entries": [
            TimelineEntry(at=_at(19, 9, 55), who="区消防救援大队", text="传了复验情况表（草稿）", icon="file-text", files=(sheet,),
                          notes=("#14", "企业可见")),
            TimelineEntry(at=_at(18, 16, 20), who="禾原新材料", text="催了一次", icon="message-circle",
                          quote="设备厂家周五要定开机时间，能不能今天给准信？", notes=("#13", "沈知遥 18 分钟后回电")),
            TimelineEntry(at=_at(17, 17), text="用时过 80%，转橙灯，列入督办预警清单", light="orange", system=True,
                          notes=("#12", "已发：沈知遥、建设工程科科长")),
            TimelineEntry(at=_at(17, 15, 10), who="禾原新材料", text="传了整改照片 6 张", icon="photo", notes=("#11", "企业可见")),
            TimelineEntry(at=_at(13, 10), text="用时过 60%，转黄灯，已催办", light="yellow", system=True, notes=("#10",)),
            TimelineEntry(at=_at(12, 11, 26), who="禾原新材料", text="评方案：满意", icon="mood-smile",
                          quote="这回讲清楚了，照着改就行。", notes=("#09",)),
            TimelineEntry(at=_at(10, 14, 30), who="三部门", text="到现场，列出 3 个问题，当场签字", icon="map-pin", files=(photos,),
                          notes=("#08", "企业可见")),
        ],
        "rungs": [
            Rung(text="60% 催办", when="11-13", light="yellow"),
            Rung(text="80% 督办预警清单", when="11-17", light="orange"),
            Rung(text="100% 政务督办", when="今天 17:00"),
            Rung(text="再超 2 个工作日，上联席会议", when="11-23"),
            Rung(text="仍没办成，抄送纪委监委"),
        ],
        "plan": (
            (1, "三部门一次到场，列清全部问题", "区住建局", "11-10", "done", "办完", "11-10"),
            (2, "出问题清单，企业签字确认", "区住建局", "11-12", "done", "办完", "11-12"),
            (3, "补两处疏散指示，改一樘防火卷帘", "禾原新材料", "11-14", "done", "办完", "11-17，晚 1 天"),
            (4, "现场复验，当场出意见", "区消防救援大队", "今天 17:00", "orange", "正在办", ""),
            (5, "发验收意见书，回访是否投产", "区住建局", "11-26", "", "没到时间", ""),
        ),
    }  # fmt: skip


def _figures() -> dict[str, Any]:
    up, down = "up", "down"
    figures = (
        ("收到问题", "412", "件", "比上月同期", Change(amount="6%", direction=up), (28, 31, 36, 30, 33, 38, 41, 36, 40, 44, 38, 42), None),
        ("按时办结率", "93.1", "%", "变差，目标 95%", Change(amount="0.8", direction=down, verdict="bad"),
         (94.6, 94.2, 93.8, 94.9, 95.1, 94.4, 93.7, 93.9, 94.2, 93.5, 93.9, 93.1), 95),
        ("最终办成率", "88.4", "%", "变好，目标 90%", Change(amount="1.2", direction=up, verdict="good"),
         (84.1, 84.9, 85.2, 86.0, 85.8, 86.4, 87.1, 86.9, 87.5, 87.2, 87.2, 88.4), 90),
        ("企业满意率", "95.3", "%", "变好，目标 95%", Change(amount="0.3", direction=up, verdict="good"),
         (94.0, 94.4, 94.1, 94.8, 95.0, 94.7, 94.9, 95.1, 95.1, 94.8, 95.0, 95.3), 95),
        ("平均用时", "4.6", "工作日", "变好，目标 5", Change(amount="0.3", direction=down, verdict="good"),
         (5.6, 5.4, 5.5, 5.2, 5.1, 5.3, 5.0, 4.9, 5.0, 4.8, 4.9, 4.6), 5),
        ("现在超期", "9", "件", "变差，比上周", Change(amount="3 件", direction=up, verdict="bad"), (4, 5, 3, 6, 5, 4, 7, 6, 5, 6, 6, 9), None),
    )  # fmt: skip
    sectors = {
        "项目审批": (3, 6, 9, 21, 2), "用地用能": (2, 5, 6, 14, 2), "公共设施": (2, 3, 7, 17, 5), "政策": (1, 3, 5, 16, 2),
        "开放": (1, 2, 3, 9, 1), "金融": (0, 1, 3, 10, 1), "人才": (0, 1, 3, 8, 1), "科创": (0, 0, 2, 6, 0), "法律": (0, 0, 0, 3, 0),
    }  # fmt: skip
    order = ("red", "orange", "yellow", "green", "blue")
    causes = {
        "流程": (("串联会签，一家压一家", 11, True), ("退件不一次说清", 8, True), ("重复勘察", 3, False)),
        "职责": (("牵头部门不清", 9, True), ("没人兜底", 4, False), ("换人没交接", 3, False)),
        "政策": (("条款打架", 5, False), ("没有先例", 4, False)),
        "材料": (("标准没公开", 3, False), ("重复要证明", 6, False)),
        "数据": (("系统不通，靠人抄", 5, False),),
        "人手": (("现场勘察排不开", 3, False),),
    }
    points = "9-01 9-08 9-15 9-22 9-29 10-06 10-13 10-20 10-27 11-03 11-10 11-17".split()
    return {
        "figures": [Figure(name=n, value=v, unit=u, note=x, change=c, trend=t, target=g, url="#main") for n, v, u, x, c, t, g in figures],
        "whole": list(zip((9, 21, 38, 104, 14), order, strict=True)),
        "sectors": [(n, sum(v), list(zip(v, order, strict=True)), v[0], v[1]) for n, v in sectors.items()],
        "funnel": (("提出", 412, ""), ("受理", 405, "7 件不属涉企"), ("出方案", 371, "34 件在做"), ("办结", 338, "33 件在办"),
                   ("办成", 299, "39 件待成"), ("满意", 285, "14 件重办")),
        "points": points,
        "lines": (
            charts.Series(name="收到", values=(86, 92, 101, 88, 64, 58, 104, 98, 112, 121, 117, 96)),
            charts.Series(name="办结", values=(82, 88, 95, 96, 70, 49, 92, 101, 104, 113, 119, 88)),
        ),
        "overdue": charts.Series(name="当周超期", values=(4, 5, 3, 6, 5, 4, 7, 6, 5, 6, 6, 9)),
        "bones": [charts.Bone(name=n, causes=[charts.Cause(name=c, count=k, stressed=s) for c, k, s in v]) for n, v in causes.items()],
        "fish_head": ("近 90 天", "64 件超期"),
        "topics": (("验收口径前后不一", 31, Change(amount="+12", direction=up), "已成类案"), ("用电用水报装慢", 27, Change(amount="+3", direction=up), ""),
                   ("补贴到账晚", 24, Change(amount="-5", direction=down), "已改制度"), ("货车通行受限", 19, Change(amount="+8", direction=up), ""),
                   ("重复要证明材料", 17, Change(amount="-9", direction=down), "已改制度"), ("出口退税函调", 11, Change(amount="+4", direction=up), "上报市级")),
    }  # fmt: skip


def _boards() -> dict[str, Any]:
    ranks = (("区市监局", 1, (29.1, 23.8, 24.5, 9.4, 9.0), "95.8", (88, 89, 91, 90, 92, 94)),
             ("区税务局", -1, (29.4, 22.8, 24.2, 9.0, 8.5), "93.9", (92, 93, 92, 94, 93, 93)),
             ("区住建局", -1, (25.5, 20.0, 22.0, 7.6, 8.0), "80.1", (83, 82, 81, 82, 80, 80)))  # fmt: skip
    return {
        "board": (
            ("备选库", "系统自动选", (("夜间施工许可“一律不批”", "恒砺铸件", "区城管局：“中高考期间禁止夜间施工。”", "", "", "yellow", "2 天内定要不要评"),)),
            ("调研", "代表到现场", (("水上加油点经营范围改不了", "明汐物流", "区市监局：“系统里没有这一项。”", "", "", "orange", "剩 1 天"),)),
            ("落实", "按结论办", (
                ("用地定位偏差，不给验收", "恒砺铸件", "区资规局：“历史遗留，没法办。”", "double", "应该办", "yellow", "剩 18 天"),
                ("外地社保年限不认", "远屿光电", "区人社局：“要原件，不认电子证明。”", "solid", "能办", "green", "剩 5 天"),
                ("危化品仓库扩容", "禾原新材料", "区应急局：“超出安全间距。”", "dashed", "确实不能办", "green", "剩 9 天"))),
        ),
        "weights": (("k1", "按时办结"), ("k2", "最终办成"), ("k3", "企业满意"), ("k4", "方案质量"), ("k5", "复盘转化")),
        "ranks": [(i, n, d, abs(d), x, [(v, f"k{k}") for k, v in enumerate(p, start=1)], t) for i, (n, d, p, x, t) in enumerate(ranks, start=1)],
        "flow": [Step(name=n, note=x) for n, x in (("发现苗头", "系统、企业、观察员"), ("部门自查", "5 个工作日"), ("认定责任", "5 个工作日"),
                                                   ("落实整改", "5 个工作日"), ("回访销号", "企业说了算"), ("写成经验", "一件变一类"))],
        "tabs": [Option(label="部门", url="?", current=True), Option(label="镇街", url="?"), Option(label="板块", url="?", count=9)],
    }  # fmt: skip


LEVELS = (("5", "非常\u200b满意"), ("4", "满意"), ("3", "基本\u200b满意"), ("2", "不满意"), ("1", "非常\u200b不满意"))
KINDS = tuple((str(i), n) for i, n in enumerate(("项目审批", "用地用能", "政策", "金融", "人才", "科创", "法律", "开放", "公共设施", "说不清")))


class SampleForm(forms.Form):
    """One field of each kind."""

    text = forms.CharField(label="遇到了什么问题", help_text="说清三点：卡在哪、影响多大、想要什么结果。", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    phone = forms.RegexField(r"^\d{11}$", label="手机号", help_text="只给经办人用，不公开。", error_messages={"invalid": "少一位，手机号是 11 位。"})
    board = forms.ChoiceField(label="板块", choices=KINDS)
    until = forms.DateField(label="期限", required=False)
    kind = forms.ChoiceField(label="是哪一类", choices=KINDS, widget=forms.RadioSelect, initial="0")
    why = forms.MultipleChoiceField(label="哪里不满意", choices=KINDS[:4], widget=forms.CheckboxSelectMultiple, required=False)
    hide = forms.BooleanField(label="对部门隐去企业名", required=False)
    level = forms.ChoiceField(label="结果", choices=LEVELS, widget=forms.RadioSelect, help_text="问题真的办成了吗？", initial="4")


def _forms() -> dict[str, Any]:
    typed = {"text": "仓库 9 月完工，验收退了三次。", "phone": "1360000091", "board": "0", "kind": "0", "level": "2"}
    return {"form": SampleForm(prefix="a", use_required_attribute=False), "wrong": SampleForm({f"b-{k}": v for k, v in typed.items()}, prefix="b")}


SWATCHES = tuple(zip("paper surface sunken line field ink-3 ink-2 ink brand brand-tint".split(), "纸 面 凹 线 框 墨三 墨二 墨一 黛蓝 淡黛".split(), strict=True))
KIT = (("blue", 0, "空心圆", "还没签收"), ("green", 0.42, "实心圆 + 勾", "用时不到 60%"), ("yellow", 0.66, "三角", "过 60%"),
       ("orange", 0.88, "菱形", "过 80%"), ("red", 1.12, "八边形 + 横杠", "过 100%"), ("pause", 0.55, "方框双竖", "停表，企业同意"),
       ("done", 1.0, "圆环 + 勾", "企业评价后归档"), ("purple", 0.7, "圆点", "规则簿里新加的灯"))  # fmt: skip


def _kit() -> dict[str, Any]:
    return {"kit": KIT, "swatches": SWATCHES, "seven": range(9), "odd_marks": (0.5, 0.75, 1.0, 1.5)}


def content(page: str) -> dict[str, Any]:
    """Return what one page of the gallery shows. Raises KeyError for a page that is not in PAGES."""
    makers = {
        "kit": _kit, "queue": _queue, "case": _case, "figures": _figures, "boards": _boards, "states": dict, "forms": _forms,
        "phone": _case, "phone-form": _forms,
    }  # fmt: skip
    return {"marks": MARKS, "w": gallery_words.WORDS[page], **makers[page]()}
