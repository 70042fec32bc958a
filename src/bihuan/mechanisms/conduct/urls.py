"""Addresses of conduct lists."""

from django.urls import path

from . import views

app_name = "conduct"
urlpatterns = [
    path("conduct/", views.register, name="register"),
    path("conduct/new/", views.new, name="new"),
    path("conduct/examinations/", views.examinations, name="examinations"),
    path("conduct/examinations/<uuid:examination_id>/", views.examination, name="examination"),
    path("conduct/examinations/<uuid:examination_id>/comment/", views.comment, name="comment"),
    path("conduct/<uuid:sheet_id>/", views.sheet, name="sheet"),
    path("conduct/<uuid:sheet_id>/examine/", views.examine, name="examine"),
    path("conduct/<uuid:sheet_id>/do/<slug:action>/", views.act, name="act"),
]
