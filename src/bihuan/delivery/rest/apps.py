"""Wiring of the REST API."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """The way in for programs."""

    name = "bihuan.delivery.rest"
    label = "rest"
