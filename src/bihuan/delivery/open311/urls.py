"""Addresses of GeoReport v2."""

from django.urls import path, register_converter

from bihuan.delivery.open311 import views


class Form:
    """The format of an answer, at the end of an address."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """Return the format."""
        return value

    def to_url(self, value: str) -> str:
        """Return the format."""
        return value


register_converter(Form, "form")

urlpatterns = [
    path("services.<form:form>", views.list_services),
    path("services/<str:code>.<form:form>", views.show_service),
    path("requests.<form:form>", views.requests),
    path("requests/<str:number>.<form:form>", views.show_request),
    path("request/<str:number>.<form:form>", views.show_request),
]
