"""What leaves as a file: the notice of a check and its result, as letters to the enterprise (GB/T 9704-2012)."""

from collections.abc import Sequence

from django.utils import translation

from bihuan.foundation.documents import letters
from bihuan.foundation.kernel import answers

from . import wording
from .models import Check, Finding, Item, Officer, Part

MEDIA_TYPES = letters.MEDIA_TYPES


def notice(
    check: Check, *, parts: Sequence[Part], items: Sequence[Item], officers: Sequence[Officer], form: str
) -> bytes:
    """Return 行政检查通知书 as a file; form: `docx` or `pdf`. Items with basis, officers, what one may refuse."""
    told = answers.local(check.told_at or check.registered_at)
    assert told is not None
    approved = {one.department_id for one in parts if one.approved_at}
    bodies = "、".join(one.department.name for one in parts if one.department_id in approved) or check.department.name
    wanted = {key for one in parts if one.department_id in approved for key in one.items}
    coming = {key for one in parts if one.department_id in approved for key in one.officers}
    listed = [
        f"{n}. {one.name}（依据：{one.basis}）。" for n, one in enumerate((i for i in items if i.id in wanted), 1)
    ]
    people = "、".join(f"{one.name}（{one.certificate}）" for one in officers if one.id in coming)
    day = check.on
    paragraphs = (
        f"定于{day.year}年{day.month}月{day.day}日，由{bodies}对你单位进行一次上门检查，检查编号{check.number}。",
        "一、检查事项",
        *listed,
        "二、检查人员",
        f"{people}。检查人员应当出示执法证件，并扫你单位门口的监督码登记到达。",
        "三、你单位的权利",
        "你单位可以申请有利害关系的检查人员回避；对本通知所列以外的事项、没有执法证件的人员，可以拒绝并投诉。"
        "检查后可以匿名评价，检查单位不会知道是谁评的、怎么评的。",
        "严禁逐利检查，严禁干扰正常生产经营，严禁任性处罚和处理，严禁下达检查指标，严禁变相检查。",
    )
    return letters.draw(
        letters.Sheet(
            issuer=check.department.name,
            number=letters.number("检通", check.year, check.serial),
            title="行政检查通知书",
            addressee=check.enterprise.name,
            paragraphs=paragraphs,
            date=told.date(),
        ),
        form,
    )


def result(check: Check, *, findings: Sequence[Finding], form: str) -> bytes:
    """Return 行政检查结果告知书 as a file; form: `docx` or `pdf`."""
    reported = answers.local(check.reported_at)
    assert reported is not None
    with translation.override("zh-hans"):
        lines = [
            f"{n}. {one.item.name}：{wording.OUTCOMES[one.outcome]}" + (f"（{one.text}）" if one.text else "") + "。"
            for n, one in enumerate(findings, 1)
        ]
    paragraphs = (
        f"{check.on.year}年{check.on.month}月{check.on.day}日的检查（{check.number}）结果如下：",
        *lines,
        check.summary,
        "对结果有异议的，可以向本单位陈述、申辩。",
    )
    return letters.draw(
        letters.Sheet(
            issuer=check.department.name,
            number=letters.number("检告", check.year, check.serial),
            title="行政检查结果告知书",
            addressee=check.enterprise.name,
            paragraphs=paragraphs,
            date=reported.date(),
        ),
        form,
    )
