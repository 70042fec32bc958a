"""The short way for programs: the API and the machines' pages without the middleware that only pages need."""

from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.module_loading import import_string

PREFIXES = ("/api/", "/open311/", "/healthz", "/readyz", "/metrics")
PAGES = ("/api/v1/docs",)
"""Below the prefixes, but a page: it needs the content security policy and the reader's language."""


class LeanRequest(WSGIRequest):
    """A request that is looked up among the API's addresses alone."""

    urlconf = "bihuan.delivery.rest.urls"


class LeanHandler(WSGIHandler):
    """A WSGI application with `settings.API_MIDDLEWARE` in place of `settings.MIDDLEWARE`."""

    request_class = LeanRequest

    def load_middleware(self, is_async: bool = False) -> None:
        """Build the chain. Middleware listed there may wrap a request; it must not have `process_view` and the like."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(settings.API_MIDDLEWARE):
            handler = convert_exception_to_response(import_string(name)(handler))
        self._middleware_chain = handler


class Fork:
    """The WSGI application of the installation: programs take the short way, browsers with a session the whole one."""

    def __init__(self) -> None:
        self._lean, self._whole = LeanHandler(), WSGIHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        lean = path.startswith(PREFIXES) and not path.startswith(PAGES)
        if lean and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", ""):
            return self._lean(environ, start_response)
        return self._whole(environ, start_response)
