"""Addresses of the review of refusals."""

from django.urls import path

from . import views

app_name = "refusals"
urlpatterns = [
    path("refusals/", views.register, name="register"),
    path("refusals/mine/", views.mine, name="mine"),
    path("refusals/figures/", views.figures, name="figures"),
    path("refusals/panelists/", views.panelists, name="panelists"),
    path("refusals/panelists/<uuid:panelist_id>/retire/", views.retire, name="retire"),
    path("refusals/proposals/", views.proposals, name="proposals"),
    path("refusals/proposals/<uuid:proposal_id>/do/<slug:action>/", views.act_on_proposal, name="act_on_proposal"),
    path("refusals/<uuid:refusal_id>/", views.review, name="review"),
    path("refusals/<uuid:refusal_id>/do/<slug:action>/", views.act, name="act"),
]
