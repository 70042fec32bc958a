"""Addresses of key projects."""

from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("projects/", views.register, name="register"),
    path("projects/new/", views.new, name="new"),
    path("projects/<uuid:project_id>/", views.project, name="project"),
    path("projects/<uuid:project_id>/do/<slug:action>/", views.act, name="act"),
    path("projects/milestones/<uuid:milestone_id>/do/<slug:action>/", views.act_on_milestone, name="act_on_milestone"),
]
