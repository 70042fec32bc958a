"""What leaves as a file: sheets of codes to print, the reminder letter, and the closing report of a campaign."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import papers, sheets
from bihuan.foundation.kernel import answers

from . import wording
from .models import Code, FollowUp
from .rules import codes
from .rules.campaigns import FIGURES
from .selectors import Chart

MEDIA_TYPES = papers.MEDIA_TYPES


def token_of(code: Code) -> str:
    """Return the signed text that the printed code carries."""
    return codes.sign(key=settings.SECRET_KEY, what=codes.CODE, ident=code.ident)


def printed(found: Iterable[Code], *, address: Callable[[str], str], a_page: int) -> bytes:
    """Return the sheets of codes as one PDF. address: token → what the code leads to; a_page: 1 or 8."""
    headings = {
        "window": _("Tell us how it was"),
        "enterprise": _("Is the environment good? You say so"),
        "card": _("Supervision card"),
    }
    small = _("Scan: raise a matter or rate. No login; nobody learns who you are.")
    return sheets.draw(
        (
            sheets.Sheet(heading=headings[one.kind], address=address(token_of(one)), place=one.place, small=small)
            for one in found
        ),
        a_page=a_page,
    )


def letter(follow_up: FollowUp, form: str) -> bytes:
    """Return a reminder letter that was sent as a file (工作提示函); form: `docx` or `pdf`. It never says who rated."""
    region = directory.region(follow_up.region)
    unit = follow_up.department.name if follow_up.department else ""
    due = answers.local(follow_up.due_at)
    sent = answers.local(follow_up.sent_at)
    lines = [follow_up.text]
    if due is not None:
        lines.append(f"请于{due:%Y年%m月%d日}前书面答复。")
    blocks = (
        papers.Block(kind="plain", text=f"{unit}："),
        papers.Block(text=f"{follow_up.place}收到不满意评价。"),
        *papers.texts(lines),
        papers.Block(kind="plain", text=f"{region.name if region else ''}　{sent:%Y年%m月%d日}" if sent else ""),
    )
    return papers.draw(papers.Paper(title="工作提示函", under=follow_up.number, blocks=blocks), form)


def campaign_report(chart: Chart, form: str, *, now: dt.datetime) -> bytes:
    """Return the closing report of a campaign as a file: goals, chart with stars, days. form: `docx` or `pdf`."""
    campaign = chart.campaign
    with translation.override("zh-hans"):
        goals = [("目标", "要求", "达到", "完成率")]
        goals += [
            (str(wording.FIGURES[one.figure]), str(one.target), str(one.reached), f"{100 * one.share:.0f}%")
            for one in chart.goals
        ]
        matters = [("攻坚事项", "责任单位", "期限", "进度", "星级")]
        matters += [
            (
                one.name,
                one.department.short_name,
                one.due_on.isoformat(),
                str(wording.MATTER_STATES[one.state]),
                "★" * len(met),
            )
            for one, met in chart.matters
        ]
        criteria = "；".join(str(wording.CRITERIA[name]) % {"days": chart.lively} for name in chart.criteria)
        days = sorted({day for counts in chart.days.values() for day in counts})
        daily = [("日期", *(str(wording.FIGURES[one]) for one in FIGURES))]
        daily += [(day.isoformat(), *(str(chart.days.get(one, {}).get(day, 0)) for one in FIGURES)) for day in days]
    span = f"{campaign.since:%Y年%m月%d日}至{campaign.until:%Y年%m月%d日}"
    under = span if campaign.state == "ended" else f"{span}（草稿，截至{answers.local_date(now):%Y年%m月%d日}）"
    blocks = [
        papers.Block(kind="heading", text="一、攻坚目标"),
        papers.Block(text=campaign.purpose),
        papers.Block(kind="table", rows=tuple(goals)),
        papers.Block(kind="heading", text="二、挂图事项"),
        papers.Block(text=f"每符合一条得一颗星，评的是事项，不评人：{criteria}。"),
        papers.Block(kind="table", rows=tuple(matters)),
        papers.Block(kind="heading", text="三、逐日进度"),
        papers.Block(kind="table", rows=tuple(daily)),
    ]
    if campaign.summary:
        blocks += [papers.Block(kind="heading", text="四、总结"), *papers.texts(campaign.summary.splitlines())]
    return papers.draw(papers.Paper(title=f"{campaign.name}总结", under=under, blocks=tuple(blocks)), form)
