"""REST: what an enterprise is entitled to, and its profile."""

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers

from .. import schemas, selectors, services

router = Router(tags=["policies"])


@router.get("/enterprises/{uscc}/entitlements", response=schemas.EntitledList, summary="What an enterprise may get")
@allow(LOGGED_IN)
def list_entitlements(request: Request, uscc: str) -> HttpResponse:
    """Every open clause of its places: whether it fits, why, what is missing, and how much."""
    found = selectors.judged.entitlements(uscc=uscc, actor=request.auth, now=request.now)
    return answers.json({"items": [schemas.entitled(one) for one in found]})


@router.get("/enterprises/{uscc}/profile", response=schemas.ProfileOut, summary="What is known of an enterprise")
@allow(LOGGED_IN)
def show_profile(request: Request, uscc: str) -> HttpResponse:
    """Its profile, for itself and for offices of its place."""
    firm, found = selectors.judged.firm(uscc=uscc, actor=request.auth)
    return answers.json(schemas.profile(firm.uscc, found, firm.region))


@router.post("/enterprises/{uscc}/profile", response=schemas.ProfileOut, summary="Fill in a profile")
@allow(LOGGED_IN)
def fill_profile(request: Request, uscc: str) -> HttpResponse:
    """`values`: field → value, an empty one takes it back; `source`. Its matches follow at once."""
    body = answers.body_of(request)
    values = body.get("values")
    made = services.fill(
        uscc=uscc,
        values=values if isinstance(values, dict) else {},
        source=str(body.get("source") or ""),
        actor=request.auth,
        now=request.now,
    )
    return answers.json(schemas.profile(uscc, made, made.area))
