"""Addresses of the administration."""

from django.urls import path

from .views import calendars, home, people, record, rulebooks, structure, tokens

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person_new"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/correct/", people.correct, name="person_correct"),
    path("people/<uuid:person_id>/appoint/", people.appoint, name="appoint"),
    path("people/<uuid:person_id>/password/", people.password, name="person_password"),
    path("people/<uuid:person_id>/do/<slug:action>/", people.act, name="person_act"),
    path("people/<uuid:person_id>/secure/<slug:action>/", people.secure, name="person_secure"),
    path("appointments/<uuid:appointment_id>/end/", people.end, name="appointment_end"),
    path("departments/", structure.departments, name="departments"),
    path("departments/new/", structure.new_department, name="department_new"),
    path("departments/<uuid:department_id>/", structure.department, name="department"),
    path("departments/<uuid:department_id>/close/", structure.close_department, name="department_close"),
    path("departments/<uuid:department_id>/merge/", structure.merge_department, name="department_merge"),
    path("boards/", structure.boards, name="boards"),
    path("boards/new/", structure.new_board, name="board_new"),
    path("boards/<uuid:board_id>/", structure.board, name="board"),
    path("boards/<uuid:board_id>/close/", structure.close_board, name="board_close"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/import/", calendars.bring_in, name="calendar_import"),
    path("rulebooks/", rulebooks.rulebooks, name="rulebooks"),
    path("rulebooks/versions/<uuid:version_id>/", rulebooks.version, name="rulebook_version"),
    path("rulebooks/<slug:region>/", rulebooks.history, name="rulebook"),
    path("rulebooks/<slug:region>/edit/", rulebooks.edit, name="rulebook_edit"),
    path("rulebooks/<slug:region>/check/", rulebooks.check, name="rulebook_check"),
    path("record/", record.record, name="record"),
    path("record/export.<str:ending>", record.export, name="record_export"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token_revoke"),
]
