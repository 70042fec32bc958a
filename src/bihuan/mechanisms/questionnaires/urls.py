"""Addresses of questionnaires."""

from django.urls import path

from .views import answering, asking, counted

app_name = "questionnaires"
urlpatterns = [
    path("a/<str:token>/", answering.answer, name="answer"),
    path("questionnaires/", asking.register, name="register"),
    path("questionnaires/mine/", answering.mine, name="mine"),
    path("questionnaires/new/", asking.new, name="new"),
    path("questionnaires/<uuid:questionnaire_id>/", asking.questionnaire, name="questionnaire"),
    path("questionnaires/<uuid:questionnaire_id>/do/<slug:action>/", asking.act, name="act"),
    path("questionnaires/<uuid:questionnaire_id>/question/", asking.question, name="question"),
    path("questionnaires/<uuid:questionnaire_id>/question/<slug:step>/", asking.step, name="step"),
    path("questionnaires/<uuid:questionnaire_id>/preview/", asking.preview, name="preview"),
    path("questionnaires/<uuid:questionnaire_id>/links.csv", asking.links, name="links"),
    path("questionnaires/<uuid:questionnaire_id>/results/", counted.results, name="results"),
    path("questionnaires/<uuid:questionnaire_id>/results/<slug:key>/<slug:by>/", counted.breakdown, name="breakdown"),
    path("questionnaires/<uuid:questionnaire_id>/statements/", counted.statements, name="statements"),
    path("questionnaires/<uuid:questionnaire_id>/statements/decide/", counted.decide, name="decide"),
    path("questionnaires/<uuid:questionnaire_id>/problems/", counted.problems, name="problems"),
    path("questionnaires/problems/<uuid:asked_problem_id>/", counted.problem, name="problem"),
    path(
        "questionnaires/problems/<uuid:asked_problem_id>/do/<slug:action>/", counted.act_on_problem, name="act_problem"
    ),
]
