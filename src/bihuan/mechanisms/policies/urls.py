"""Addresses of policies."""

from django.urls import path

from .views import delivery, firms, items, library

app_name = "policies"
urlpatterns = [
    path("policies/", library.register, name="register"),
    path("policies/new/", library.new, name="new"),
    path("policies/imports/", library.imports, name="imports"),
    path("policies/mine/", firms.mine, name="mine"),
    path("policies/firms/<str:uscc>/", firms.firm, name="firm"),
    path("policies/firms/<str:uscc>/fill/", firms.fill, name="fill"),
    path("policies/clauses/<uuid:clause_id>/", library.amend, name="amend"),
    path("policies/clauses/<uuid:clause_id>/fits/", library.fits, name="fits"),
    path("policies/clauses/<uuid:clause_id>/draw/", delivery.draw, name="draw"),
    path("policies/clauses/<uuid:clause_id>/apply/", delivery.apply, name="apply"),
    path("policies/rounds/", delivery.rounds, name="rounds"),
    path("policies/rounds/<uuid:round_id>/", delivery.round_, name="round"),
    path("policies/rounds/<uuid:round_id>/do/<slug:action>/", delivery.act_on_round, name="act_on_round"),
    path("policies/rounds/<uuid:round_id>/payments/", delivery.pay, name="pay"),
    path("policies/rounds/<uuid:round_id>/notice.<slug:form>", delivery.notice, name="notice"),
    path("policies/grants/<uuid:grant_id>/do/<slug:action>/", delivery.act_on_grant, name="act_on_grant"),
    path("services/", items.catalogue, name="catalogue"),
    path("services/new/", items.new, name="new_item"),
    path("services/<uuid:item_id>/", items.item, name="item"),
    path("services/<uuid:item_id>/do/<slug:action>/", items.act_on_item, name="act_on_item"),
    path("services/promises/<uuid:promise_id>/do/<slug:action>/", items.act_on_promise, name="act_on_promise"),
    path("policies/gaps/", delivery.gaps, name="gaps"),
    path("policies/<uuid:policy_id>/", library.policy, name="policy"),
    path("policies/<uuid:policy_id>/clause/", library.new_clause, name="new_clause"),
    path("policies/<uuid:policy_id>/do/<slug:action>/", library.act, name="act"),
]
