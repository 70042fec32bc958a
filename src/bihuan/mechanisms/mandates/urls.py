"""Addresses of mandates."""

from django.urls import path

from . import views

app_name = "mandates"
urlpatterns = [
    path("mandates/", views.register, name="register"),
    path("mandates/new/", views.new, name="new"),
    path("mandates/mine/", views.mine, name="mine"),
    path("mandates/windows/", views.windows, name="windows"),
    path("mandates/windows/<uuid:window_id>/do/<slug:action>/", views.act_on_window, name="act_on_window"),
    path("mandates/tasks/<uuid:task_id>/do/<slug:action>/", views.act_on_task, name="act_on_task"),
    path("mandates/<uuid:mandate_id>/", views.mandate, name="mandate"),
    path("mandates/<uuid:mandate_id>/do/<slug:action>/", views.act, name="act"),
]
