"""Addresses of the registers."""

from django.urls import path

from . import views

app_name = "registers"
urlpatterns = [
    path("registers/institutions/", views.institutions, name="institutions"),
    path("registers/institutions/<uuid:institution_id>/", views.institution, name="institution"),
    path(
        "registers/institutions/<uuid:institution_id>/do/<slug:action>/",
        views.act_on_institution,
        name="act_on_institution",
    ),
    path("registers/proposals/", views.proposals, name="proposals"),
    path("registers/competitions/", views.competitions, name="competitions"),
    path("registers/competitions/<uuid:competition_id>/", views.competition, name="competition"),
    path("registers/exemplars/", views.exemplars, name="exemplars"),
    path("registers/warnings/", views.warnings, name="warnings"),
    path("registers/warnings/<uuid:warning_id>/", views.warning, name="warning"),
    path("registers/library/", views.library, name="library"),
    path("registers/library/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("registers/<slug:kind>/<uuid:shelf_id>/do/<slug:action>/", views.act, name="act"),
]
