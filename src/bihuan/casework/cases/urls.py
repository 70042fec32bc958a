"""Addresses of the register."""

from django.urls import path

from . import views
from .views import firms

app_name = "cases"
urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/batch/<slug:action>/", views.batch, name="batch"),
    path("firms/<str:uscc>/", firms.firm, name="firm"),
    path("cases/", views.register, name="register"),
    path("cases/export.<str:ending>", views.export, name="export"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/do/<slug:action>/", views.act, name="act"),
    path("cases/<str:number>/files/", views.attach, name="attach"),
    path("cases/<str:number>/files/<uuid:file_id>/", views.download, name="download"),
]
