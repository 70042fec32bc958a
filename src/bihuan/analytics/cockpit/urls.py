"""Addresses of the figures."""

from django.urls import path

from . import views

app_name = "cockpit"
urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/export/<slug:ending>/", views.export, name="export"),
]
