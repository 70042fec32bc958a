"""Addresses of simulated accountability."""

from django.urls import path

from . import views

app_name = "accountability"
urlpatterns = [
    path("accountability/", views.register, name="register"),
    path("accountability/apply/<str:number>/", views.apply, name="apply"),
    path("accountability/signs/", views.signs, name="signs"),
    path("accountability/signs/<uuid:sign_id>/do/<slug:action>/", views.act_on_sign, name="act_on_sign"),
    path("accountability/checks/", views.checks, name="checks"),
    path("accountability/checks/<uuid:check_id>/do/<slug:action>/", views.act_on_check, name="act_on_check"),
    path("accountability/network/", views.network, name="network"),
    path("accountability/network/<uuid:point_id>/do/<slug:action>/", views.act_on_point, name="act_on_point"),
    path("accountability/hints/", views.hints, name="hints"),
    path("accountability/problems/", views.problems, name="problems"),
    path("accountability/reliefs/", views.reliefs, name="reliefs"),
    path("accountability/reliefs/<uuid:relief_id>/do/<slug:action>/", views.act_on_relief, name="act_on_relief"),
    path("accountability/reliefs/<uuid:relief_id>/letter/<slug:form>/", views.letter, name="letter"),
    path("accountability/figures/", views.figures, name="figures"),
    path("accountability/<uuid:inquiry_id>/", views.inquiry, name="inquiry"),
    path("accountability/<uuid:inquiry_id>/do/<slug:action>/", views.act, name="act"),
    path("accountability/<uuid:inquiry_id>/papers/<slug:kind>/<slug:form>/", views.paper, name="paper"),
]
