"""Addresses of tracking."""

from django.urls import path

from . import views

app_name = "tracking"
urlpatterns = [
    path("tracking/", views.store, name="store"),
    path("tracking/wall/", views.wall, name="wall"),
    path("tracking/open/<str:number>/", views.open_track, name="open"),
    path("tracking/<uuid:track_id>/", views.track, name="track"),
    path("tracking/<uuid:track_id>/do/<slug:action>/", views.act, name="act"),
    path("tracking/<uuid:track_id>/bulletins/<int:number>/", views.bulletin, name="bulletin"),
    path("tracking/<uuid:track_id>/bulletins/<int:number>/document/", views.bulletin_document, name="document"),
]
