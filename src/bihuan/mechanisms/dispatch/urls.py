"""Addresses of dispatch."""

from django.urls import path

from . import views

app_name = "dispatch"
urlpatterns = [
    path("objections/", views.objections, name="objections"),
    path("objections/returns/", views.returns, name="returns"),
]
