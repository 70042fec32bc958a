"""Addresses of dispatch."""

from django.urls import path

from .views import catalogue, desk, figures, returns

app_name = "dispatch"
urlpatterns = [
    path("triage/", desk.desk, name="desk"),
    path("triage/accuracy/", figures.accuracy, name="accuracy"),
    path("triage/model/", figures.model, name="model"),
    path("triage/catalogue/", catalogue.catalogue, name="catalogue"),
    path("triage/catalogue/read/", catalogue.read, name="read"),
    path("triage/catalogue/<int:number>/", catalogue.edition, name="edition"),
    path("triage/catalogue/<int:number>/export.csv", catalogue.export, name="export"),
    path("triage/catalogue/<int:number>/put-in-force/", catalogue.put_in_force, name="put_in_force"),
    path("triage/<str:number>/", desk.change, name="change"),
    path("triage/<str:number>/take/", desk.take, name="take"),
    path("objections/", returns.objections, name="objections"),
    path("objections/returns/", returns.returns, name="returns"),
]
