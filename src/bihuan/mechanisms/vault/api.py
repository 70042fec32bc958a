"""REST: reports on staff and their dialogues, for everybody. The desk has no REST: clues are read on pages alone."""

from django.http import HttpResponse
from ninja import Router

from bihuan.casework.cases.api import Request
from bihuan.foundation.accounts.permissions import ANYONE, allow, unrecorded
from bihuan.foundation.kernel import answers, throttle

from . import schemas, services

router = Router(tags=["vault"])


def _sender(request: Request) -> str:
    return services.unlinkable(throttle.address_of(request))


@router.post("/vault/reports", response={201: schemas.ReportReceivedOut}, summary="Report something about staff")
@allow(ANYONE)
@unrecorded
def report_on_staff(request: Request, report: schemas.ReportIn) -> HttpResponse:
    """To discipline inspection alone. Keeps nothing of who calls, so no `Idempotency-Key`: send `once` instead."""
    throttle.count(limit=services.limit(), whom=_sender(request), now=request.now)
    found = services.report(matter=report.matter(), now=request.now)
    return answers.json(schemas.received(found), status=201)


@router.post("/vault/dialogue", response=schemas.DialogueOut, summary="Open a dialogue by its code")
@allow(ANYONE)
@unrecorded
def open_dialogue(request: Request, code: schemas.DialogueIn) -> HttpResponse:
    """What discipline inspection wrote, and what was written with this code. 404 `code_wrong` for a code of nothing."""
    found = services.thread(code=code.code, sender=_sender(request), now=request.now)
    return answers.json(schemas.dialogue(found))


@router.post("/vault/dialogue/words", response=schemas.DialogueOut, summary="Write more in a dialogue")
@allow(ANYONE)
@unrecorded
def write_in_dialogue(request: Request, word: schemas.DialogueWordIn) -> HttpResponse:
    """Add a word with the code; the same word sent twice in a row is one. 409 `ended` when it is closed."""
    found = services.say(code=word.code, text=word.text, sender=_sender(request), now=request.now)
    return answers.json(schemas.dialogue(found))
