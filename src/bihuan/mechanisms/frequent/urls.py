"""Addresses of frequent matters."""

from django.urls import path

from . import views

app_name = "frequent"
urlpatterns = [
    path("frequent/", views.register, name="register"),
    path("frequent/<uuid:frequent_id>/", views.matter, name="matter"),
    path("frequent/<uuid:frequent_id>/do/<slug:action>/", views.act, name="act"),
]
