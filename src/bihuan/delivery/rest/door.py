"""The one door to every operation: language, credentials, declared permission, idempotency, run; errors as problems."""

import functools
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.operation import Operation, PathView

from bihuan.delivery.rest import callers, idempotency, languages, metrics, problems
from bihuan.foundation.accounts import permissions
from bihuan.foundation.kernel import answers, clock, errors, ids

Run = Callable[..., HttpResponse]


def entering(run: Run) -> Run:
    """Wrap the running of one operation (a bound `Operation.run`), which must declare who may use it with `@allow`.

    The operation then finds `request.auth`, the Actor who calls, and `request.now`, the instant of the request.
    """
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    allowed = operation.view_func.allowed  # type: ignore[attr-defined]
    parameters = _parameters(operation)
    keeps_answers = not getattr(operation.view_func, "unrecorded", False)

    @functools.wraps(run)
    def enter(request: Any, **path: Any) -> HttpResponse:
        request.now = clock.now()
        with translation.override(languages.choose(request, None)):
            try:
                _check_path(path)
                request.auth = actor = callers.identify(request=request, number=path.get("number"), now=request.now)
                if actor.holds is None:
                    permissions.check_allowed(allowed, actor.reader)
                translation.activate(languages.choose(request, actor.reader))
                _check_parameters(request, parameters)
                answer = _carry_out(request, path)
            except Exception as error:
                answer = answers.problem(problems.as_problem(error))
            answer["Content-Language"] = translation.get_language()
            return answer

    def _carry_out(request: Any, path: dict[str, Any]) -> HttpResponse:
        key = request.headers.get(idempotency.HEADER) if request.method == "POST" and keeps_answers else None
        if key is None:
            return run(request, **path)
        return idempotency.once(
            request=request,
            key=key,
            principal=callers.principal(request.auth, request),
            now=request.now,
            run=lambda: run(request, **path),
        )

    return enter


def frame(path_view: PathView, view: Run, route: str) -> Run:
    """Wrap the view of one address: request id, headers, wrong methods, and the measuring of time."""

    def framed(request: HttpRequest, **path: Any) -> HttpResponse:
        started = time.perf_counter()
        request_id = request.META.get("HTTP_X_REQUEST_ID", "")[:64] or ids.uuid7().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id, number=path.get("number")):
            answer = view(request, **path)
            if isinstance(answer, HttpResponseNotAllowed):
                answer = _no_such_method(request, path_view)
        answer["X-Request-ID"] = request_id
        answer["X-Content-Type-Options"] = "nosniff"
        answer.setdefault("Cache-Control", "no-store")
        # Refusals are counted, not logged one by one; what nobody foresaw has been logged with its reference.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        metrics.observe(method=request.method or "", route=route, status=answer.status_code, started=started)
        return answer

    # The door of the pages knows no tokens, so it lets everybody through to `entering`, where each operation's own
    # declaration counts; so does the check of CSRF, which only sessions need.
    framed.allowed = frozenset({permissions.ANYONE})  # type: ignore[attr-defined]
    framed.csrf_exempt = True  # type: ignore[attr-defined]
    return framed


def _parameters(operation: Operation) -> frozenset[str] | None:
    """Return the query parameters of an operation; None if it has none, and then nobody minds others."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in models for name in model.__ninja_flatten_map__) if models else None


def _check_parameters(request: HttpRequest, known: frozenset[str] | None) -> None:
    """A misspelt filter must not quietly show everything."""
    unknown = known is not None and request.GET.keys() - known - {"code"}
    if unknown:
        name = min(unknown)
        raise errors.Invalid(
            _("There is no parameter “%(name)s” here.") % {"name": name[:40]},
            code="unknown_parameter",
            field=name[:40],
            allowed=sorted(known or ()),
        )


def _check_path(path: dict[str, Any]) -> None:
    """Names and numbers in an address have no control characters; PostgreSQL would choke on a zero byte."""
    if any(isinstance(part, str) and not part.isprintable() for part in path.values()):
        raise errors.NotFound(code="unknown_address")


def _no_such_method(request: HttpRequest, path_view: PathView) -> HttpResponse:
    methods = sorted({method for operation in path_view.operations for method in operation.methods})
    with translation.override(languages.choose(request, None)):
        answer = answers.problem(answers.NoSuchMethod(allowed=methods))
    answer["Allow"] = ", ".join(methods)
    return answer
