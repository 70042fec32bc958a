"""The login pages, and two pages that tell whether somebody is logged in."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.is_authenticated))


urlpatterns = [
    path("accounts/", include("bihuan.foundation.accounts.urls")),
    path("", home),
    path("api/v1/x", home),
]
