"""Addresses of outreach."""

from django.urls import path

from .views import campaigns, codes, follow_ups, plans, scanning, visits

app_name = "outreach"
urlpatterns = [
    path("s/<str:token>/", scanning.scanned, name="scanned"),
    path("s/<str:token>/raise/", scanning.raise_here, name="raise_here"),
    path("outreach/codes/", codes.codes, name="codes"),
    path("outreach/codes/new/", codes.issue, name="issue"),
    path("outreach/codes/sheets.pdf", codes.sheets, name="sheets"),
    path("outreach/codes/<uuid:code_id>/", codes.code, name="code"),
    path("outreach/codes/<uuid:code_id>/do/<slug:action>/", codes.act, name="act"),
    path("outreach/visits/", visits.visits, name="visits"),
    path("outreach/visits/new/", visits.register, name="register_visit"),
    path("outreach/visits/<uuid:visit_id>/", visits.visit, name="visit"),
    path("outreach/visits/<uuid:visit_id>/report/", visits.report, name="report"),
    path("outreach/visits/<uuid:visit_id>/off/", visits.call_off, name="call_off"),
    path("outreach/visits/<uuid:visit_id>/rate/", visits.rate, name="rate_visit"),
    path("outreach/visits/<uuid:visit_id>/photos/<uuid:photo_id>.jpg", visits.photo, name="photo"),
    path("outreach/mine/", visits.mine, name="mine"),
    path("outreach/firms/", plans.firm, name="firm"),
    path("outreach/plans/", plans.plans, name="plans"),
    path("outreach/plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("outreach/teams/", plans.teams, name="teams"),
    path("outreach/campaigns/", campaigns.campaigns, name="campaigns"),
    path("outreach/campaigns/<uuid:campaign_id>/", campaigns.campaign, name="campaign"),
    path("outreach/campaigns/<uuid:campaign_id>/do/<slug:action>/", campaigns.act, name="act_campaign"),
    path("outreach/campaigns/<uuid:campaign_id>/matters/", campaigns.add_matter, name="add_matter"),
    path("outreach/campaigns/<uuid:campaign_id>/report.<slug:form>", campaigns.report, name="campaign_report"),
    path("outreach/campaigns/matters/<uuid:matter_id>/do/<slug:action>/", campaigns.act_on_matter, name="act_matter"),
    path("outreach/followups/", follow_ups.follow_ups, name="follow_ups"),
    path("outreach/followups/<uuid:follow_up_id>/", follow_ups.follow_up, name="follow_up"),
    path("outreach/followups/<uuid:follow_up_id>/do/<slug:action>/", follow_ups.act_on_follow_up, name="act_follow_up"),
    path("outreach/followups/<uuid:follow_up_id>/letter.<slug:form>", follow_ups.letter, name="letter"),
]
