"""Addresses of findings."""

from django.urls import path

from . import views

app_name = "findings"
urlpatterns = [
    path("findings/", views.register, name="register"),
    path("findings/new/", views.new, name="new"),
    path("findings/figures/", views.figures, name="figures"),
    path("findings/<uuid:finding_id>/", views.finding, name="finding"),
    path("findings/<uuid:finding_id>/do/<slug:action>/", views.act, name="act"),
]
