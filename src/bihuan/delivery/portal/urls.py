"""Root addresses of the product."""

from django.urls import include, path

from bihuan.delivery.portal import views, views_kept

urlpatterns = [
    path("", views.home, name="home"),
    path("pulse/", views.pulse, name="pulse"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_inbox, name="inbox_read"),
    path("inbox/<uuid:notice_id>/", views.folded, name="inbox_folded"),
    path("inbox/<uuid:notice_id>/read/", views.read_one, name="inbox_read_one"),
    path("views/<slug:page>/", views_kept.views, name="views"),
    path("views/<slug:page>/keep/", views_kept.keep, name="view_keep"),
    path("views/<uuid:view_id>/drop/", views_kept.drop, name="view_drop"),
    path("display/", views.display, name="display"),
    path("administration/", include("bihuan.delivery.administration.urls")),
    path("accounts/", include("bihuan.foundation.accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("design/", include("bihuan.foundation.ui.urls")),
    path("", include("bihuan.casework.cases.urls")),
    path("", include("bihuan.casework.registers.urls")),
    path("", include("bihuan.mechanisms.intake.urls")),
    path("", include("bihuan.mechanisms.oversight.urls")),
    path("", include("bihuan.mechanisms.instruments.urls")),
    path("", include("bihuan.mechanisms.evaluation.urls")),
    path("", include("bihuan.mechanisms.refusals.urls")),
    path("", include("bihuan.mechanisms.vault.urls")),
    path("", include("bihuan.mechanisms.retrospectives.urls")),
    path("", include("bihuan.mechanisms.dispatch.urls")),
    path("", include("bihuan.mechanisms.accountability.urls")),
    path("", include("bihuan.mechanisms.tracking.urls")),
    path("", include("bihuan.mechanisms.escalation.urls")),
    path("", include("bihuan.mechanisms.conference.urls")),
    path("", include("bihuan.mechanisms.outreach.urls")),
    path("", include("bihuan.mechanisms.questionnaires.urls")),
    path("", include("bihuan.analytics.openness.urls")),
    path("", include("bihuan.analytics.cockpit.urls")),
    path("", include("bihuan.analytics.scoreboard.urls")),
    path("", include("bihuan.delivery.rest.urls")),
]
