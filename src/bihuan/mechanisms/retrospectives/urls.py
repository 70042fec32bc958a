"""Addresses of retrospectives."""

from django.urls import path

from . import views

app_name = "retrospectives"
urlpatterns = [
    path("retrospectives/", views.register, name="register"),
    path("retrospectives/mine/", views.mine, name="mine"),
    path("retrospectives/analysis/", views.analysis, name="analysis"),
    path("retrospectives/open/", views.open_by_hand, name="open"),
    path("retrospectives/<uuid:retrospective_id>/", views.one, name="one"),
    path("retrospectives/<uuid:retrospective_id>/report/<slug:form>/", views.report, name="report"),
    path("retrospectives/<uuid:retrospective_id>/do/<slug:action>/", views.act, name="act"),
]
