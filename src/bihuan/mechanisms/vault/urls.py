"""Addresses of the vault."""

from django.urls import path

from . import views

app_name = "vault"
urlpatterns = [
    path("report/", views.places, name="places"),
    path("report/dialogue/", views.dialogue, name="dialogue"),
    path("report/<slug:region>/", views.report, name="report"),
    path("vault/", views.desk, name="desk"),
    path("vault/views/", views.views, name="views"),
    path("vault/clues/<uuid:clue_id>/", views.clue, name="clue"),
    path("vault/clues/<uuid:clue_id>/do/<slug:action>/", views.act, name="act"),
    path("vault/identities/<uuid:request_id>/do/<slug:action>/", views.act_on_request, name="act_on_request"),
    path("vault/transfer/<str:number>/", views.transfer, name="transfer"),
]
