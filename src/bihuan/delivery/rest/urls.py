"""Addresses of the API and of the machines' pages; the portal includes them at the root."""

from django.urls import include, path

from bihuan.delivery.rest import api, health

urlpatterns = [
    path("api/v1/", include(api.urls())),
    path("open311/v2/", include("bihuan.delivery.open311.urls")),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.figures, name="metrics"),
]
