"""Addresses for the tests of the look: the gallery and Django's own language switch."""

from django.conf.urls.i18n import urlpatterns as language
from django.urls import include, path

urlpatterns = [path("", include("bihuan.foundation.ui.urls")), *language]
