"""What stays on the raiser's own device: which matters its follow-up codes opened. The codes themselves are not kept.

Each is a signed cookie for the address of one matter, so that no page, log or address carries a code.
"""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role

from ..services.sending import Sent

RECEIPT = "bh-receipt"
RECEIPT_AGE = 600
"""For how many seconds a receipt page can be reloaded; the code is on the device only, never with us."""


def _name(number: str) -> str:
    return f"bh-follow-{number}"


def hold(response: HttpResponse, *, number: str, case_id: uuid.UUID) -> None:
    """Remember on the device that its owner showed the code of this matter; until the end of a working day."""
    _keep(response, _name(number), str(case_id), reverse("intake:follow", args=[number]), settings.SESSION_COOKIE_AGE)


def release(response: HttpResponse, *, number: str) -> None:
    """Forget the matter on this device."""
    response.delete_cookie(_name(number), path=reverse("intake:follow", args=[number]))


def actor_for(request: Any, number: str) -> Actor | None:
    """Return as whom the device's owner follows the matter: holder of its code, or enterprise logged in; else None."""
    kept = request.get_signed_cookie(_name(number), default="", salt=_name(number), max_age=settings.SESSION_COOKIE_AGE)
    if kept:  # signed by us, so it is an id
        return Actor(holds=uuid.UUID(kept))
    return request.actor if request.reader is not None and request.reader.has(Role.ENTERPRISE) else None


def keep_receipt(response: HttpResponse, sent: Sent, *, page: str) -> None:
    """Hand number and code over to the page that shows them, through the device alone."""
    _keep(response, RECEIPT, f"{sent.number} {sent.follow_up_code}", page, RECEIPT_AGE)


def receipt_of(request: Any) -> tuple[str, str] | None:
    """Return (number, code) of the matter just raised on this device, or None."""
    kept = request.get_signed_cookie(RECEIPT, default="", salt=RECEIPT, max_age=RECEIPT_AGE)
    number, _space, code = kept.partition(" ")
    return (number, code) if code else None


def _keep(response: HttpResponse, name: str, value: str, path: str, age: int) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=age,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
