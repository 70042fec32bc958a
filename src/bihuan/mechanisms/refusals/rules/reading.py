"""Does an answer say no, evade, or push the matter to others? Patterns give evidence, a small model weighs it (N1).

The patterns are written by hand. The weights are those of a logistic regression on which of them occur, fitted on the
hand-labelled set of `tests/external/refusals/`, which also measures what is reported in the README.
"""

import math
import re
from dataclasses import dataclass

NO, EVADE, PUSH, DONE = "no", "evade", "push", "done"
KINDS = (NO, EVADE, PUSH)
"""What an answer can do instead of helping; `done` signs speak for a real answer."""
SHORT = 90
"""Answers with fewer characters have no room for what was done."""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One pattern: its name, what it speaks for, its expression, and its weight in the model."""

    name: str
    kind: str
    pattern: re.Pattern[str]
    weight: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where in the text a sign was found: characters [start, end)."""

    sign: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a text was read as: its kind (empty: a real answer), how sure (0–1), and the evidence in order."""

    kind: str
    share: float
    evidence: tuple[Evidence, ...]


def _sign(name: str, kind: str, weight: float, pattern: str) -> Sign:
    return Sign(name=name, kind=kind, pattern=re.compile(pattern), weight=weight)


_FAR = r"[^。；;！!？?]"
SIGNS = (
    _sign(
        "cannot",
        NO,
        1.36,
        r"(?:不能|不可以?|无法|不得)(?:再)?(?:迁|报销|办理|报考|享受|界定|申请|抵押|取消|兑现|安装|拆迁|启动|规划|设置|开设|登记|解决|满足|兼顾|入学|随意|使用|进行|承诺)",
    ),
    _sign(
        "not_yet",
        NO,
        1.52,
        rf"(?:暂时?|目前|尚|今年|短期内){_FAR}{{0,12}}(?:不能|无法|不具备|没有(?:足够|政策|明确|配备)|未列入|未规划|不会|不宜|不支持|未有)",
    ),
    _sign(
        "not_eligible",
        NO,
        1.36,
        r"不符合(?!事实)|不属于(?:首套|装|不?享受)|不具备|不满足|应属不|未达到|不予(?:受理|认可|批准|登记|支持)|不再(?:接收|受理|办理)|不支持",
    ),
    _sign(
        "no_basis",
        NO,
        1.7,
        r"没有(?:政策|法律|文件)?依据|没有(?:明确)?(?:政策|规定|要求)|政策不(?:允许|支持)|不在.{0,8}范围|未规划|暂停",
    ),
    _sign(
        "no_means",
        NO,
        1.51,
        rf"(?:资金|财力|指标|警力|师资|经费){_FAR}{{0,8}}(?:有限|不足|缺口|紧张|没有|无法)|没有足够资金",
    ),
    _sign(
        "law_forbids",
        NO,
        0.63,
        rf"(?:必须|须|应当?|需){_FAR}{{0,10}}(?:满|年满|取得|缴满|户籍|同意){_FAR}{{0,24}}方(?:可|能)|严禁|最高年龄限度",
    ),
    _sign("understand", NO, 0.46, r"(?:敬请|希望|请)您?(?:的)?(?:予以)?(?:理解|谅解)|还请.{0,10}谅解|希望得到您的理解"),
    _sign(
        "study",
        EVADE,
        1.05,
        r"(?:将|会|进一步|充分|认真|正在|积极)(?:[^。，]{0,8})(?:研究|论证|斟酌|考虑|梳理核实)|正在(?:积极)?(?:协调|推进|寻求|对接|调研|衔接)|调研处理",
    ),
    _sign(
        "some_day",
        EVADE,
        0.9,
        r"逐步(?:完善|推进|实施|解决|开通|推广)|陆续(?:完善|解决)|(?:待|一旦|只要|如果?)[^。，]{0,20}(?:成熟|具备|落实|批复|出台|到位|成功)|循序渐进|进一步(?:普及|完善|规范)|祈盼|将会得到",
    ),
    _sign(
        "cannot_check",
        EVADE,
        0.46,
        r"(?:未|没有?)(?:留下?|提供)[^。]{0,12}(?:联系|电话|姓名|资料|信息|位置|身份)|(?:无|不够)(?:具体|明确)(?:位置|信息)?|无法(?:进行核|核实|看到|联系|查询|为您核|给出|了解)|完善个人信息|不清楚",
    ),
    _sign(
        "being_handled",
        EVADE,
        1.12,
        r"正在(?:与当事人)?(?:协商|协调|调查|处理|核查|受理)|协调处理当?中|均已介入|依法(?:处理|予以)[^。]{0,6}落实|妥善解决",
    ),
    _sign(
        "ask_elsewhere",
        PUSH,
        0.48,
        r"(?:请|建议|可|需|应当?|应?向)(?:您|你|当事人|其|直接|具体|各位)*(?:可)?(?:以)?(?:直接|具体)?(?:向|与|到|联系|咨询|致电|拨打)[^。，；]{0,26}?(?:局|部门|委|管委会|街道|办事处|村|公司|中心|协会|法院|派出所|科|处|银行|物业)[^。；]{0,14}(?:咨询|反映|提出|联系|了解|查询|申请|投诉|举报|沟通|维权|诉讼)",
    ),
    _sign(
        "consult_them",
        PUSH,
        1.19,
        r"(?:请|建议)(?:您|你)?(?:直接)?(?:咨询|联系|致电)(?:人社|住建|国土|教育|公安|交通|医保|民政|市|县|区|相关|有关)[^。；]{0,12}",
    ),
    _sign(
        "not_ours",
        PUSH,
        0.71,
        r"不(?:属|在|归)(?:于)?[^。，]{0,14}(?:职权|职责|管辖|管理|范围|负责)|无权|没有[^。，]{0,8}(?:权限|职权)|(?:属|应属|由)[^。，；]{2,20}(?:管辖|管理范围|职能|主管|负责(?!人)|监管)|属[^。，]{0,8}部门职责",
    ),
    _sign(
        "handed_on",
        PUSH,
        0.31,
        r"(?:已|现)?(?:转|交|移交|转至|转交)(?:给|至|由)?[^。，]{0,22}(?:调查|核查|核处|核实|办复|办理|处理|处置|部门|单位|局|答复|管委会)",
    ),
    _sign(
        "courts",
        PUSH,
        1.22,
        r"(?:司法|法律|诉讼)(?:途径|程序|渠道)|民事诉讼|(?:向|可向)[^。]{0,8}法院(?:提起)?(?:起诉|诉讼)?|仲裁",
    ),
    _sign(
        "sort_it_out",
        PUSH,
        2.05,
        r"(?:请|由|建议)[^。，]{0,12}(?:业委会|业主|村组|村、组|当事人|双方|开发商|建设方)[^。，]{0,16}(?:协商|沟通|负责|解决|反映)|自发组织|投工投劳",
    ),
    _sign(
        "done",
        DONE,
        -0.76,
        r"已(?:经)?(?:于[^。，]{0,12})?(?:整改|拆除|完成|解决|安装|修复|办理|办结|处理|发放|清理|查处|开通|启动|责令|取缔|查扣|通过|实现|列入|联系|督促)|责令|到位",
    ),
    _sign("went_there", DONE, -0.98, r"现场|经(?:[^。，]{0,10})?(?:查|调查|核实|了解)|据查|实地|走访"),
    _sign(
        "by_a_date",
        DONE,
        -0.18,
        r"(?:\d{1,2}月(?:\d{1,2}日|底|上旬|中旬|下旬)?|年底)[^。，]{0,8}(?:前|开工|动工|完成|完工|启动)|限期|倒排",
    ),
    _sign(
        "measures",
        DONE,
        -0.84,
        r"下一步|加大[^。，]{0,10}(?:力度|监管|巡查)|专项(?:整治|治理|检查)|采取[^。，]{0,8}措施|督促[^。，]{0,12}(?:整改|单位|公司|施工)",
    ),
    _sign(
        "how_to",
        DONE,
        -0.98,
        r"(?:携带|提交|提供|持)[^。；]{0,30}(?:办理|申请|登记|申报)|材料[:：]|流程|计算公式|标准(?:为|是)|符合[^。，]{0,14}(?:规定|要求|政策|标准)",
    ),
)
BIAS = -0.95
SHORT_WEIGHT = 2.18
THRESHOLD = 0.35
"""Low on purpose: a person sifts the pool, and what it misses nobody sees."""
MEASURED = {"rows": 60, "found": 18, "right": 11, "refusals": 25}
"""On replies labelled by hand and never used for the patterns or weights: how many candidates, how many of them right,
how many refusals there were. `tests/external/test_refusals.py` measures it anew and compares."""


def occurring(text: str) -> tuple[Evidence, ...]:
    """Return every place in the text where a sign occurs, in order."""
    found = [
        Evidence(sign=sign.name, kind=sign.kind, start=match.start(), end=match.end())
        for sign in SIGNS
        for match in sign.pattern.finditer(text)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.sign)))


def features(text: str) -> tuple[float, ...]:
    """Return what the model sees: for each sign whether it occurs, and whether the text is short."""
    return (*(float(bool(sign.pattern.search(text))) for sign in SIGNS), float(len(text) < SHORT))


def read(text: str, *, threshold: float = THRESHOLD) -> Reading:
    """Return what an answer says besides helping; kind is empty below the threshold."""
    present = features(text)
    weights = (*(sign.weight for sign in SIGNS), SHORT_WEIGHT)
    share = 1 / (1 + math.exp(-BIAS - sum(weight * here for weight, here in zip(weights, present, strict=True))))
    against = dict.fromkeys(KINDS, 0.0)
    for sign, here in zip(SIGNS, present, strict=False):
        if here and sign.kind in against:
            against[sign.kind] += sign.weight
    kind = max(against, key=lambda one: against[one])
    said = share >= threshold and against[kind] > 0
    evidence = tuple(one for one in occurring(text) if one.kind != DONE)
    return Reading(kind=kind if said else "", share=share, evidence=evidence)
