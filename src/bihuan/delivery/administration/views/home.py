"""What each of the three administrators answers for, and what the reader finds where."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .. import duties
from ..places import ADMINS


@require_GET
@ADMINS
def home(request: Any) -> HttpResponse:
    """What the reader's kind of administrator answers for, and what the other two do."""
    return render(request, "administration/home.html", {"duties": duties.of(request.reader.roles)})
