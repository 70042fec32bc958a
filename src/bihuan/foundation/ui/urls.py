"""Addresses of the gallery."""

from django.urls import path

from bihuan.foundation.ui import views

urlpatterns = [
    path("gallery/", views.show_gallery, name="ui_gallery"),
    path("gallery/<slug:page>/", views.show_gallery, name="ui_gallery_page"),
]
