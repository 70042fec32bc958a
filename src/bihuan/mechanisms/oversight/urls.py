"""Addresses of oversight."""

from django.urls import path

from . import views

app_name = "oversight"
urlpatterns = [
    path("oversight/orders/", views.orders, name="orders"),
    path("oversight/orders/<uuid:order_id>/", views.order, name="order"),
    path("oversight/orders/<uuid:order_id>/letter/<slug:form>/", views.letter, name="letter"),
    path("oversight/orders/<uuid:order_id>/do/<slug:action>/", views.act, name="act"),
    path("oversight/lists/<slug:kind>/", views.entries, name="entries"),
    path("oversight/entries/<uuid:entry_id>/do/<slug:action>/", views.act_on_entry, name="act_on_entry"),
]
