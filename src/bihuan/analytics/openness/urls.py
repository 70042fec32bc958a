"""Addresses of openness."""

from django.urls import path

from . import views

app_name = "openness"
urlpatterns = [
    path("open/", views.regions, name="regions"),
    path("open/<slug:region>/", views.figures, name="figures"),
    path("open/<slug:region>/clues/", views.clues, name="clues"),
    path("open/<slug:region>/figures.json", views.document, name="document"),
]
