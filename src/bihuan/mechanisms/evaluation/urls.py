"""Addresses of evaluation."""

from django.urls import path

from .views import drawing, queues, rating

app_name = "evaluation"
urlpatterns = [
    path("r/<str:token>/", rating.rate, name="rate"),
    path("evaluations/", queues.marks, name="marks"),
    path("evaluations/ratings.csv", queues.ratings, name="ratings"),
    path("evaluations/callbacks/", queues.calls, name="calls"),
    path("evaluations/callbacks/<uuid:call_id>/", queues.call, name="call"),
    path("evaluations/callbacks/<uuid:call_id>/do/<slug:action>/", queues.act_on_call, name="act_on_call"),
    path("evaluations/questions/", queues.questions, name="questions"),
    path("evaluations/questions/<uuid:question_id>/answer/", queues.answer_question, name="answer_question"),
    path("evaluations/<uuid:mark_id>/", queues.mark, name="mark"),
    path("evaluations/<uuid:mark_id>/do/<slug:action>/", queues.act_on_mark, name="act_on_mark"),
    path("draws/", drawing.draws, name="draws"),
    path("draws/<uuid:draw_id>/", drawing.draw, name="draw"),
    path("draws/<uuid:draw_id>.json", drawing.document, name="draw_document"),
]
