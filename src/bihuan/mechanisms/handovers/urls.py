"""Addresses of double hand-overs."""

from django.urls import path

from . import views

app_name = "handovers"
urlpatterns = [
    path("handovers/", views.register, name="register"),
    path("handovers/give/<str:number>/", views.give, name="give"),
    path("handovers/<uuid:handover_id>/", views.handover, name="handover"),
    path("handovers/accounts/<uuid:account_id>/do/<slug:action>/", views.act, name="act"),
]
