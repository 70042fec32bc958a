"""Addresses of instruments."""

from django.urls import path

from . import views

app_name = "instruments"
urlpatterns = [
    path("instruments/", views.register, name="register"),
    path("instruments/new/", views.new, name="new"),
    path("instruments/figures/", views.figures, name="figures"),
    path("instruments/<uuid:instrument_id>/", views.instrument, name="instrument"),
    path("instruments/<uuid:instrument_id>/letter/<slug:form>/", views.letter, name="letter"),
    path("instruments/<uuid:instrument_id>/do/<slug:action>/", views.act, name="act"),
]
