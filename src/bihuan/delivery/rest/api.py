"""The REST API, put together: every context's router behind the one door, with its OpenAPI document."""

from typing import Any, cast

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from bihuan.analytics.cockpit import api as cockpit
from bihuan.analytics.scoreboard import api as scoreboard
from bihuan.casework.cases import api as cases
from bihuan.casework.registers import api as registers
from bihuan.delivery.rest import door, languages, mine, openapi, places, problems, reference
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, errors
from bihuan.mechanisms.accountability import api as accountability
from bihuan.mechanisms.conduct import api as conduct
from bihuan.mechanisms.conference import api as conference
from bihuan.mechanisms.dispatch import api as dispatch
from bihuan.mechanisms.escalation import api as escalation
from bihuan.mechanisms.evaluation import api as evaluation
from bihuan.mechanisms.findings import api as findings
from bihuan.mechanisms.frequent import api as frequent
from bihuan.mechanisms.handovers import api as handovers
from bihuan.mechanisms.inspections import api as inspections
from bihuan.mechanisms.instruments import api as instruments
from bihuan.mechanisms.mandates import api as mandates
from bihuan.mechanisms.outreach import api as outreach
from bihuan.mechanisms.oversight import api as oversight
from bihuan.mechanisms.policies import api as policies
from bihuan.mechanisms.projects import api as projects
from bihuan.mechanisms.questionnaires import api as questionnaires
from bihuan.mechanisms.refusals import api as refusals
from bihuan.mechanisms.retrospectives import api as retrospectives
from bihuan.mechanisms.tracking import api as tracking
from bihuan.mechanisms.vault import api as vault

DESCRIPTION = """Everything the pages can do, for programs.

Errors are problem documents (RFC 9457) with a stable `code`. Lists come in pages,
`{"items": […], "next": cursor|null}`; send `next` back as `cursor`. Every POST takes an `Idempotency-Key`.
Instants are ISO 8601 with offset, regions are GB/T 2260 codes, departments are named by their `code`, enterprises by
their unified social credit code.
"""


class JsonParser(Parser):
    """Reads bodies with orjson and says plainly what is wrong with them."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the JSON object of the request."""
        return answers.body_of(request)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """Return the parameters; one that is given twice counts as a list divided by commas."""
        found: dict[str, Any] = {}
        for key in data:
            values = data.getlist(key)
            if any(isinstance(value, str) and "\x00" in value for value in values):
                raise errors.Invalid(
                    _("%(field)s: there is a zero byte in it.") % {"field": key[:40]}, code="zero_byte", field=key
                )
            found[key] = values[0] if len(values) == 1 else ",".join(map(str, values))
        return found


class JsonRenderer(BaseRenderer):
    """Writes answers with orjson."""

    media_type = answers.JSON

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the JSON text of `data`."""
        return answers.dumps(data)


class Api(NinjaAPI):
    """Ninja's API with our door before every operation and our additions to its document."""

    def operations(self) -> dict[tuple[str, str], Operation]:
        """Return (path template, method) → operation."""
        found = {}
        for bound in self._get_bound_routers():
            for route, path_view in bound.path_operations.items():
                for operation in path_view.operations:
                    for method in operation.methods:
                        found[f"{ROOT}/{route.lstrip('/')}", method] = operation
        return found

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=f"{ROOT}/", path_params=path_params)
        return openapi.complete(cast(dict[str, Any], schema), self.operations())

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of an operation: that of its function."""
        return operation.view_func.__name__

    def _get_urls(self) -> list[Any]:
        # Ninja's own pages for document and reference are replaced by ours (below).
        found = []
        for pattern in super()._get_urls():
            path_view = _path_view(pattern)
            if path_view is not None:
                route = f"/{pattern.pattern}"
                found.append(path(str(pattern.pattern), door.frame(path_view, path_view.get_view(), route)))
        return found


def _path_view(pattern: Any) -> PathView | None:
    cells = getattr(pattern.callback, "__closure__", None) or ()
    return next((cell.cell_contents for cell in cells if isinstance(cell.cell_contents, PathView)), None)


ROOT = "/api/v1"
api = Api(
    title="Bihuan",
    version="1",
    description=DESCRIPTION,
    urls_namespace="rest",
    openapi_url=None,
    docs_url=None,
    parser=JsonParser(),
    renderer=JsonRenderer(),
)
api.add_decorator(door.entering, mode="view")
problems.register(api)
api.add_router("", cases.router)
api.add_router("", registers.router)
api.add_router("", places.router)
api.add_router("", mine.router)
api.add_router("", oversight.router)
api.add_router("", instruments.router)
api.add_router("", findings.router)
api.add_router("", projects.router)
api.add_router("", mandates.router)
api.add_router("", conduct.router)
api.add_router("", frequent.router)
api.add_router("", handovers.router)
api.add_router("", evaluation.router)
api.add_router("", refusals.router)
api.add_router("", vault.router)
api.add_router("", retrospectives.router)
api.add_router("", dispatch.router)
api.add_router("", tracking.router)
api.add_router("", accountability.router)
api.add_router("", escalation.router)
api.add_router("", cockpit.router)
api.add_router("", conference.router)
api.add_router("", outreach.router)
api.add_router("", questionnaires.router)
api.add_router("", policies.router)
api.add_router("", inspections.router)
api.add_router("", scoreboard.router)


@allow(ANYONE)
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(
        orjson.dumps(api.get_openapi_schema(), option=orjson.OPT_NON_STR_KEYS), content_type=answers.JSON
    )


@allow(ANYONE)
def docs(request: HttpRequest) -> HttpResponse:
    """The reference for people, written from the OpenAPI document."""
    return reference.page(request, api.get_openapi_schema())


@allow(ANYONE)
def unknown(request: HttpRequest) -> HttpResponse:
    """Say that there is no such address, as a problem document."""
    with translation.override(languages.choose(request, None)):
        return answers.problem(errors.NotFound(_("There is no such address in this API."), code="unknown_address"))


def urls() -> list[Any]:
    """Return the addresses below /api/v1/; whatever is not known there is answered as a problem too."""
    operations, _app, _namespace = api.urls
    return [
        *operations,
        path("openapi.json", document, name="api-document"),
        path("docs", docs, name="api-docs"),
        re_path(r"^.*$", unknown, name="api-unknown"),
    ]
