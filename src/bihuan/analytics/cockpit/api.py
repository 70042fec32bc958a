"""REST: the figures of the register."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers, errors

from . import permissions, presenters, rules, schemas, selectors

router = Router(tags=["figures"])


@router.get("/figures", response=schemas.FiguresOut, summary="Figures of the register")
@allow(*permissions.READERS)
def show_figures(request: Request, query: Query[schemas.FiguresQuery]) -> HttpResponse:
    """Collected, closed, achieved, overdue, by month, channel, board, tier and region; each opens its cases."""
    if query.region and query.region not in request.auth.scope().regions:
        raise errors.Invalid(
            _("There is no region of this code that you may see."), code="region_unknown", field="region"
        )
    today = answers.local_date(request.now)
    period = rules.chosen(since=query.since, until=query.until, today=today)
    found = selectors.figures(actor=request.auth, period=period, region=query.region, now=request.now)
    return answers.json(presenters.document(found))
