"""Addresses of the scoreboard."""

from django.urls import path

from . import views

app_name = "scoreboard"
urlpatterns = [
    path("scoreboard/", views.board, name="board"),
    path("scoreboard/file/<slug:form>/", views.board_file, name="file"),
    path("scoreboard/cases/", views.behind, name="behind"),
    path("scoreboard/exclusions/", views.exclusions, name="exclusions"),
    path("scoreboard/exclusions/propose/", views.propose, name="propose"),
    path("scoreboard/exclusions/<uuid:exclusion_id>/do/<slug:action>/", views.decide, name="decide"),
    path("scoreboard/editions/draft/", views.draft, name="draft"),
    path("scoreboard/editions/<uuid:edition_id>/", views.edition, name="edition"),
    path("scoreboard/editions/<uuid:edition_id>/file/<slug:form>/", views.edition_file, name="edition_file"),
    path("scoreboard/editions/<uuid:edition_id>/do/<slug:action>/", views.act, name="act"),
    path("open/<slug:region>/scoreboard/", views.public, name="public"),
    path("open/<slug:region>/scoreboard/schema.json", views.schema, name="schema"),
    path(
        "open/<slug:region>/scoreboard/<slug:period>/v<int:version>.<slug:form>", views.public_file, name="public_file"
    ),
]
