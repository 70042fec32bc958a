"""Addresses of upward escalation."""

from django.urls import path

from . import views

app_name = "escalation"
urlpatterns = [
    path("escalations/", views.sent, name="sent"),
    path("escalations/below/", views.below, name="below"),
    path("escalations/peers/", views.peers, name="peers"),
    path("escalations/peers/<uuid:peer_id>/", views.switch, name="switch"),
    path("escalations/peers/<uuid:peer_id>/key/", views.renew, name="renew"),
    path("escalations/<uuid:thing_id>/", views.thing, name="thing"),
    path("escalations/<uuid:thing_id>/do/<slug:action>/", views.act, name="act"),
    path("escalations/send/<str:number>/", views.send, name="send"),
]
