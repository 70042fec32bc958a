"""Addresses of the conference."""

from django.urls import path

from . import views

app_name = "conference"
urlpatterns = [
    path("conferences/", views.board, name="board"),
    path("conferences/meetings/", views.meetings, name="meetings"),
    path("conferences/call/", views.call, name="call"),
    path("conferences/consultations/", views.consultations, name="consultations"),
    path("conferences/consult/<str:number>/", views.consult_form, name="consult"),
    path("conferences/consult/<str:number>/call/", views.consult, name="convene"),
    path("conferences/decisions/", views.decisions, name="decisions"),
    path("conferences/decisions/<uuid:decision_id>/", views.decision, name="decision"),
    path("conferences/dialogues/", views.dialogues, name="dialogues"),
    path("conferences/group/", views.group, name="group"),
    path("conferences/group/appoint/", views.appoint, name="appoint"),
    path("conferences/group/<uuid:member_id>/release/", views.release, name="release"),
    path("conferences/items/<uuid:item_id>/", views.item, name="item"),
    path("conferences/<uuid:meeting_id>/", views.meeting, name="meeting"),
    path("conferences/<uuid:meeting_id>/papers/<slug:form>/", views.papers, name="papers"),
    path("conferences/<uuid:meeting_id>/notice/<slug:form>/", views.notice, name="notice"),
    path("conferences/do/<slug:kind>/<uuid:thing_id>/<slug:action>/", views.act, name="act"),
    path("dialogues/<str:region>/", views.public, name="public"),
]
