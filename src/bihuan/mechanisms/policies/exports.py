"""What leaves as a file: the public notice of a delivery, as a letter."""

from collections.abc import Sequence
from decimal import Decimal

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.documents import letters
from bihuan.foundation.kernel import answers, errors

from . import selectors
from .models import Round

MEDIA_TYPES = letters.MEDIA_TYPES


def notice(made: Round, actor: Actor, form: str) -> bytes:
    """Return the public notice: what is given, by which rule, to whom, how much, and how to object until when.

    form: `docx` or `pdf`. Raises Conflict `not_announced` before the department has decided.
    """
    if made.reviewed_at is None or made.notice_until is None:
        raise errors.Conflict(code="not_announced")
    policy, clause = made.clause.policy, made.clause
    rows = selectors.delivery.announced(made=made, actor=actor)
    until = letters.chinese_date(answers.local_date(made.notice_until))
    sheet = letters.Sheet(
        issuer=policy.department.name,
        number=policy.code,
        title=f"关于{clause.name}拟兑现名单（{made.period}）的公示",
        addressee="各有关企业",
        paragraphs=(
            f"根据《{policy.title}》（{policy.code}），经数据比对和部门审核，拟对下列{len(rows)}家企业免于申请直接兑现"
            f"“{clause.name}”，合计{_plain(sum((amount for _name, amount in rows), Decimal(0)))}元，现予公示。"
            if clause.track == "free"
            else f"根据《{policy.title}》（{policy.code}），经审核，拟对下列{len(rows)}家企业兑现“{clause.name}”，"
            f"合计{_plain(sum((amount for _name, amount in rows), Decimal(0)))}元，现予公示。",
            f"公示期至{until}。对名单有异议的，请在公示期内向本单位书面提出。",
            "拟兑现名单",
            *_lines(rows),
        ),
        date=answers.local_date(made.reviewed_at),
    )
    return letters.draw(sheet, form)


def _lines(rows: Sequence[tuple[str, Decimal]]) -> list[str]:
    return [f"{at}．{name}，{_plain(amount)}元" for at, (name, amount) in enumerate(rows, 1)]


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
