"""Addresses of inspections."""

from django.urls import path

from .views import checks, classes, draws, firm, leniency, lists

app_name = "inspections"
urlpatterns = [
    path("inspections/", checks.checks, name="checks"),
    path("inspections/new/", checks.new, name="new"),
    path("inspections/items/", lists.items, name="items"),
    path("inspections/mine/", firm.mine, name="mine"),
    path("inspections/door/<str:token>/", checks.door, name="door"),
    path("inspections/lists/<slug:name>/", lists.listed, name="list"),
    path("inspections/lists/<slug:name>/<uuid:listed_id>/do/<slug:action>/", lists.act, name="act_listed"),
    path("inspections/classes/", classes.classes, name="classes"),
    path("inspections/classes/rate/", classes.rate, name="rate_classes"),
    path("inspections/classes/records/", classes.record, name="enter_record"),
    path("inspections/figures/", classes.figures, name="figures"),
    path("inspections/classes/files/", classes.records, name="import_records"),
    path("inspections/classes/files/<uuid:batch_id>/", classes.batch, name="batch"),
    path("inspections/classes/<uuid:standing_id>/", classes.standing, name="class"),
    path("inspections/classes/<uuid:standing_id>/do/<slug:action>/", classes.act, name="act_class"),
    path("inspections/lenient/", leniency.lenient, name="lenient"),
    path("inspections/repairs/", leniency.repairs, name="repairs"),
    path("inspections/repairs/ask/", leniency.ask, name="ask_repair"),
    path("inspections/repairs/<uuid:repair_id>/", leniency.repair, name="repair"),
    path("inspections/repairs/<uuid:repair_id>/do/<slug:action>/", leniency.act, name="act_repair"),
    path("inspections/draws/", draws.draws, name="draws"),
    path("inspections/draws/new/", draws.new, name="new_draw"),
    path("inspections/draws/<uuid:draw_id>/", draws.draw, name="draw"),
    path("inspections/draws/<uuid:draw_id>/proof.json", draws.proof, name="proof"),
    path("inspections/draws/<uuid:draw_id>/do/<slug:action>/", draws.act, name="act_draw"),
    path("inspections/<uuid:check_id>/", checks.check, name="check"),
    path("inspections/<uuid:check_id>/rate/", firm.rate, name="rate"),
    path("inspections/<uuid:check_id>/do/<slug:action>/", checks.act, name="act"),
    path("inspections/<uuid:check_id>/<slug:what>.<slug:form>", checks.letter, name="letter"),
]
