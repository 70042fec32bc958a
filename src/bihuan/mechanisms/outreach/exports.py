"""What leaves as a file: sheets of codes to print, and the reminder letter."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import papers, sheets
from bihuan.foundation.kernel import answers

from .models import Code, FollowUp
from .rules import codes

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
