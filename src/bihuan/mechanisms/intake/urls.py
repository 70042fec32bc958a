"""Addresses of intake."""

from django.urls import path, register_converter

from .views import codes, desk, following, raising


class NumberConverter:
    """What a case number can be made of; anything else is no address of ours."""

    regex = "[A-Za-z0-9-]{1,64}"

    def to_python(self, value: str) -> str:
        """Return the number as it is stored."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """Return the number as it is."""
        return value


register_converter(NumberConverter, "case_number")

app_name = "intake"
urlpatterns = [
    path("my/", raising.home, name="home"),
    path("raise/", raising.raise_matter, name="raise"),
    path("raise/firm/", raising.firm, name="firm"),
    path("raise/receipt/", raising.receipt, name="receipt"),
    path("q/<str:token>/", raising.raise_by_code, name="raise_by_code"),
    path("track/", following.track, name="track"),
    path("track/<case_number:number>/", following.follow, name="follow"),
    path("track/<case_number:number>/do/<slug:action>/", following.act, name="act"),
    path("track/<case_number:number>/rate/", following.judge, name="judge"),
    path("track/<case_number:number>/files/", following.attach, name="attach"),
    path("track/<case_number:number>/files/<uuid:file_id>/", following.file, name="file"),
    path("track/<case_number:number>/receipt.json", following.receipt_file, name="receipt_file"),
    path("track/<case_number:number>/leave/", following.leave, name="leave"),
    path("desk/", desk.desk, name="desk"),
    path("desk/firms/", desk.firms, name="desk_firms"),
    path("desk/beside/", desk.beside, name="desk_beside"),
    path("qr/", codes.make, name="codes"),
    path("qr/<str:token>.<slug:ending>", codes.image, name="code_image"),
    path("qr/<str:token>/", codes.sheet, name="sheet"),
]
