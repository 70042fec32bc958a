"""Addresses of policies."""

from django.urls import path

from .views import firms, library

app_name = "policies"
urlpatterns = [
    path("policies/", library.register, name="register"),
    path("policies/new/", library.new, name="new"),
    path("policies/mine/", firms.mine, name="mine"),
    path("policies/firms/<str:uscc>/", firms.firm, name="firm"),
    path("policies/firms/<str:uscc>/fill/", firms.fill, name="fill"),
    path("policies/clauses/<uuid:clause_id>/", library.amend, name="amend"),
    path("policies/clauses/<uuid:clause_id>/fits/", library.fits, name="fits"),
    path("policies/<uuid:policy_id>/", library.policy, name="policy"),
    path("policies/<uuid:policy_id>/clause/", library.new_clause, name="new_clause"),
    path("policies/<uuid:policy_id>/do/<slug:action>/", library.act, name="act"),
]
